"""The ladder: which shares of a position are to be closed in profit, at which prices."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from .errors import LadderError
from .identity import Side
from .instrument import Instrument, given_number, plain

HUNDRED = Decimal(100)
MAX_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One take-profit.

    Attributes:
        number: 1 is the level nearest to the entry.
        price: in quote coin.
        share: percentage of the position.
    """

    number: int
    price: Decimal
    share: Decimal


def level_name(number: int, order_link_id: str) -> str:
    """``TP1``; of an order that stands for no level of the ladder, its link id."""
    return f"TP{number}" if number > 0 else order_link_id


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of a monitor, nearest first; their shares sum to exactly 100 %.

    Build a ladder with :meth:`of`, which checks it.
    """

    levels: tuple[Level, ...]

    @classmethod
    def of(cls, *levels: tuple[Decimal | str | int, Decimal | str | int]) -> "Ladder":
        """The ladder of these (price, share) pairs, nearest level first.

        Prices and shares are decimals, strings or ints, all of which are exact; floats are not.

        Raises:
            LadderError: there is no level, or there are too many; a price or share is not a
                positive number; two levels have one price; the prices do not run one way; or the
                shares do not sum to 100.
        """
        if not 1 <= len(levels) <= MAX_LEVELS:
            raise LadderError(f"a ladder has 1 to {MAX_LEVELS} levels, not {len(levels)}")
        ladder = cls(
            tuple(
                Level(number, _positive(number, "price", price), _positive(number, "share", share))
                for number, (price, share) in enumerate(levels, start=1)
            )
        )
        total = sum((level.share for level in ladder.levels), Decimal(0))
        if total != HUNDRED:
            raise LadderError(f"the shares sum to {plain(total)} %, not 100 %")
        ladder._check_prices_run_one_way()
        return ladder

    def level(self, number: int) -> Level | None:
        """The level with that number, or None."""
        for level in self.levels:
            if level.number == number:
                return level
        return None

    def check_side(
        self,
        side: Side,
        entry_price: Decimal | None = None,
        numbers: Collection[int] | None = None,
    ) -> None:
        """Checks that the levels lead away from the entry of a position of ``side``, TP1 nearest.

        Args:
            side: of the position.
            entry_price: of the position; None or 0 if it is unknown.
            numbers: the levels to compare with the entry; None for all.

        Raises:
            LadderError: the prices run the wrong way, or a level is on the losing side of
                the entry.
        """
        prices = [level.price for level in self.levels]
        if prices != sorted(prices, reverse=side is Side.SELL):
            raise LadderError(
                f"TP1 must be nearest to the entry: the prices of a {side.value} ladder must "
                f"{'fall' if side is Side.SELL else 'rise'} from level to level"
            )
        if not entry_price:
            return
        for level in self.levels:
            if numbers is not None and level.number not in numbers:
                continue
            wins = level.price > entry_price if side is Side.BUY else level.price < entry_price
            if not wins:
                raise LadderError(
                    f"TP{level.number} at {plain(level.price)} is on the losing side of the "
                    f"entry {plain(entry_price)} of a {side.value} position"
                )

    def check_instrument(self, instrument: Instrument) -> None:
        """Checks that the exchange takes orders at every price.

        Raises:
            LadderError: a price is not; trueup never rounds prices silently.
        """
        for level in self.levels:
            if why := instrument.refuses(level.price):
                raise LadderError(
                    f"TP{level.number}'s price {plain(level.price)} {why}",
                    symbol=instrument.symbol,
                )

    def _check_prices_run_one_way(self) -> None:
        prices = [level.price for level in self.levels]
        if len(set(prices)) != len(prices):
            raise LadderError("two levels have the same price")
        if prices not in (sorted(prices), sorted(prices, reverse=True)):
            raise LadderError(
                "the prices must run one way: each level farther from the entry than the one before"
            )


def _positive(number: int, name: str, value: Decimal | str | int) -> Decimal:
    return given_number(f"TP{number}'s {name}", value, LadderError)
