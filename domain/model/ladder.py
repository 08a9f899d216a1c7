"""The ladder: which shares of a position are to be closed in profit, at which prices."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from .errors import LadderError
from .identity import Side
from .instrument import ZERO, Instrument, given_number, plain

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
class Withheld:
    """What the ladder asks for, and no order is placed for, or moved to its price.

    The market has passed that price; or it is the runner, which has none.

    Attributes:
        level: of the ladder; 0 is the runner.
        price: of the level; 0 for the runner.
        quantity: in base coin.
        why: what follows from it, for people.
    """

    level: int
    price: Decimal
    quantity: Decimal
    why: str

    @property
    def is_runner(self) -> bool:
        """Whether it is the runner's part: no price of the market brings it an order."""
        return not self.level

    def __str__(self) -> str:
        """``TP1's 85 at 0.66 waits: the market has passed that price``."""
        if self.is_runner:
            return f"the runner's {plain(self.quantity)} {self.why}"
        return f"TP{self.level}'s {plain(self.quantity)} at {plain(self.price)} {self.why}"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels of a monitor, nearest first; with the runner's, their shares sum to 100 % exactly.

    Build a ladder with :meth:`of`, which checks it.
    """

    levels: tuple[Level, ...]

    @property
    def runner(self) -> Decimal:
        """The percentage of the position that no level closes, but the trailing stop; 0 for none.

        It is what the levels leave of 100 %.
        """
        return runner_of(level.share for level in self.levels)

    @classmethod
    def of(
        cls,
        *levels: tuple[Decimal | str | int, Decimal | str | int],
        runner: Decimal | str | int = 0,
    ) -> "Ladder":
        """The ladder of these (price, share) pairs, nearest level first.

        Prices and shares are decimals, strings or ints, all of which are exact; floats are not.

        A runner is a last level without a price: it has no order, and is left to the trailing stop
        of the position. The stop beside such a ladder must trail.

        >>> ladder = Ladder.of((102, 50), (104, 30), runner=20)
        >>> len(ladder.levels), str(ladder.runner)
        (2, '20')

        Args:
            levels: price and percentage of each.
            runner: the runner's percentage; 0 for none.

        Raises:
            LadderError: there is no level, or there are too many; a price or share is not a
                positive number; two levels have one price; the prices do not run one way; or the
                shares, the runner's among them, do not sum to 100.
        """
        if not 1 <= len(levels) <= MAX_LEVELS:
            raise LadderError(f"a ladder has 1 to {MAX_LEVELS} levels, not {len(levels)}")
        ladder = cls(
            tuple(
                Level(number, _positive(number, "price", price), _positive(number, "share", share))
                for number, (price, share) in enumerate(levels, start=1)
            )
        )
        check_shares((level.share for level in ladder.levels), runner)
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


def runner_of(shares: Iterable[Decimal]) -> Decimal:
    """What levels with these percentages leave to the trailing stop, in percent."""
    return HUNDRED - sum(shares, ZERO)


def check_shares(shares: Iterable[Decimal], runner: Decimal | str | int) -> None:
    """Checks that the percentages of the levels and the runner are the whole position.

    Raises:
        LadderError: they are not; or the runner's is no exact number, or below 0.
    """
    last = given_number("the runner's share", runner, LadderError, zero=True)
    total = sum(shares, last)
    if total != HUNDRED:
        of_it = f", the runner's {plain(last)} % among them" if last else ""
        raise LadderError(f"the shares sum to {plain(total)} %, not 100 %{of_it}")


def _positive(number: int, name: str, value: Decimal | str | int) -> Decimal:
    return given_number(f"TP{number}'s {name}", value, LadderError)
