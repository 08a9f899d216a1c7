"""What happened to a close that somebody commanded, as values; :mod:`..events` has all others."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from ..events import Event, EventKind
from .closing import CloseCause, CloseEnd


@dataclass(frozen=True, slots=True)
class CloseUnderWay(Event):
    """A run ended with a close of the position begun, and not at its end; reported once.

    Attributes:
        cause: who commanded it.
        by: the person's name; empty where no person did.
        quantity: what is to be closed.
        filled: what is known to be closed of it.
        why: what the rest waits for.
        share: how much of the position that is, in percent; None from before that was recorded.
        size: the position's size when a run took the command; None likewise.
    """

    kind: ClassVar[EventKind] = EventKind.CLOSE_UNDER_WAY

    cause: CloseCause
    by: str
    quantity: Decimal
    filled: Decimal
    why: str = ""
    share: Decimal | None = None
    size: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CloseEnded(Event):
    """A close that was commanded has come to its end: all is closed, a part of it, or nothing.

    Attributes:
        cause: who commanded it.
        end: how it ended.
        by: the person's name; empty where no person did.
        quantity: what was to be closed; 0 where that was refused at once.
        filled: what its orders have closed.
        why: why it is not all; or, where it is, the reason that was given for the close.
        order_link_ids: of its orders, oldest first.
        share: how much of the position was to be closed, in percent; None from before that was
            recorded.
        size: the position's size when a run took the command; None likewise.
    """

    kind: ClassVar[EventKind] = EventKind.CLOSE_ENDED

    cause: CloseCause
    end: CloseEnd
    by: str
    quantity: Decimal
    filled: Decimal
    why: str = ""
    order_link_ids: tuple[str, ...] = ()
    share: Decimal | None = None
    size: Decimal | None = None
