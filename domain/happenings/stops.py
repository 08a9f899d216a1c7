"""What happened to the stop of a position since events were last reported: a pure function.

As with fills, what has been reported is on record, and so is what has not: a request whose effect
was read stays there until an event has reported it, whatever dies in between.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..copies import replace
from ..model.events import Event
from ..model.instrument import ZERO
from ..model.protection import ADOPTED, PositionStop, StopEnd, StopRecord
from ..model.record import MonitorRecord
from ..model.stop_events import (
    EntriesCancelled,
    ProtectedAgain,
    StopAdopted,
    StopMoved,
    StopMovedByOthers,
    StopTakenOff,
    Unprotected,
)
from ..protection.following import BY_HAND


def what_happened_to_the_stop(
    record: MonitorRecord, at: datetime
) -> tuple[tuple[Event, ...], MonitorRecord]:
    """What happened to the stop, and the record that says that it is reported.

    A stop was reported at 0.714:

    =============================  =================================================================
    on record                      events
    =============================  =================================================================
    set from 0.714 to 0.68; there  ``StopMoved``
    no request; it is at 0.7       ``StopMovedByOthers``
    set from none to 0.714; there  ``StopMovedByOthers`` to none, and ``StopMoved`` back
    no request; gone               ``StopMovedByOthers`` to none, and ``Unprotected``
    =============================  =================================================================

    Args:
        record: the record now.
        at: when the run ended.
    """
    stop = record.stop
    if stop is None:
        return (), record
    gone, stop = _cancelled(stop), replace(stop, cancelled=())
    if stop.ended is not None:
        events, record = _ended(record, stop)
        return (*gone, *events), record
    is_open = record.position_size > ZERO
    adopted = _adopted(stop) if is_open else ()
    events = (*adopted, *_moves(stop), *gone, *_protection(record, stop, at))
    moved = [one.asked for one in stop.unreported if one.cycle == stop.cycle]
    last = moved[-1] if moved else stop.reported
    reported = replace(
        stop,
        unreported=(),
        reported=(_shown(stop) or last) if is_open else None,
        reported_since=stop.unprotected_since,
    )
    return events, replace(record, stop=reported)


def _cancelled(stop: StopRecord) -> tuple[Event, ...]:
    """That entries are gone which the user has named."""
    quantity = sum([one.quantity for one in stop.cancelled], ZERO)
    names = tuple([one.order_link_id for one in stop.cancelled])
    return (EntriesCancelled(quantity, names),) if names else ()


def _adopted(stop: StopRecord) -> tuple[Event, ...]:
    """That the stop is kept which rested; said once in a position."""
    is_new = stop.source == ADOPTED and stop.reported is None
    return (StopAdopted(stop.asked),) if is_new and stop.asked else ()


def _ended(record: MonitorRecord, stop: StopRecord) -> tuple[tuple[Event, ...], MonitorRecord]:
    """That no stop is wanted any more, once; and what requests of before have set meanwhile.

    One that was adopted ends with its position, which needs no words.
    """
    events: list[Event] = [
        StopMoved(one.before, one.asked, one.rule) for one in stop.unreported if one.moves
    ]
    if stop.ended is StopEnd.ASKED:
        rests = _shown(stop) if record.position_size > ZERO else None
        events.append(StopTakenOff(rests, stop.reported_since))
    said = replace(stop, unreported=(), reported=None, reported_since=None, ended=StopEnd.SAID)
    return tuple(events), replace(record, stop=said)


def _moves(stop: StopRecord) -> Iterator[Event]:
    """By the requests that took effect, and by what no request explains."""
    was = stop.reported
    for intent in stop.unreported:
        is_same_position = intent.cycle == stop.cycle
        if was is not None and is_same_position and intent.before.unsized != was.unsized:
            yield StopMovedByOthers(was, intent.before)
        if intent.moves:
            yield StopMoved(intent.before, intent.asked, intent.rule)
        was = intent.asked if is_same_position else None
    now = _shown(stop)
    if was is None or now is None or now.unsized == was.unsized or stop.has_triggered:
        return
    is_by_hand, asked = stop.rule == BY_HAND, stop.asked
    is_as_asked = asked is not None and now.unsized == asked.unsized
    if is_as_asked and not is_by_hand:
        yield StopMoved(was, now, stop.rule)
    else:
        yield StopMovedByOthers(was, now, stays=is_as_asked and is_by_hand)


def _shown(stop: StopRecord) -> PositionStop | None:
    """Where the stop is; None where no read says so, or a request may yet explain what it says."""
    return None if stop.intents else stop.seen


def _protection(record: MonitorRecord, stop: StopRecord, at: datetime) -> Iterator[Event]:
    """Whether the position began, or ceased, to be unprotected."""
    reported, since = stop.reported_since, stop.unprotected_since
    if reported == since:
        return
    if reported is not None:
        yield ProtectedAgain(reported, max(at - reported, timedelta(0)))
    if since is not None:
        size = record.position_size
        bare = size - stop.seen.protects(size) if stop.seen else size
        yield Unprotected(since, bare, stop.problem)
