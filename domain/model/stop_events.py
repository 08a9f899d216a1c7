"""What happened to the stop of a position, as values; :mod:`.events` has all other events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from .events import Event, EventKind
from .protection import PositionStop


@dataclass(frozen=True, slots=True)
class StopMoved(Event):
    """trueup set the stop, or moved it, and a read of the position has shown it there.

    Attributes:
        before: where it was; a stop that is not set where there was none.
        after: where it is.
        rule: which rule asked for it, for people.
    """

    kind: ClassVar[EventKind] = EventKind.STOP_MOVED

    before: PositionStop
    after: PositionStop
    rule: str


@dataclass(frozen=True, slots=True)
class StopMovedByOthers(Event):
    """A person, or another program, moved the stop of the position, or removed it.

    Attributes:
        before: where it was.
        after: where it was found; one that is not set where it was removed.
        stays: whether trueup leaves it there; else it is set again.
    """

    kind: ClassVar[EventKind] = EventKind.STOP_MOVED_BY_OTHERS

    before: PositionStop
    after: PositionStop
    stays: bool = False


@dataclass(frozen=True, slots=True)
class StopAdopted(Event):
    """The stop that rested at the exchange is the one that the monitor keeps from now on.

    Attributes:
        stop: where it is.
    """

    kind: ClassVar[EventKind] = EventKind.STOP_ADOPTED

    stop: PositionStop


@dataclass(frozen=True, slots=True)
class StopTakenOff(Event):
    """The monitor wants no stop any more: nothing is set or moved, and what rests stays.

    Attributes:
        rests: where the stop of the position is; None where no read says so, or it is closed.
        since: since when the position was known to lack its stop, which is over with this; None if
            it did not.
    """

    kind: ClassVar[EventKind] = EventKind.STOP_TAKEN_OFF

    rests: PositionStop | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EntriesCancelled(Event):
    """Entries that the user has named are cancelled, as a level has filled.

    Attributes:
        quantity: what of them had not filled.
        order_link_ids: theirs.
    """

    kind: ClassVar[EventKind] = EventKind.ENTRIES_CANCELLED

    quantity: Decimal
    order_link_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unprotected(Event):
    """A run ended with the position open and without a stop, though one is wanted; reported once.

    So did one whose stop closes less than the position, as an order of ours may.

    Attributes:
        since: when that run ended.
        quantity: how much of the position no stop closed then.
        why: where the stop should be, and what stood in the way.
    """

    kind: ClassVar[EventKind] = EventKind.UNPROTECTED

    since: datetime
    quantity: Decimal
    why: str = ""


@dataclass(frozen=True, slots=True)
class ProtectedAgain(Event):
    """The position has a stop again, or is closed, after an :class:`Unprotected`.

    Attributes:
        since: when it was first known to be unprotected.
        lasted: how long ago that was, by the wall clock.
    """

    kind: ClassVar[EventKind] = EventKind.PROTECTED_AGAIN

    since: datetime
    lasted: timedelta
