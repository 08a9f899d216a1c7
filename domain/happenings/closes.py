"""What became of a close since events were last reported: a pure function of the record."""

from ..copies import replace
from ..model.close.closing import OPEN, CloseEnd, Closing
from ..model.close.events import CloseEnded, CloseUnderWay
from ..model.events import Event
from ..model.record import MonitorRecord


def what_became_of_closes(record: MonitorRecord) -> tuple[tuple[Event, ...], MonitorRecord]:
    """The events of the monitor's closes, and the record that says that they are reported.

    That one is under way is reported once, and how it ended; of one that ends in the run that took
    it, only that.
    """
    closes, last = record.closing, record.closing.last
    waiting = (*closes.unreported, *((last,) if last is not None else ()))
    events = tuple([_event(each) for each in waiting if each.reported != each.stage])
    if not events:
        return (), record
    said = None if last is None else replace(last, reported=last.stage)
    return events, replace(record, closing=replace(closes, last=said, unreported=()))


def _event(closing: Closing) -> Event:
    command = closing.command
    if closing.stage == OPEN or closing.end is None:
        return CloseUnderWay(
            command.cause,
            command.by,
            closing.quantity,
            closing.filled,
            closing.detail,
            command.share,
            closing.size,
        )
    is_done = closing.end is CloseEnd.DONE
    return CloseEnded(
        command.cause,
        closing.end,
        command.by,
        closing.quantity,
        closing.filled,
        command.reason if is_done else closing.detail,
        closing.link_ids,
        command.share,
        closing.size,
    )
