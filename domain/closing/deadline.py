"""The deadline of a position: since when it counts, and whether it is over; pure.

Bybit's ``createdTime`` is that of the first position of the symbol ever, not of the one that is
open (docs/v5/position/position.mdx). So the time counts from the last change that the position had
when a run saw it first: that is no earlier than when it was opened, and nothing closes too early.
"""

from datetime import datetime, timedelta

from ..model.close.closing import Deadline
from ..model.record import MonitorRecord

_MILLISECOND = timedelta(milliseconds=1)


def wanted_deadline(record: MonitorRecord, updated_ms: int, read_ms: int) -> Deadline | None:
    """The deadline as it is to be on record; None where the stop asks for none.

    Args:
        record: of a monitor whose position is open.
        updated_ms: when the exchange last changed the position; 0 if that is not known.
        read_ms: when it was read, by the exchange's clock; 0 if that is not known.
    """
    if record.stop is None or not record.wants_stop or record.stop.wanted.close_after is None:
        return None
    known, since_ms = record.closing.deadline, updated_ms or read_ms
    if known is not None and known.cycle == record.cycle:
        return known
    return Deadline(record.cycle, since_ms) if since_ms else None


def is_due(record: MonitorRecord, at_ms: float) -> bool:
    """Whether the position has been open for as long as it may, and nothing has been done for it.

    Args:
        record: with its deadline.
        at_ms: now, by the exchange's clock, epoch milliseconds.
    """
    deadline, stop = record.closing.deadline, record.stop
    if deadline is None or deadline.is_over or deadline.cycle != record.cycle:
        return False
    if stop is None or not record.wants_stop:
        return False
    after = stop.wanted.close_after
    return after is not None and at_ms >= deadline.since_ms + after / _MILLISECOND


def milliseconds_of(at: datetime) -> float:
    """A time as epoch milliseconds."""
    return at.timestamp() * 1000
