"""Placing: amends and places are sent, and seen to have taken effect.

Amends leave first and in one batch, what shrinks before what grows: cover moves from level to
level without a naked moment (promise P4). Places wait for what shall shrink. Then the exchange is
read again: the run is done when a fresh read asks for nothing more. What the exchange refused is
told apart by :mod:`.answers`.

A batch is taken item by item. Where what shall shrink is refused and what grows for its sake is
not, the cover is above the position, by no more than what was to shrink and did not: sending the
growth only after the answer would leave the position naked by as much, for as long, whenever
nothing is refused. It is made good in the same run: such a read is not waited on, and the next
round shrinks, cancels or amends back by the position that it shows. Where the refusal asked for a
pause that is after the pause, at most the grace time. Only a run that ends with it, its key
refused or its rounds spent, leaves it to the next. All orders are reduce-only: what is above can
close nothing that is not open (docs/v5/order/create-order.mdx).
"""

from dataclasses import replace

from ..domain.model.commands import AmendOrder, Operation, PlaceOrder
from ..domain.model.errors import LadderError
from ..domain.model.instrument import plain
from ..domain.model.intent import Intent, IntentStatus
from ..domain.model.observation import Observation
from ..domain.model.outcomes import Accepted
from ..domain.planning.plan import Plan
from ..domain.planning.remap_levels import at_home
from ..domain.planning.targets import Targets
from .work import calls
from .work.answers import apply_amend_answer, apply_place_answer, never_left
from .work.confirmation import confirm
from .work.findings import Findings, Result
from .work.intents import any_place_in_flight
from .work.planning import make_plan
from .work.resumption import RESUMED, resumed
from .work.run import Run


def placing(run: Run, before: Result) -> Result:
    """Sends what the open intents say and confirms it by a read."""
    if before.found.resumed:
        return Result("overtaken", RESUMED, resumed(before.found))
    found = _send(run, before.found)
    if not found.verified:
        # Amends went out without a read of the orders: acknowledged is all that is known.
        return Result("placed", "unverified", found)
    reading, found = confirm(run, found)
    if not isinstance(reading, Observation):
        run.note(f"the result could not be read: {reading.reason}")
        return Result("placed", "not confirmed", found)
    return _next(run, found)


def _send(run: Run, found: Findings) -> Findings:
    """Sends amends, then places; a place only where everything that shall shrink has shrunk."""
    amends = run.to_send(Operation.AMEND, found.announced)
    places = run.to_send(Operation.PLACE, found.announced)
    before = {intent.order_link_id: run.owned(intent) for intent in amends}
    found = replace(found, before={**found.before, **before})
    shrunk = True
    for intent in amends:
        _report_amend(run, intent)
    outcomes = calls.amend(run, [_amend(run, intent) for intent in amends])
    for intent, outcome in zip(amends, outcomes, strict=True):
        found = found.refused(apply_amend_answer(run, intent, outcome))
        shrunk = shrunk and (isinstance(outcome, Accepted) or intent.covers >= intent.covered)
    if not shrunk:
        for intent in places:
            run.settle(intent, IntentStatus.REFUSED, "not sent: another order did not shrink")
            never_left(run, intent)
        return found
    for intent in places:
        _report_place(run, intent)
    outcomes = calls.place(run, [_place(run, intent) for intent in places])
    for intent, outcome in zip(places, outcomes, strict=True):
        found = found.refused(apply_place_answer(run, intent, outcome))
    return found


def _next(run: Run, found: Findings) -> Result:
    """Done, or round again: by what a fresh read still asks for."""
    try:
        found = _planned(run, found)
    except LadderError as error:
        run.note(str(error))
        return Result("placed", str(error), found)
    plan = found.plan or Plan()
    flat = not run.record.position_size and bool(run.record.resting)
    waits = any_place_in_flight(run) and run.may_go_round(found)
    if plan.is_empty and not flat and not waits:
        return Result("placed", f"{plain(run.record.covered)} covered", found)
    if found.refusals.key_refused:
        run.note("the account's key was refused: nothing more was sent")
        return Result("placed", "the key was refused", found)
    if not run.may_go_round(found):
        run.note(f"left for the next run: {plan.actions}")
        return Result("placed", "no round is left", found)
    return Result("overtaken", f"left to do: {plan.actions}", _paused(run, found.next_round()))


def _planned(run: Run, found: Findings) -> Findings:
    """What is still to be done; nothing where the position is flat.

    Raises:
        LadderError: the ladder cannot be applied to the position.
    """
    if not run.record.position_size:
        return replace(found, targets=Targets(()), plan=Plan())
    run.record = at_home(run.record)
    return make_plan(run.record, found, run.settings.replace).followed(found)


def _paused(run: Run, found: Findings) -> Findings:
    """The same, after the pause that the exchange asked for."""
    if not found.refusals.must_pause:
        return found
    run.ports.clock.sleep(min(run.settings.pause * 2**found.rounds, run.settings.grace))
    return replace(found, refusals=replace(found.refusals, must_pause=False))


def _report_amend(run: Run, intent: Intent) -> None:
    before = run.owned(intent).price
    price = plain(before)
    if intent.price not in (None, before):
        price = f"{price} → {plain(intent.price)}"
    run.decide(
        f"📤 Amending existing TP{intent.level} order: {run.key.side.opposite.value} "
        f"{plain(intent.covered)} → {plain(intent.covers)} @ {price}"
    )


def _report_place(run: Run, intent: Intent) -> None:
    order = run.owned(intent)
    run.decide(
        f"📤 Placing new TP{intent.level} order: {run.key.side.opposite.value} "
        f"{plain(order.quantity)} @ {plain(order.asked_price)}"
    )


def _amend(run: Run, intent: Intent) -> AmendOrder:
    return AmendOrder(
        run.key.symbol,
        intent.order_id,
        intent.order_link_id,
        intent.price,
        intent.quantity,
        shrinks=intent.covers < intent.covered,
    )


def _place(run: Run, intent: Intent) -> PlaceOrder:
    if intent.price is None or intent.quantity is None:
        raise LookupError(f"intent {intent.id} to place lacks price or quantity")
    return PlaceOrder(
        symbol=run.key.symbol,
        side=run.key.side.opposite,
        price=intent.price,
        quantity=intent.quantity,
        order_link_id=intent.order_link_id,
        position_index=run.ports.exchange.position_mode.position_index(run.key.side),
    )
