"""Bugs in what trueup sends, and in how it understands the answers."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from trueup.domain.flow import Flow
from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.observation import Reading
from trueup.domain.model.outcomes import Refused
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning import plan as planning
from trueup.domain.planning import targets, wanted_orders
from trueup.domain.planning.leaving import measures
from trueup.domain.planning.pending import Pending
from trueup.domain.planning.plan import Amend, Place, Plan, ReplaceMode
from trueup.domain.planning.targets import Target
from trueup.engine.run.factory import RunFactory
from trueup.states import cancelling, placing, validating
from trueup.states.work import answers, calls, confirmation, intents
from trueup.states.work import planning as work_planning
from trueup.states.work.findings import Findings, Refusals
from trueup.states.work.lookup import Answers
from trueup.states.work.run import Run

from ..histories.settle import SETTLED
from ..judge.alerts import NoAlertLies
from ..judge.cover.no_naked_moment import NoNakedMoment
from ..judge.cover.not_above import NotAbove
from ..judge.cover.settled_cover import WholeWhenSettled
from ..judge.final_state import NeverLost, WholeCover
from ..judge.never_twice import NeverTwice
from ..judge.on_record import IntentFirst
from ..judge.present import DecidedLately
from .planted import Bug

_DUPLICATE = 110072
_confirm = confirmation.confirm
_plan_for = planning.plan_for
_amend = planning.amend_to
_drop_places = intents.drop_places
_grown = measures.grown
_planned = placing._planned  # noqa: SLF001 - the bug is in there


def _fresh_ids(*args: Any, **options: Any) -> Plan:  # noqa: ANN401 - plan_for's own
    plan = _plan_for(*args, **options)
    return replace(plan, places=tuple(Place(place.target) for place in plan.places))


def _cancel_first(*args: Any, **options: Any) -> Plan:  # noqa: ANN401 - plan_for's own
    return _plan_for(*args, **{**options, "mode": ReplaceMode.CANCEL})


def _growing_first(amend: Amend, pending: Pending) -> Decimal:
    """Tells the orders that grow from the others the wrong way round, when they are sorted."""
    return -_grown(amend, pending) or Decimal(1)


def _cancelled_unseen(run: Run, orders: list[OwnedOrder], **_options: object) -> Flow[Answers]:
    """Takes every order that was to be cancelled for cancelled, without a look."""
    yield from ()
    found: dict[str, OwnedOrder | None] = {}
    for owned in orders:
        gone = replace(owned, status=OwnedStatus.CANCELLED)
        run.record = run.record.with_order(gone)
        found[owned.order_link_id] = gone
    return Answers(found)


def _duplicate_is_failure(
    run: Run, intent: Intent, refusal: Refused, became: object, **_options: object
) -> None:
    del became
    run.record = run.record.with_order(replace(run.owned(intent), status=OwnedStatus.REJECTED))
    run.settle(intent, IntentStatus.REFUSED, refusal.message, refusal.code)


def _duplicate_is_success(
    run: Run, intent: Intent, refusal: Refused, became: object, **_options: object
) -> None:
    del refusal, became
    run.record = run.record.with_order(replace(run.owned(intent), status=OwnedStatus.OPEN))
    run.settle(intent, IntentStatus.CONFIRMED, code=_DUPLICATE)


def _confirm_the_others(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    refused = any(intent.code == _DUPLICATE for intent in run.intents)
    if not refused:
        return (yield from _confirm(run, found))
    return (yield from calls.observe(run)), found


def _values_replaced(run: Run, intent: Intent, refusal: Refused) -> Refusals:
    """Takes a refused price or quantity for an order that cannot be amended."""
    run.settle(intent, IntentStatus.REFUSED, refusal.message, refusal.code)
    if intent.operation is Operation.PLACE:
        return Refusals(unplaceable=frozenset({(intent.level, intent.part)}))
    return Refusals(not_amendable=frozenset({run.owned(intent).order_id}))


def _floored(steps: int, weights: dict[int, Any]) -> dict[int, int]:
    total = sum(weights.values())
    return {key: int(steps * weight / total) for key, weight in weights.items()}


def _amends_anyhow(order: OwnedOrder, target: Target) -> Amend:
    total = order.filled + target.quantity
    return _amend(order, target) or Amend(order, target, None, total)


def _rename_kept(run: Run, plan: Plan) -> None:
    """Numbers the kept orders of a level by their place, whatever the plan says they are."""
    places: dict[int, int] = {}
    for order, target in reversed(plan.kept):
        part = places[target.level] = places.get(target.level, 0) + 1
        run.record = run.record.with_order(replace(order, level=target.level, part=part))


def _dropped_renaming(run: Run, plan: Plan, why: str) -> None:
    _rename_kept(run, plan)
    _drop_places(run, plan, why)


def _planned_renaming(run: Run, found: Findings) -> Findings:
    planned = _planned(run, found)
    if planned.plan is not None:
        _rename_kept(run, planned.plan)
    return planned


def _first_client(runs: RunFactory, *args: Any) -> Any:  # noqa: ANN401 - _ports' own
    ports = _ports(runs, *args)
    world = runs._world  # noqa: SLF001 - the bug is in there
    return replace(ports, exchange=world.exchange(min(world.accounts)))


_ports = RunFactory._ports  # noqa: SLF001 - the bug is in there

WRITING_BUGS = (
    Bug(
        "fresh id on every resend",
        (NeverTwice.name,),
        lambda *_: ((work_planning, "plan_for", _fresh_ids),),
    ),
    Bug(
        "cancel before amend",
        (NoNakedMoment.name,),
        lambda *_: ((work_planning, "plan_for", _cancel_first),),
    ),
    Bug(
        "growing amends sent first",
        (NotAbove.name,),
        lambda *_: ((intents, "grown", _growing_first),),
    ),
    Bug(
        "place does not wait for the shrink",
        (NotAbove.name,),
        lambda *_: ((placing, "Accepted", object),),
    ),
    Bug(
        "110001 taken as cancelled",
        (NoAlertLies.name, NeverLost.name),
        lambda *_: ((cancelling, "query_orders", _cancelled_unseen),),
    ),
    Bug(
        "110072 taken as failure",
        (NeverTwice.name, NeverLost.name),
        lambda *_: ((answers, "_duplicate", _duplicate_is_failure),),
    ),
    Bug(
        "110072 taken as success without look-up",
        (NoAlertLies.name, NeverLost.name),
        lambda *_: (
            (answers, "_duplicate", _duplicate_is_success),
            (placing, "confirm", _confirm_the_others),
        ),
    ),
    Bug(
        "refused values taken as not amendable",
        (NoNakedMoment.name,),
        lambda *_: ((answers, "_rules_stale", _values_replaced),),
    ),
    Bug(
        "orders off the rules stay above the position",
        (WholeCover.name, WholeWhenSettled.name),
        lambda *_: ((wanted_orders, "fitted", lambda held, *_: held),),
    ),
    Bug(
        "remainder of the shares dropped",
        (WholeCover.name,),
        lambda *_: ((targets, "apportion", _floored),),
    ),
    Bug(
        "write not held against the present",
        (DecidedLately.name,),
        lambda *_: ((calls, "_why_held", lambda _run: ""),),
    ),
    Bug(
        "plan that is never finished",
        (SETTLED,),
        lambda *_: ((planning, "amend_to", _amends_anyhow),),
    ),
    Bug(
        "parts renumbered after the plan",
        (SETTLED, NeverTwice.name),
        lambda *_: (
            (validating, "drop_places", _dropped_renaming),
            (placing, "_planned", _planned_renaming),
        ),
    ),
    Bug(
        "other account's client",
        (IntentFirst.name,),
        lambda *_: ((RunFactory, "_ports", _first_client),),
    ),
)
