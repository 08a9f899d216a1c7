"""Placing's part: sends the request that sets the stop, and reads back what came of it.

A reply is only an acknowledgement, and 34040 ("not modified") proves nothing: the position's row
says where the stop is. A request that is repeated does no harm.
"""

from ...domain.copies import replace
from ...domain.flow import Flow
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
from ...domain.model.protection import SetStop, StopIntent
from ..work import calls
from ..work.findings import NOTHING_REFUSED, Findings, Refusals, Result
from ..work.run import Run
from ..work.snapshot import read_snapshot
from ..work.waiting import paused
from .settling import settle_stop

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
        outcome = yield from calls.set_stop(run, _command(run, intent))
        found = found.refused(_apply(run, intent, outcome, reread=found.rules_reread))
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


def _command(run: Run, intent: StopIntent) -> SetStop:
    stop = run.record.stop
    if stop is None:
        raise LookupError(f"intent {intent.id} is for a stop that is not on record")
    return SetStop(
        run.key.symbol,
        intent.position_index,
        intent.asked,
        intent.before,
        stop.wanted.trigger_by,
    )


def _apply(run: Run, intent: StopIntent, outcome: WriteOutcome, *, reread: bool) -> Refusals:
    """Puts the answer on record; returns what was refused."""
    match outcome:
        case Accepted() | Refused(kind=OutcomeClass.NOTHING_CHANGED):
            run.put_stop(replace(intent, status=IntentStatus.SENT))
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


def _refused(run: Run, intent: StopIntent, refusal: Refused, *, reread: bool) -> Refusals:
    run.decide(f"🚫 The stop {intent.asked} was refused ({refusal.code}): {refusal.message}")
    match refusal.kind:
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
    """What this run asks for no more, as it has asked twice: the ladder does not wait for it."""
    waiting = run.record.stop.intents if run.record.stop else ()
    asked = [
        one
        for one in (*run.stops_done, *waiting)
        if (one.run_id, one.asked) == (run.id, intent.asked) and one.status not in _NOT_IN_VAIN
    ]
    return Refusals(stops=frozenset({intent.asked})) if len(asked) > 1 else NOTHING_REFUSED


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
        settle_stop(run)
        stop = run.record.stop
        if stop is None or not stop.intents or stop.seen == intent.asked:
            break
    return found
