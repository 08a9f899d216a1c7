"""What a stop's rules are functions of."""

from dataclasses import dataclass
from decimal import Decimal

from ..model.identity import Side
from ..model.instrument import ZERO, Instrument
from ..model.ladder import Ladder
from ..model.stop.parts import USUAL_TAKER_RATE


@dataclass(frozen=True, slots=True)
class StopFacts:
    """A position, its ladder, and what is on record of its stop.

    Nothing of it is an event: however late, often or in whatever order fills become known, the same
    facts have the same stop.

    Attributes:
        side: of the position.
        entry: its average entry price; 0 if it is unknown.
        size: of the position, in base coin; 0 if it is flat.
        instrument: the contract's rules.
        ladder: the monitor's; None if it has none.
        done: the levels that have filled completely in this position.
        best: the best price of the market since the average entry last moved: the highest for a
            Buy position, the lowest for a Sell position; 0 if it is unknown. A better price of
            before says nothing of the profit over the present entry.
        fees: what the position's entries have paid in fees per unit of it, in quote coin; None if
            that is not known.
        taker_rate: what closing at the market will cost, as a part of the value.
        first: the first stop of this position, on record; None before there is one.
        tightest: the stop asked for last in this position, on record: no rule makes it looser.
            None before there is one, and after the user has changed the stop.
        tightened: whether an order of a level has filled, though another one of it may still rest,
            or a rule has tightened the stop, in this position, on record.
        trail: the distance of the trailing stop asked for in this position, on record; None
            before there is one.
    """

    side: Side
    entry: Decimal
    size: Decimal
    instrument: Instrument
    ladder: Ladder | None = None
    done: frozenset[int] = frozenset()
    best: Decimal = ZERO
    fees: Decimal | None = None
    taker_rate: Decimal = USUAL_TAKER_RATE
    first: Decimal | None = None
    tightest: Decimal | None = None
    tightened: bool = False
    trail: Decimal | None = None

    @property
    def highest(self) -> int:
        """The farthest level that has filled; 0 if none has. The market passed those before it."""
        return max(self.done, default=0)

    def level_price(self, number: int) -> Decimal | None:
        """The price of that level; None where the ladder has none such."""
        level = self.ladder and self.ladder.level(number)
        return level.price if level else None
