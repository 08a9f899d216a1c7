"""The stop: where the stop-loss of a monitor is, and by which rules it moves."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Self, TypeVar

from ..errors import StopError
from ..identity import Side
from ..instrument import Instrument, plain
from ..ladder import Ladder
from .choices import OnCrossed, StopForm, TriggerBy
from .entries import CancelEntries
from .given import Number, level_number, percentage, positive
from .parts import Breakeven, Trailing

_Word = TypeVar("_Word", bound=StrEnum)
_Part = TypeVar("_Part", Breakeven, Trailing, CancelEntries)


@dataclass(frozen=True, slots=True)
class Stop:
    """The stop of a monitor, as the user wants it. Where several rules apply, the tightest wins.

    A stop tightens by rule and never loosens by rule, but where ``follow_average`` asks for it.
    Build a stop with :meth:`of`, which checks it.

    Attributes:
        price: the first stop at a fixed price, in quote coin; or None.
        percent: the first stop in percent from the average entry; or None.
        breakeven: when the stop goes to the entry; None for never.
        moving_target: how many targets the stop follows behind: 1 is breakeven after TP1, TP1's
            price after TP2, and so on. None for not at all.
        behind_target: how far behind the level that was reached last, in percent of its price;
            None for not at all.
        trailing: the exchange's own trailing stop beside it; None for none.
        form: what the stop is at the exchange.
        trigger_by: which price triggers it.
        on_crossed: what happens where the market is already past the stop that is wanted.
        follow_average: whether a stop in percent follows the average entry both ways, until a
            level has filled or a rule has tightened the stop.
        close_after: the position is closed this long after trueup saw it first, as the exchange
            does not say when it was opened; None for never.
        cancel_entries: entries that are cancelled once a level has filled; None for none.
        limit_percent: the stop that is an order is a limit order, whose price is so many per cent
            of the trigger behind it, on the losing side; None for a market order.
    """

    price: Decimal | None = None
    percent: Decimal | None = None
    breakeven: Breakeven | None = None
    moving_target: int | None = None
    behind_target: Decimal | None = None
    trailing: Trailing | None = None
    form: StopForm = StopForm.POSITION
    trigger_by: TriggerBy = TriggerBy.LAST
    on_crossed: OnCrossed = OnCrossed.ALERT
    follow_average: bool = False
    close_after: timedelta | None = None
    cancel_entries: CancelEntries | None = None
    limit_percent: Decimal | None = None

    @classmethod
    def of(  # noqa: PLR0913 - one argument for each setting, by its name
        cls,
        *,
        price: Number | None = None,
        percent: Number | None = None,
        breakeven: Breakeven | None = None,
        moving_target: int | None = None,
        behind_target: Number | None = None,
        trailing: Trailing | None = None,
        form: StopForm | str = StopForm.POSITION,
        trigger_by: TriggerBy | str = TriggerBy.LAST,
        on_crossed: OnCrossed | str = OnCrossed.ALERT,
        follow_average: bool = False,
        close_after: timedelta | None = None,
        cancel_entries: CancelEntries | None = None,
        limit_percent: Number | None = None,
    ) -> Self:
        """The stop of these settings; each is as the attribute says.

        Numbers are decimals, strings or ints, all of which are exact; floats are not. Words may be
        given as text.

        Raises:
            StopError: there is no first stop, or two; a number is not sensible; two settings
                contradict each other.
        """
        stop = cls(
            positive("the stop's price", price),
            percentage("the stop's percent", percent),
            _checked(Breakeven, breakeven),
            level_number("moving_target", moving_target),
            percentage("behind_target", behind_target),
            _checked(Trailing, trailing),
            _word("form", StopForm, form),
            _word("trigger_by", TriggerBy, trigger_by),
            _word("on_crossed", OnCrossed, on_crossed),
            follow_average,
            close_after,
            _checked(CancelEntries, cancel_entries),
            percentage("limit_percent", limit_percent),
        )
        for mistake in stop._mistakes():
            raise StopError(mistake)
        return stop

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels that its rules wait for."""
        waits = (
            self.breakeven and self.breakeven.after_level,
            self.moving_target,
            self.trailing and self.trailing.after_level,
            self.cancel_entries and self.cancel_entries.after_level,
        )
        return tuple(level for level in waits if level)

    def check_symbol(self, symbol: str) -> None:
        """Checks that it names no orders of trueup's own among the entries of this symbol.

        Raises:
            StopError: it does.
        """
        if self.cancel_entries is not None:
            self.cancel_entries.check_symbol(symbol)

    def check_side(
        self, side: Side, entry_price: Decimal | None = None, market: Decimal | None = None
    ) -> None:
        """Checks a fixed price against the entry of a position of ``side``.

        A stop limits a loss: below the entry of a Buy position, above that of a Sell position. On
        the other side it locks a profit in, which a trader may want as well, but only where the
        market is beyond it: then the price passes. Elsewhere it is a mistake, mostly of the side,
        and would close the position at once.

        Args:
            side: of the position.
            entry_price: of the position; None or 0 if it is unknown.
            market: the price that triggers stops now; None or 0 if it is unknown.

        Raises:
            StopError: the price is on the winning side of the entry, and the market is not known
                to be beyond it.
        """
        if self.price is None or not entry_price:
            return
        loses, locks = (
            (self.price < entry_price, market and self.price < market)
            if side is Side.BUY
            else (self.price > entry_price, market and self.price > market)
        )
        if not loses and not locks:
            raise StopError(
                f"the stop at {plain(self.price)} is not on the losing side of the entry "
                f"{plain(entry_price)} of a {side.value} position, nor is the market beyond it"
            )

    def check_levels(self, count: int) -> None:
        """Checks that a ladder of so many levels has those that the rules wait for.

        Raises:
            StopError: it has not.
        """
        for level in self.levels:
            if level > count:
                raise StopError(
                    f"a rule of the stop waits for TP{level}, but the ladder has {count} "
                    f"{'level' if count == 1 else 'levels'}"
                )

    def check_ladder(self, side: Side, ladder: Ladder) -> None:
        """Checks the stop against the ladder beside it, for a position of ``side``.

        Raises:
            StopError: a rule waits for a level that the ladder has not; or the price is beyond
                every level, on the winning side of any entry.
        """
        self.check_levels(len(ladder.levels))
        last = ladder.levels[-1].price
        if self.price is not None and not _behind(side, self.price, last):
            raise StopError(
                f"the stop at {plain(self.price)} is beyond every level of the {side.value} "
                f"ladder: it belongs on the other side of the entry"
            )

    def check_instrument(self, instrument: Instrument) -> None:
        """Checks that the exchange takes a stop at every price of it.

        Raises:
            StopError: a price or the trailing distance is not taken; trueup never rounds prices
                of a user silently.
        """
        trailing = self.trailing or Trailing()
        for name, price in (("the stop's price", self.price), ("activation", trailing.activation)):
            if price is not None and (why := instrument.refuses(price)):
                raise StopError(f"{name} {plain(price)} {why}", symbol=instrument.symbol)
        if trailing.distance is not None and trailing.distance % instrument.tick:
            raise StopError(
                f"trailing's distance {plain(trailing.distance)} is not a multiple of the tick "
                f"size {plain(instrument.tick)}",
                symbol=instrument.symbol,
            )

    def _mistakes(self) -> Iterator[str]:
        trails = self.trailing is not None and self.trailing.from_the_start
        if self.price is not None and self.percent is not None:
            yield "a stop starts at a price or at a percent from the entry, not at both"
        if self.price is None and self.percent is None and not trails:
            yield (
                "a stop needs a price or a percent to start from, or a trailing stop that starts "
                "at once: else the position has none at first"
            )
        if self.follow_average and self.percent is None:
            yield "follow_average needs a percent: nothing else is reckoned from the average entry"
        if self.trailing is not None and self.form is StopForm.ORDER:
            yield (
                "a trailing stop is the position's own at the exchange: the form must be position"
            )
        if self.limit_percent is not None and self.form is StopForm.POSITION:
            yield (
                "limit_percent needs the form order: the position's own stop is a market order at "
                "the exchange"
            )
        if self.close_after is not None and self.close_after <= timedelta(0):
            yield "close_after must be longer than nothing"


def _behind(side: Side, price: Decimal, other: Decimal) -> bool:
    """Whether a position of ``side`` reaches the price before the other, on its way to a gain."""
    return price < other if side is Side.BUY else price > other


def _word(name: str, kind: type[_Word], given: str) -> _Word:
    try:
        return kind(given)
    except ValueError:
        raise StopError(f"{name} is {' or '.join(kind)}, not {given!r}") from None


def _checked(kind: type[_Part], part: _Part | None) -> _Part | None:
    """The part, checked though it may have been made without :meth:`of`."""
    if part is None:
        return None
    if not isinstance(part, kind):
        raise StopError(f"{part!r} is no {kind.__name__}")
    return kind.of(**asdict(part))
