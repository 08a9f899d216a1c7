"""Validating's part: has somebody commanded a close, and what does it still ask for?

A close goes before everything else: who commands it wants to be out. While it is not known what a
request of it did, no other is made and the ladder waits; the stop does not.
"""

from decimal import Decimal

from ...domain.closing.deadline import is_due, milliseconds_of, wanted_deadline
from ...domain.closing.going_on import next_quantity, of_position
from ...domain.closing.taking import taken
from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.close.closing import CloseCause, CloseCommand, Closing
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, Instrument, plain
from ...domain.model.intent import IntentStatus
from ...domain.model.observation import Observation, Reading
from ...domain.model.record import OwnedStatus
from ...domain.model.stop import OnCrossed
from ...domain.planning.plan import Cancel, Plan
from ...domain.tracking.settling import NOT_DONE
from ..work.close.apart import apart_of
from ..work.close.requests import announce_close, await_closes, open_closes, put_closing
from ..work.findings import Findings, Result
from ..work.intents import announce_cancels
from ..work.run import Run
from ..work.snapshot import read_snapshot

UNKNOWN = "what a request to close the position did is not known yet"
_NO_ROOM = "it leaves no room for the close of the position"
_UNTIMED = "a deadline is over, if the exchange's clock says so too"
_STALE = "the position is not shown yet without what was closed"


def settle_closes(run: Run) -> Flow[Decimal | None]:
    """Looks up what open requests did, before a read that is to show it.

    Returns:
        The size from which something was closed; None where nothing was.
    """
    waiting = open_closes(run)
    if not waiting:
        return None
    before = _filled(run)
    yield from await_closes(run)
    return waiting[-1].covered if _filled(run) != before else None


def read_for_closes(
    run: Run, found: Findings, reading: Reading, before: Decimal | None
) -> Flow[tuple[Reading, Findings]]:
    """Reads on where a close cannot be decided on by the read.

    That is so while it shows the position as it was before a part of it was closed: reads lag. What
    else has moved the position meanwhile may hide that, for no longer than they do. And a deadline
    that is over by the wall clock is asked of the exchange's, which a live view does not tell.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        before: the position's size before a part of it was closed; None where nothing was.
    """
    if before is not None:
        reading, found = yield from _shown_closed(run, found, reading, before)
    is_timed = not isinstance(reading, Observation) or reading.read_ms
    if not is_timed and is_due(run.record, milliseconds_of(run.now())):
        run.ports.exchange.invalidate(run.key.symbol, _UNTIMED)
        reading, found = yield from read_snapshot(run, found)
    return reading, found


def _shown_closed(
    run: Run, found: Findings, reading: Reading, before: Decimal
) -> Flow[tuple[Reading, Findings]]:
    tries = run.tries(_STALE, run.ports.exchange.lateness.reads)
    while (yield from tries.another()):
        if not isinstance(reading, Observation) or run.record.position_size != before:
            break
        run.ports.exchange.invalidate(run.key.symbol, _STALE)
        reading, found = yield from read_snapshot(run, found)
    return reading, found


def close_first(run: Run, found: Findings, reading: Observation) -> tuple[Findings, Result | None]:
    """The result of Validating where a close has to be sent, or room made for it; else None.

    Where nobody can say whether the position is the one that was meant, nothing is closed.
    """
    closing, instrument = _to_go_on(run, found, reading), found.instrument
    if closing is None or instrument is None or found.no_close:
        return found, None
    if _is_in_vain(run, found, closing):
        return replace(found, no_close=True), None
    if found.close_room and (made := _make_room(run, found)) is not None:
        return made.found, made
    quantity = next_quantity(closing, run.record.position_size, instrument)
    intent = announce_close(run, closing, quantity)
    found = replace(found, closes=intent.id, closed_before=closing.filled)
    size = plain(run.record.position_size)
    return found, Result("short", f"close {plain(quantity)} of {size}", found)


def end_closes(run: Run, found: Findings, reading: Observation) -> None:
    """Ends what is open, and what was commanded meanwhile, once the position is flat."""
    _to_go_on(run, found, reading)
    if run.record.closing.deadline is not None:
        run.record = replace(run.record, closing=replace(run.record.closing, deadline=None))


def _to_go_on(run: Run, found: Findings, reading: Observation) -> Closing | None:
    """The close that has to go on, a new one where somebody has commanded it; None for none."""
    if open_closes(run) or found.unsure:
        return None
    record, closing = run.record, run.record.closing.open
    if closing is not None:
        put_closing(run, of_position(closing, record.cycle, record.position_size))
    for command in run.ports.commands:
        is_new = command.number > run.record.closing.taken
        if is_new and run.record.closing.open is None and found.instrument is not None:
            _begin(run, command, found.instrument, reading)
    own = _by_stop(run, found) or _by_deadline(run, reading)
    if run.record.closing.open is None and own is not None and found.instrument is not None:
        _begin(run, own, found.instrument, reading)
    return run.record.closing.open


def _by_deadline(run: Run, reading: Observation) -> CloseCommand | None:
    """The close that the stop asks for after some time; None before that, and once it has begun."""
    record, stop = run.record, run.record.stop
    if not record.position_size or stop is None:
        return None
    position = reading.position(run.key.symbol, run.key.side)
    deadline = wanted_deadline(record, position.updated_ms, reading.read_ms)
    if deadline != record.closing.deadline:
        record = run.record = replace(record, closing=replace(record.closing, deadline=deadline))
    if not is_due(record, reading.read_ms):
        return None
    why = f"the position has been open for {stop.wanted.close_after}"
    return CloseCommand(CloseCause.DEADLINE, record.cycle, reason=why)


def _by_stop(run: Run, found: Findings) -> CloseCommand | None:
    """The close that the stop asks for, as the market is past it; None where it asks for none.

    A run closes so once: what is left of that is the next one's.
    """
    stop = run.record.stop
    is_asked = stop is not None and stop.wanted.on_crossed is OnCrossed.CLOSE
    if stop is None or not is_asked or not run.record.wants_stop or apart_of(run, Operation.CLOSE):
        return None
    if stop.has_triggered:
        why = "the stop has triggered, and its limit order rests unfilled"
        return CloseCommand(CloseCause.CROSSED, run.record.cycle, reason=why)
    crossed = [one for one in run.stops_done if one.asked in found.refusals.stops]
    if not found.refusals.crossed or not crossed:
        return None
    last = crossed[-1]
    why = f"the market was past the stop at {last.asked}, {last.rule}"
    return CloseCommand(CloseCause.CROSSED, last.cycle, reason=why)


def _begin(run: Run, command: CloseCommand, instrument: Instrument, reading: Observation) -> None:
    """Puts a command on record as taken, with what it comes to for the position as it is."""
    record, key = run.record, run.key
    market = reading.position(key.symbol, key.side).mark_price
    size = record.position_size
    closing = taken(command, record.cycle, size, market, instrument, run.now())
    number = max(record.closing.taken, command.number)
    kept = replace(record.closing.with_new(closing), taken=number)
    if command.cause is CloseCause.DEADLINE and kept.deadline is not None:
        kept = replace(kept, deadline=replace(kept.deadline, is_over=True))
    run.record = replace(record, closing=kept)
    what = f"{plain(closing.quantity)} of {plain(size)}" if closing.is_open else closing.detail
    run.decide(f"🚪 Close {command}: {what}")


def _is_in_vain(run: Run, found: Findings, closing: Closing) -> bool:
    """Whether the last request of this run has closed nothing: the book is too thin for now."""
    own = [one for one in apart_of(run, Operation.CLOSE) if one.run_id == run.id]
    if not own or found.closed_before is None or own[-1].status is not IntentStatus.RESOLVED:
        return False
    return own[-1].detail != NOT_DONE and closing.filled == found.closed_before


def _make_room(run: Run, found: Findings) -> Result | None:
    """Cancels the TP orders, where the exchange counts them against the close; None without any."""
    rest = [order for order in run.record.orders if order.status is OwnedStatus.OPEN]
    if not rest:
        return None
    plan = Plan(cancels=tuple([Cancel(order, _NO_ROOM) for order in rest]))
    found = announce_cancels(run, replace(found, plan=plan), plan)
    return Result("drifted", f"orders to cancel: {len(rest)}", found)


def _filled(run: Run) -> Decimal:
    last = run.record.closing.last
    return last.filled if last else ZERO
