"""Placing's part: sends the request that sets the stop, and reads back what came of it.

A reply is only an acknowledgement, and 34040 ("not modified") proves nothing: the position's row
says where the stop is. A request that is repeated does no harm.
"""

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import CancelOrder, Operation
from ...domain.model.intent import IntentStatus
from ...domain.model.observation import Observation, OrdersUnread
from ...domain.model.outcomes import (
    Accepted,
    Held,
    OutcomeClass,
    Refused,
    Retry,
    Unsure,
    WriteOutcome,
)
from ...domain.model.protection import (
    AmendStop,
    PlaceStop,
    SetStop,
    StopCommand,
    StopIntent,
    StopOrder,
    StopRecord,
)
from ...domain.protection.setting import with_stop_asked
from ..work import calls
from ..work.findings import NOTHING_REFUSED, Findings, Refusals, Result
from ..work.run import Run
from ..work.snapshot import read_snapshot
from ..work.waiting import paused
from .searching import believe_order, give_up_order, search_order, settled_stop

_NOT_IN_VAIN = frozenset({IntentStatus.CONFIRMED, IntentStatus.HELD})
_AGAIN = "the stop was asked for: what else is to do is planned by a read after it"


def send_stop(run: Run, found: Findings) -> Flow[Result]:
    """Sends the announced request, and reads until its effect is shown or the grace time is over.

    Then the run validates again, by that read: whatever became of the stop, the ladder goes on.
    """
    intent, since = announced_stop(run, found), run.moment()
    if intent is not None:
        intent = replace(intent, announced=run.moment())
        run.put_stop(intent)
        outcome = yield from calls.set_stop(run, _command(run, intent), intent.order_link_id)
        found = found.refused(_apply(run, intent, outcome, reread=found.rules_reread))
        yield from _search(run, intent, outcome)
        found = yield from _read_back(run, found, intent)
        found = found.refused(_in_vain(run, intent))
    if not run.may_go_round(found):
        run.note("actions left for the next run: the ladder")
        why = f"the run has used up its {run.used_up(found)}"
        if found.refusals.key_refused:
            why = "the account's key was refused"
        return Result("placed", why, replace(found, unplanned=True))
    found = yield from paused(run, found.next_round(), run.moment() - since)
    return Result("overtaken", _AGAIN, found)


def announced_stop(run: Run, found: Findings) -> StopIntent | None:
    """The request that Validating has announced since Placing was entered last; None for none."""
    stop = run.record.stop
    waiting = stop.intents if stop else ()
    return next((one for one in waiting if one.id == found.sets_stop), None)


def _command(run: Run, intent: StopIntent) -> StopCommand:
    stop = run.record.stop
    if stop is None:
        raise LookupError(f"intent {intent.id} is for a stop that is not on record")
    if intent.operation is not None and stop.order is not None:
        return _order_command(run, stop, stop.order, intent)
    return SetStop(
        run.key.symbol,
        intent.position_index,
        intent.asked,
        intent.before,
        stop.wanted.trigger_by,
    )


def _order_command(run: Run, stop: StopRecord, order: StopOrder, intent: StopIntent) -> StopCommand:
    symbol, asked, by = run.key.symbol, intent.asked, stop.wanted.trigger_by
    if intent.operation is Operation.CANCEL:
        return CancelOrder(symbol, order.order_id, order.order_link_id)
    if intent.operation is Operation.AMEND:
        ids = order.order_id, order.order_link_id
        return AmendStop(symbol, *ids, asked.price, asked.quantity, by, asked.limit)
    return PlaceStop(
        symbol,
        run.key.side,
        asked.price,
        asked.quantity,
        order.order_link_id,
        intent.position_index,
        by,
        asked.limit,
    )


def _search(run: Run, intent: StopIntent, outcome: WriteOutcome) -> Flow[None]:
    """Finds out what the exchange means by "no such order", or by "this link id is taken"."""
    if intent.operation is None or not isinstance(outcome, Refused):
        return
    if outcome.kind not in (OutcomeClass.ALREADY_GONE, OutcomeClass.DUPLICATE_LINK_ID):
        return
    stop, lag = run.record.stop, run.ports.exchange.lateness.reads
    if stop is None or stop.order is None:
        return
    run.record = replace(run.record, stop=replace(stop, order=replace(stop.order, is_listed=False)))
    is_nowhere = yield from search_order(run, patience=lag)
    if is_nowhere and outcome.kind is OutcomeClass.ALREADY_GONE:
        give_up_order(run)
    elif is_nowhere:
        believe_order(run)
        # It was placed by a request like this one: no rule loosens that.
        run.record = with_stop_asked(run.record, intent)


def _apply(run: Run, intent: StopIntent, outcome: WriteOutcome, *, reread: bool) -> Refusals:
    """Puts the answer on record; returns what was refused."""
    match outcome:
        case Accepted() | Refused(kind=OutcomeClass.NOTHING_CHANGED):
            run.put_stop(replace(intent, status=IntentStatus.SENT))
            _note_id(run, outcome)
        case Unsure():
            run.put_stop(
                replace(
                    intent,
                    status=IntentStatus.UNKNOWN,
                    detail=outcome.reason,
                    code=outcome.code,
                )
            )
        case Held():
            _end(run, intent, IntentStatus.HELD, outcome.reason, None)
        case Refused():
            _end(run, intent, IntentStatus.REFUSED, outcome.message, outcome.code)
            return _refused(run, intent, outcome, reread=reread)
    return NOTHING_REFUSED


def _note_id(run: Run, outcome: WriteOutcome) -> None:
    """Puts the exchange's id of the order on record; a reply does not prove that it rests."""
    stop = run.record.stop
    if isinstance(outcome, Accepted) and outcome.order_id and stop and stop.order:
        order = replace(stop.order, order_id=outcome.order_id)
        run.record = replace(run.record, stop=replace(stop, order=order))


def _refused(  # noqa: PLR0911 - one for each meaning
    run: Run, intent: StopIntent, refusal: Refused, *, reread: bool
) -> Refusals:
    run.decide(f"🚫 The stop {intent.asked} was refused ({refusal.code}): {refusal.message}")
    match refusal.kind:
        case OutcomeClass.ALREADY_GONE | OutcomeClass.DUPLICATE_LINK_ID if intent.operation:
            # What became of the order is looked up; the next round goes by that.
            return NOTHING_REFUSED
        case OutcomeClass.REDUCE_ONLY:
            # There is no position any more, or not yet: the next read says which.
            return Refusals(must_pause=True)
        case OutcomeClass.VALUES if not reread:
            return Refusals(rules_stale=True)
        case OutcomeClass.AUTH:
            return Refusals(key_refused=True)
        case OutcomeClass.CROSSED:
            return Refusals(stops=frozenset({intent.asked}), crossed=True)
        case kind if kind.retry is Retry.LATER:
            return Refusals(must_pause=True)
    return Refusals(stops=frozenset({intent.asked}))


def _in_vain(run: Run, intent: StopIntent) -> Refusals:
    """What this run asks for no more, as it has asked twice: the ladder does not wait for it.

    Where the order that was asked turned out to be closed, another one is not in vain.
    """
    stop = run.record.stop
    if intent.operation is not None and (stop is None or stop.order is None):
        return NOTHING_REFUSED
    waiting = stop.intents if stop else ()
    asked = [
        one
        for one in (*run.stops_done, *waiting)
        if one.run_id == run.id and _are_alike(one, intent) and one.status not in _NOT_IN_VAIN
    ]
    return Refusals(stops=frozenset({intent.asked})) if len(asked) > 1 else NOTHING_REFUSED


def _are_alike(one: StopIntent, other: StopIntent) -> bool:
    """Whether both ask for the same, of the same order."""
    return (one.asked, one.operation, one.order_link_id) == (
        other.asked,
        other.operation,
        other.order_link_id,
    )


def _end(run: Run, intent: StopIntent, status: IntentStatus, detail: str, code: int | None) -> None:
    run.put_stop(replace(intent, status=status, detail=detail, code=code, resolved_at=run.now()))


def _read_back(run: Run, found: Findings, intent: StopIntent) -> Flow[Findings]:
    """Reads until the effect is shown, the read cannot be used, or the grace time is over."""
    tries = run.tries("the stop is not shown yet", run.settings.grace)
    while (yield from tries.another()):
        reading, found = yield from read_snapshot(run, found)
        found = replace(found, seen=reading if isinstance(reading, Observation) else None)
        if not isinstance(reading, Observation | OrdersUnread):
            break
        yield from settled_stop(run, reading)
        stop = run.record.stop
        if stop is None or not stop.intents or stop.seen == intent.asked:
            break
    return found
