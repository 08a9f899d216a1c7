"""Validating's part: is the stop where its rules want it, and what has to be set?

Protection goes first: a stop that is not as it has to be is set in a round of its own, before
anything is planned for the ladder. So a ladder that cannot be applied leaves no position without
its stop.
"""

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import Operation
from ...domain.model.observation import Observation, OrdersUnread, Reading
from ...domain.model.protection import PositionStop, StopIntent, StopOrder, StopRecord
from ...domain.protection.setting import StopChange, agreed, stop_change
from ...domain.protection.stop_orders import (
    at_full_size,
    is_left_over,
    may_rest,
    operation_of,
    shrinks,
)
from ...domain.recognition.link_ids import make_stop_link_id
from ..work.findings import Findings, Result
from ..work.run import Run
from ..work.snapshot import read_snapshot
from .searching import settled_stop
from .settling import age, settle_stop

_NO_STOP = "it protects nothing any more"


def needs_stop(run: Run, found: Findings) -> StopChange | None:
    """What has to be set; None where the stop is as it has to be, or this run can do no more.

    A stop that is as it has to be is put on record as asked for.
    """
    if found.instrument is None or not run.record.position_size:
        return None
    refused = found.refusals.stops
    change = stop_change(run.record, found.instrument, refused)
    if change is None and not refused:
        run.record = agreed(run.record, found.instrument)
    return None if change is None or change.asked in refused else change


def lacks_stop(run: Run, found: Findings) -> bool:
    """Whether the position has no stop at all, and this run can set it now.

    It waits for no write to a TP order: nothing of where it belongs depends on one.
    """
    settle_stop(run)
    stop = run.record.stop
    if stop is None or stop.seen is None or stop.seen.is_set:
        return False
    change = needs_stop(run, found)
    return change is not None and not must_wait(run, change)


def must_wait(run: Run, change: StopChange) -> bool:
    """Whether an earlier request may still set the stop, to this or to something else.

    One that sets something else could undo this one by arriving later. A position without any stop
    does not wait for that.
    """
    stop = run.record.stop
    if stop is None or not stop.intents:
        return False
    newest = stop.intents[-1]
    if newest.asked == change.asked:
        return newest.status.is_sent and age(run, newest) < run.settings.grace
    return stop.seen is not None and stop.seen.is_set


def unshrunk(
    run: Run, change: StopChange | None, reading: Observation | OrdersUnread
) -> StopChange | None:
    """The change, without making an order of ours smaller while the orders are unread."""
    stop = run.record.stop
    if change is None or stop is None or isinstance(reading, Observation):
        return change
    if not shrinks(stop, change.asked):
        return change
    asked = at_full_size(stop, change.asked)
    return None if asked == stop.seen else replace(change, asked=asked)


def must_confirm(run: Run, found: Findings, change: StopChange) -> bool:
    """Whether an order of ours is to shrink, and no second read has shown the smaller position."""
    stop = run.record.stop
    is_smaller = stop is not None and shrinks(stop, change.asked)
    return is_smaller and found.shrunk_to != run.record.position_size


def await_stop(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """Reads on until no earlier request stands in the way, or its time is over.

    It reads once more at least, as a position that has shrunk needs.
    """
    found = replace(found, shrunk_to=run.record.position_size)
    reading, found = yield from read_snapshot(run, found)
    yield from settled_stop(run, reading)
    longest = run.ports.exchange.lateness.total
    tries = run.tries("the stop may still be set by an earlier request", longest)
    while _stands_in_the_way(run, found, reading):
        if not (yield from tries.another()):
            return reading, replace(found, cut_short=True)
        if not all(intent.status.is_sent for intent in _open(run)):
            run.ports.exchange.invalidate(run.key.symbol, "the stop may have been set unseen")
        reading, found = yield from read_snapshot(run, found)
        yield from settled_stop(run, reading)
    return reading, found


def _stands_in_the_way(run: Run, found: Findings, reading: Reading) -> bool:
    """Whether, by that read, an earlier request still keeps the stop from being set."""
    if not isinstance(reading, Observation | OrdersUnread):
        return False
    change = needs_stop(run, found)
    return change is not None and must_wait(run, change)


def _open(run: Run) -> tuple[StopIntent, ...]:
    return run.record.stop.intents if run.record.stop else ()


def announce_stop(run: Run, found: Findings, change: StopChange) -> Result:
    """Adds the intent of the request; the next commit makes it durable before it leaves."""
    stop = run.record.stop
    if stop is None:
        raise LookupError("no stop is on record")
    order = (stop.order or _new_order(run, stop)) if stop.is_order else None
    operation = None if order is None else operation_of(order)
    intent = _intent(run, stop, change.asked, change.rule, order, operation)
    run.record = replace(
        run.record,
        stop=replace(
            stop,
            first=change.wanted.first,
            tightened=change.wanted.tightened,
            generation=intent.generation,
            loosens=stop.loosens or change.wanted.loosens,
            order=order or stop.order,
        ),
    )
    run.put_stop(intent)
    run.decide(f"🛡️ The stop goes from {intent.before} to {change.asked}: {change.rule}")
    for note in change.wanted.notes:
        run.decide(f"💡 {note}")
        run.note(note)
    found = replace(found, sets_stop=intent.id)
    return Result("short", f"set the stop to {change.asked}", found)


def cancel_left_over(run: Run, found: Findings) -> Result | None:
    """Announces the cancel of an order of ours that is no stop any more; None where none is."""
    stop = run.record.stop
    if stop is None or stop.order is None or PositionStop() in found.refusals.stops:
        return None
    if not is_left_over(stop, run.record.position_size):
        return None
    if not stop.order.exists:
        # Nothing shows it. Once its request can take effect no more, it never was.
        if not may_rest(stop, stop.order):
            run.record = replace(run.record, stop=replace(stop, order=None))
        return None
    intent = _intent(run, stop, PositionStop(), _NO_STOP, stop.order, Operation.CANCEL)
    run.record = replace(run.record, stop=replace(stop, generation=intent.generation))
    run.put_stop(intent)
    run.decide(f"🗑️ {stop.order.order_link_id} goes: {_NO_STOP}")
    return Result("short", "cancel the order of the stop", replace(found, sets_stop=intent.id))


def _new_order(run: Run, stop: StopRecord) -> StopOrder:
    form, at_ms = run.ports.exchange.link_ids, int(run.now().timestamp() * 1000)
    digits = run.ports.randomness.digits()
    link_id = make_stop_link_id(form, run.record.role, run.key.symbol, at_ms, digits)
    order = StopOrder(link_id, limit_percent=stop.wanted.limit_percent)
    run.decide(f"🔗 Generated OrderLinkID: {order.order_link_id}")
    return order


def _intent(
    run: Run,
    stop: StopRecord,
    asked: PositionStop,
    rule: str,
    order: StopOrder | None,
    operation: Operation | None,
) -> StopIntent:
    now = run.now()
    return StopIntent(
        id=f"{run.id}-stop-{stop.generation + 1}",
        run_id=run.id,
        cycle=stop.cycle,
        generation=stop.generation + 1,
        position_index=run.ports.exchange.position_mode.position_index(run.key.side),
        asked=asked,
        rule=rule,
        before=stop.seen or PositionStop(),
        created_at=now,
        announced=run.moment(),
        until=now + run.ports.exchange.lateness.total,
        order_link_id=order.order_link_id if order else "",
        operation=operation,
    )
