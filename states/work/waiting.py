"""Waiting: for pending writes that nothing may be decided without, and where it is asked for."""

from collections.abc import Callable
from datetime import timedelta

from ...domain.copies import replace
from ...domain.flow import Flow, Wait
from ...domain.model.commands import Operation
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.observation import Observation, Reading, Unknown
from ...domain.planning.plan import Plan
from .confirmation import settle_by_read
from .findings import Findings
from .intents import may_leave
from .run import Run
from .snapshot import read_snapshot


def await_pending(
    run: Run, found: Findings, reading: Observation, plan_now: Callable[[Findings], Plan | None]
) -> Flow[tuple[Reading, Findings]]:
    """Reads on while a write is pending, and nothing may be decided without it.

    Reads lag behind acknowledgements. Within the grace time a read may show an order from before
    its amend: a plan made from it would undo what was just done, or count on an order that was
    just cancelled. A write of unknown outcome may take effect even later. The run does not wait
    for such a one where the plan asks for something that may leave anyway, but it does not settle
    before: what is pending could raise the cover above what a settled run reports. Nor does it go
    on where the waiting took the requests that a round needs.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        plan_now: makes the plan from what is on record now; None where there can be none.

    Returns:
        The last read, and what the run knows after it.
    """
    seen: Reading = reading
    longest = run.ports.exchange.lateness.total
    until = run.moment() + longest
    tries = run.tries("a write may still take effect", longest, run.writes_age)
    while (yield from tries.another()):
        if not isinstance(seen, Observation):
            break
        found = settle_by_read(run, found)
        if not run.pending or not _must_wait(run, found, plan_now):
            # What is sent now may need another round; the next run has the requests for it.
            tired = tries.number > 1 and not run.may_go_round(found)
            return seen, replace(found, cut_short=tired)
        before = seen
        seen, found = yield from _read_on(run, found)
        if run.is_spent and isinstance(seen, Unknown):
            # That read was cut short, too: what is known is why the run waited.
            seen, found = before, replace(found, cut_short=True)
            break
    else:
        found = replace(found, cut_short=run.moment() < until)
    return seen, found


def _must_wait(run: Run, found: Findings, plan_now: Callable[[Findings], Plan | None]) -> bool:
    plan = plan_now(found)
    writes = [write for change in run.pending.values() for write in change.writes]
    if any(_is_probable(run, write, plan) for write in writes):
        return True
    if plan is None or plan.cancels:
        return False
    return may_leave(run, found.instrument, plan).is_empty


def _read_on(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """Reads again; the exchange itself where a write of unknown outcome is pending.

    The view has no events from before its stream was opened.
    """
    if not all(change.is_acknowledged for change in run.pending.values()):
        run.ports.exchange.invalidate(run.key.symbol, "a write may have taken effect unseen")
    return (yield from read_snapshot(run, found))


def _is_probable(run: Run, intent: Intent, plan: Plan | None) -> bool:
    """Whether the write has probably taken effect, so that nothing is decided without it.

    For the grace time an acknowledged amend has, and every cancel; so has an amend that a process
    was about to send when it died, unless the plan asks for the same again. A place is sent again
    under its id, which the exchange accepts once.
    """
    if intent.operation is Operation.PLACE or run.age(intent) >= run.settings.grace:
        return False
    if intent.operation is Operation.CANCEL or intent.status is IntentStatus.SENT:
        return True
    return intent.status is IntentStatus.PLANNED and not _is_again_in(plan, intent)


def _is_again_in(plan: Plan | None, intent: Intent) -> bool:
    return plan is not None and any(
        amend.order.order_link_id == intent.order_link_id
        and intent.quantity in (None, amend.order.filled + amend.target.quantity)
        and intent.price in (None, amend.target.price)
        for amend in plan.amends
    )


def paused(run: Run, found: Findings, since: timedelta) -> Flow[Findings]:
    """Waits if the exchange asked for a pause; returns the findings without that request.

    Args:
        run: the run.
        found: what it knows.
        since: how long ago its last write left: the pause begins with that, as confirming what was
            sent may have lasted longer.
    """
    if not found.refusals.must_pause:
        return found
    found = replace(found, refusals=replace(found.refusals, must_pause=False))
    pause = min(run.settings.pause * 2**found.rounds, run.settings.grace)
    left = pause - max(since, timedelta(0))
    if left <= timedelta(0):
        return found
    yield Wait(run.moment() + left, "the exchange asked for a pause", is_asked_for=True)
    return replace(found, seen=None)
