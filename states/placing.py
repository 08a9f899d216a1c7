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

from ..domain.model.commands import AmendOrder, Operation, PlaceOrder
from ..domain.model.errors import LadderError
from ..domain.model.instrument import plain
from ..domain.model.intent import Intent, IntentStatus
from ..domain.model.observation import Observation
from ..domain.model.outcomes import Accepted
from ..domain.planning.plan import Plan
from ..domain.planning.targets import Targets
from .work import calls
from .work.answers import apply_amend_answer, apply_place_answer, never_left
from .work.confirmation import confirm
from .work.intents import any_place_in_flight
from .work.resumption import resume
from .work.run import Result, Run
from .work.snapshot import make_plan


def placing(run: Run) -> Result:
    """Sends what the open intents say and confirms it by a read."""
    if run.resumed:
        return Result("overtaken", resume(run))
    _send(run)
    if not run.verified:
        # Amends went out without a read of the orders: acknowledged is all that is known.
        return Result("placed", "unverified")
    reading = confirm(run)
    if not isinstance(reading, Observation):
        run.note(f"the result could not be read: {reading.reason}")
        return Result("placed", "not confirmed")
    return _next(run)


def _send(run: Run) -> None:
    """Sends amends, then places; a place only where everything that shall shrink has shrunk."""
    amends, places = run.to_send(Operation.AMEND), run.to_send(Operation.PLACE)
    shrunk = True
    for intent in amends:
        owned = run.record.order(order_link_id=intent.order_link_id)
        if owned is not None:
            run.before[intent.order_link_id] = owned
    for intent in amends:
        _report_amend(run, intent)
    outcomes = calls.amend(run, [_amend(run, intent) for intent in amends])
    for intent, outcome in zip(amends, outcomes, strict=True):
        apply_amend_answer(run, intent, outcome)
        shrunk = shrunk and (isinstance(outcome, Accepted) or intent.covers >= intent.covered)
    if not shrunk:
        for intent in places:
            run.settle(intent, IntentStatus.REFUSED, "not sent: another order did not shrink")
            never_left(run, intent)
        return
    for intent in places:
        _report_place(run, intent)
    outcomes = calls.place(run, [_place(run, intent) for intent in places])
    for intent, outcome in zip(places, outcomes, strict=True):
        apply_place_answer(run, intent, outcome)


def _next(run: Run) -> Result:
    """Done, or round again: by what a fresh read still asks for."""
    try:
        plan = make_plan(run) if run.record.position_size else _nothing(run)
    except LadderError as error:
        run.note(str(error))
        return Result("placed", str(error))
    flat = not run.record.position_size and bool(run.record.resting)
    waits = any_place_in_flight(run) and run.may_go_round
    if plan.is_empty and not flat and not waits:
        return Result("placed", f"{plain(run.record.covered)} covered")
    if run.stopped:
        run.note("the account's key was refused: nothing more was sent")
        return Result("placed", "the key was refused")
    if not run.may_go_round:
        run.note(f"left for the next run: {plan.actions}")
        return Result("placed", "no round is left")
    run.rounds += 1
    if run.must_pause:
        run.must_pause = False
        run.ports.clock.sleep(min(run.settings.pause * 2**run.rounds, run.settings.grace))
    return Result("overtaken", f"left to do: {plan.actions}")


def _nothing(run: Run) -> Plan:
    """The position is flat: nothing is wanted."""
    run.targets, run.plan = Targets(()), Plan()
    return run.plan


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
