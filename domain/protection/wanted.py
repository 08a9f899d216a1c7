"""The stop that is wanted: what the rules come to."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class WantedTrailing:
    """The exchange's own trailing stop, as it is wanted.

    Attributes:
        distance: how far behind the best price, in quote coin.
        activation: the price at which it starts; None for at once.
    """

    distance: Decimal
    activation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class WantedStop:
    """What should protect a position now.

    Attributes:
        trigger: the price that triggers the stop; None where none is wanted.
        rule: why it is there, in short words for people: ``2 % from the entry``.
        trailing: the trailing stop beside it; None where none is wanted, or not yet.
        first: the first stop of the position, to be put on record; None where there is none.
        tightened: whether a level has filled or a rule has tightened the stop, to be put on record.
        loosens: whether ``trigger`` is looser than the stop on record, as the user asked for in
            words; to be journalled as such.
        notes: what people should know: a rule that does not apply, and why.
        untrailed: why the trailing stop cannot be set, one of the notes; empty if it can.
    """

    trigger: Decimal | None
    rule: str
    trailing: WantedTrailing | None = None
    first: Decimal | None = None
    tightened: bool = False
    loosens: bool = False
    notes: tuple[str, ...] = ()
    untrailed: str = ""
