"""Announcing writes: the intents and ids that are committed before anything is sent."""

from dataclasses import replace
from decimal import Decimal

from ..domain.commands import Operation
from ..domain.instrument import ZERO, plain
from ..domain.intent import Intent, IntentStatus
from ..domain.linkids import make_link_id
from ..domain.plan import Amend, Cancel, Place, Plan
from ..domain.record import Origin, OwnedOrder, OwnedStatus
from .run import Run


def announce_cancels(run: Run, plan: Plan) -> None:
    """An intent for each order that must go."""
    for cancel in plan.cancels:
        _announce_cancel(run, cancel)


def announce_writes(run: Run, plan: Plan) -> None:
    """An intent for each amend, in sending order, and for each place."""
    for amend in plan.amends:
        _announce_amend(run, amend)
    for place in plan.places:
        _announce_place(run, place)


def drop_places(run: Run, plan: Plan, why: str) -> None:
    """Ends places that are still open and that the plan does not take up again.

    Their requests may still land: their orders stay on record, and are cancelled when seen.
    """
    kept = {place.again.order_link_id for place in plan.places if place.again is not None}
    for intent in (*run.inherited, *run.open_intents()):
        is_place = intent.operation is Operation.PLACE and intent.status.is_open
        if is_place and intent.order_link_id not in kept:
            run.settle(intent, IntentStatus.RESOLVED, why, intent.code)


def _announce_cancel(run: Run, cancel: Cancel) -> None:
    order = cancel.order
    _supersede(run, order.order_link_id)
    run.announce(
        Intent(
            id=_id(run),
            run_id=run.id,
            operation=Operation.CANCEL,
            level=order.level,
            part=order.part,
            order_link_id=order.order_link_id,
            order_id=order.order_id,
            price=None,
            quantity=None,
            created_at=run.now(),
            covered=order.remaining,
            generation=order.generation,
            detail=cancel.reason,
        )
    )
    run.decide(f"✂️ Cancelling TP{order.level} {plain(order.remaining)}: {cancel.reason}")


def _announce_amend(run: Run, amend: Amend) -> None:
    order, target = amend.order, amend.target
    _supersede(run, order.order_link_id)
    run.announce(
        Intent(
            id=_id(run),
            run_id=run.id,
            operation=Operation.AMEND,
            level=target.level,
            part=target.part,
            order_link_id=order.order_link_id,
            order_id=order.order_id,
            price=amend.price,
            quantity=amend.quantity,
            created_at=run.now(),
            covered=order.remaining,
            covers=target.quantity,
            generation=order.generation,
        )
    )
    if (order.level, order.part) != (target.level, target.part):
        run.record = run.record.with_order(replace(order, level=target.level, part=target.part))
    moved = "" if amend.price is None else f" at {plain(order.price)} → {plain(amend.price)}"
    run.decide(
        f"✏️ Amending TP{target.level}: {plain(order.remaining)} → {plain(target.quantity)}{moved}"
    )


def _announce_place(run: Run, place: Place) -> None:
    target, again = place.target, place.again
    order = OwnedOrder(
        level=target.level,
        part=target.part,
        order_link_id=again.order_link_id if again else _new_link_id(run, target.level),
        order_id="",
        price=target.price,
        asked_price=target.price,
        quantity=target.quantity,
        filled=ZERO,
        status=OwnedStatus.SENT,
        origin=Origin.PLACED,
        generation=again.generation if again else _generation(run, target.level, target.part),
    )
    run.record = run.record.with_order(order)
    _supersede(run, order.order_link_id)
    run.announce(
        Intent(
            id=_id(run),
            run_id=run.id,
            operation=Operation.PLACE,
            level=target.level,
            part=target.part,
            order_link_id=order.order_link_id,
            order_id="",
            price=target.price,
            quantity=target.quantity,
            created_at=run.now(),
            covered=_replaced_quantity(run, target.level, target.part),
            covers=target.quantity,
            generation=order.generation,
            again=again is not None,
        )
    )
    verb = "Sending again under" if again else "Generated"
    run.decide(f"🔗 {verb} OrderLinkID: {order.order_link_id}")


def _supersede(run: Run, order_link_id: str) -> None:
    """Ends what is still open for the order: the new intent takes its place."""
    for intent in (*run.inherited, *run.open_intents()):
        if intent.status.is_open and intent.order_link_id == order_link_id:
            run.settle(intent, IntentStatus.RESOLVED, "taken up by a later intent", intent.code)


def _new_link_id(run: Run, level: int) -> str:
    """An id that no order of the record has."""
    at_ms = int(run.now().timestamp() * 1000)
    while True:
        link_id = make_link_id(
            run.record.role, level, run.key.symbol, at_ms, run.ports.chance.digits()
        )
        if run.record.order(order_link_id=link_id) is None:
            return link_id


def _generation(run: Run, level: int, part: int) -> int:
    own = [o.generation for o in run.record.orders if (o.level, o.part) == (level, part)]
    return max(own, default=0) + 1


def _replaced_quantity(run: Run, level: int, part: int) -> Decimal:
    """What the order that this run cancelled for the part had covered; 0 if there was none."""
    for intent in reversed(run.intents):
        if (intent.level, intent.part) == (level, part):
            return intent.covered
    return ZERO


def _id(run: Run) -> str:
    return f"{run.id}-{len(run.intents) + 1}"
