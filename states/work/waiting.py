"""Waiting, before a plan is followed, for earlier writes that may still take effect."""

from collections.abc import Callable
from dataclasses import replace

from ...domain.model.commands import Operation
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.observation import Observation, Reading
from ...domain.planning.plan import Plan
from ...domain.ports import Moment
from .confirmation import apply_effects, is_acknowledged, may_be_unseen
from .findings import Findings
from .intents import any_place_in_flight
from .run import Run
from .snapshot import read_snapshot


def await_changes(
    run: Run,
    found: Findings,
    reading: Observation,
    since: Moment,
    plan_now: Callable[[Findings], Plan | None],
) -> tuple[Reading, Findings]:
    """Reads on while an amend or cancel, of this run or an earlier one, may be in flight.

    Reads lag behind acknowledgements. Within the grace time a read may show an order from before
    its amend: a plan made from it would undo what was just done, or count on an order that was
    just cancelled. A write of unknown outcome may take effect even later. The run does not wait
    for such an amend where the plan asks for something anyway, but it does not settle before.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        since: when that read began.
        plan_now: makes the plan from what is on record now; None where there can be none.

    Returns:
        The last read, and what the run knows after it.
    """
    seen: Reading = reading
    until = run.moment() + run.in_flight_for
    for _ in run.tries(run.in_flight_for, run.writes_age):
        if not isinstance(seen, Observation):
            break
        found = apply_effects(run, found)
        unseen = [i for i in (*run.inherited, *run.intents) if may_be_unseen(run, found, i, since)]
        plan = plan_now(found) if unseen else None
        is_settled = plan is not None and plan.is_empty
        if not is_settled and not any(_is_probable(run, i, since, plan) for i in unseen):
            break
        since = run.moment()
        read = read_snapshot if all(map(is_acknowledged, unseen)) else _read_anew
        seen, found = read(run, found)
    else:
        found = replace(found, cut_short=run.moment() < until)
    return seen, found


def await_places(
    run: Run, found: Findings, reading: Observation, can_act: Callable[[Findings], bool]
) -> tuple[Reading, Findings]:
    """Reads on while a place is in flight that the plan has no use for.

    Its order would raise the cover above what a settled run reports, or above the position where
    other orders grow meanwhile. What the plan may send beside it is sent first.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        can_act: whether the plan made from what is on record now asks for what may leave.

    Returns:
        The last read, and what the run knows after it.
    """
    seen: Reading = reading
    until = run.moment() + run.in_flight_for
    for _ in run.tries(run.in_flight_for, run.writes_age):
        if not isinstance(seen, Observation) or not any_place_in_flight(run) or can_act(found):
            break
        seen, found = _read_anew(run, found)
    else:
        found = replace(found, cut_short=run.moment() < until)
    return seen, found


def _read_anew(run: Run, found: Findings) -> tuple[Reading, Findings]:
    """Reads the exchange itself: the view has no events from before its stream was opened."""
    run.ports.exchange.invalidate(run.key.symbol, "a write may have taken effect unseen")
    return read_snapshot(run, found)


def _is_probable(run: Run, intent: Intent, since: Moment, plan: Plan | None) -> bool:
    """Whether the write has probably taken effect, so that nothing is decided without it.

    An acknowledged write has. For the grace time so has every cancel, and every write that a
    process was about to send when it died, unless the plan asks for the same write again.
    """
    if is_acknowledged(intent):
        return True
    is_new = run.age(intent, since) < run.settings.grace
    if intent.operation is Operation.CANCEL:
        return is_new
    return is_new and intent.status is IntentStatus.PLANNED and not _is_again_in(plan, intent)


def _is_again_in(plan: Plan | None, intent: Intent) -> bool:
    return plan is not None and any(
        amend.order.order_link_id == intent.order_link_id
        and intent.quantity in (None, amend.order.filled + amend.target.quantity)
        and intent.price in (None, amend.target.price)
        for amend in plan.amends
    )
