"""What a ladder and a stop come to at an entry, and what of them does not fit it; pure.

No contract's rules are needed: prices are as they are before they are rounded to the tick.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from ..model.errors import LadderError
from ..model.identity import Side
from ..model.instrument import BOUNDLESS, Instrument, plain
from ..model.ladder import Ladder
from ..model.stop import AnyLadder, RuleLadder, Stop
from ..model.stop.ladder_rule import LevelUnit
from .prices import EXACT, in_profit, percent_of, tighter
from .rule_ladders import resolved_ladder

_FINE = Decimal("1e-12")
"""A tick that rounds nothing that anybody writes."""


@dataclass(frozen=True, slots=True)
class AtEntry:
    """A ladder and a stop at an entry.

    Attributes:
        ladder: the ladder in prices; None where there is none, or it comes to none.
        first: where the stop starts; None where there is none, or only one that trails.
        mistakes: what does not fit, for people.
    """

    ladder: Ladder | None
    first: Decimal | None
    mistakes: tuple[str, ...]

    def __str__(self) -> str:
        """``TP1 85 % at 0.70195, TP2 15 % at 0.7089; stop at 0.66025``."""
        levels = self.ladder.levels if self.ladder else ()
        orders = [f"TP{one.number} {plain(one.share)} % at {plain(one.price)}" for one in levels]
        stop = () if self.first is None else (f"stop at {plain(self.first)}",)
        return "; ".join([*([", ".join(orders)] if orders else []), *stop])


def at_entry(
    side: Side,
    entry: Decimal,
    ladder: AnyLadder | None,
    stop: Stop | None,
    left: Collection[int] | None = None,
) -> AtEntry:
    """What a ladder and a stop come to at the entry of a position, and what does not fit it.

    Args:
        side: of the position.
        entry: its entry price.
        ladder: in prices, or by rule.
        stop: the stop beside it.
        left: the levels to compare with the entry, of a ladder in prices; None for all.

    A Buy position at 100 with a stop above it has no R:

    >>> rule = RuleLadder.of(("1", 100), unit="r")
    >>> made = at_entry(Side.BUY, Decimal(100), rule, Stop.of(price=101))
    >>> made.mistakes[1]
    'a ladder in R needs a first stop on the losing side of the entry 100: it is at 101'
    """
    first, mistakes = _first(side, entry, stop), list[str]()
    if stop is not None and stop.price is not None and not tighter(side, entry, stop.price):
        mistakes.append(
            f"the stop at {plain(stop.price)} is on the winning side of the entry {plain(entry)} "
            f"of a {side.value} position: it is set only where the market is beyond it"
        )
    prices = ladder if isinstance(ladder, Ladder) else None
    try:
        if isinstance(ladder, RuleLadder) and (first is not None or not _needs_stop(ladder)):
            prices = resolved_ladder(ladder, side, entry, first, _unruled())
        elif prices is not None:
            prices.check_side(side, entry, left)
    except LadderError as error:
        mistakes.append(error.message)
    return AtEntry(prices, first, tuple(mistakes))


def _first(side: Side, entry: Decimal, stop: Stop | None) -> Decimal | None:
    """Where the stop starts."""
    if stop is None or stop.percent is None:
        return None if stop is None else stop.price
    return EXACT.plus(in_profit(side, entry, -percent_of(entry, stop.percent)))


def _needs_stop(ladder: RuleLadder) -> bool:
    """Whether its prices depend on the first stop, which a mirror may have from its main."""
    return ladder.unit is LevelUnit.R


def _unruled() -> Instrument:
    """A contract that takes every price."""
    return Instrument("", _FINE, Decimal(1), Decimal(1), BOUNDLESS)
