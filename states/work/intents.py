"""Announcing writes: their intents and ids are committed before any request leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, Instrument
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.record import Origin, OwnedOrder, OwnedStatus
from ...domain.planning.headroom import fit_to_headroom
from ...domain.planning.plan import Amend, Cancel, Place, Plan
from ...domain.planning.remap_levels import RETIRED
from ...domain.planning.targets import Target
from ...domain.recognition.link_ids import make_link_id
from .findings import Findings
from .run import Run


def announce_cancels(run: Run, found: Findings, plan: Plan) -> Findings:
    """Adds an intent for each order that must go; returns the findings with their ids."""
    return _announced(found, [_announce_cancel(run, cancel) for cancel in plan.cancels])


def announce_writes(run: Run, found: Findings, plan: Plan) -> Findings:
    """Adds an intent for each amend, in sending order, and for each place that may leave now.

    Returns:
        The findings with the ids of the intents.
    """
    leaving = may_leave(run, found.instrument, plan)
    amends = in_sending_order(found.in_flight, leaving.amends)
    intents = [_announce_amend(run, amend, found.in_flight) for amend in amends]
    intents += [_announce_place(run, place) for place in leaving.places]
    return _announced(found, intents)


def announce_unchanged(run: Run, found: Findings, amends: Sequence[Amend]) -> Findings:
    """Adds an intent for each vanished order that is not amended anyway: to what it is.

    An earlier amend of it that no read has shown is sent again instead: this one must not undo it.
    """
    amended = {amend.order.order_link_id for amend in amends}
    earlier = {
        intent.order_link_id: intent
        for intent in (*run.inherited, *run.intents)
        if intent.operation is Operation.AMEND and intent.status.is_open
    }
    intents: list[Intent] = []
    for order in run.record.resting:
        if order.order_link_id not in found.vanished - amended:
            continue
        again = earlier.get(order.order_link_id)
        price = again.price if again else None
        quantity = (again.quantity if again else None) or order.quantity
        covers = Target(order.level, order.part, price or order.price, quantity - order.filled)
        intents.append(_announce_amend(run, Amend(order, covers, price, quantity), {}))
    return _announced(found, intents)


def _announced(found: Findings, intents: Sequence[Intent]) -> Findings:
    return replace(found, announced=found.announced | {intent.id for intent in intents})


def in_sending_order(in_flight: Mapping[str, Intent], amends: Sequence[Amend]) -> list[Amend]:
    """The amends that shrink an order before those that grow one.

    An order counts with the most that an amend in flight may have made of it.
    """

    def grows(amend: Amend) -> bool:
        covered, intent = amend.order.remaining, in_flight.get(amend.order.order_link_id)
        return amend.target.quantity > max(covered, intent.covers if intent else ZERO)

    return sorted(amends, key=grows)


def may_leave(run: Run, instrument: Instrument | None, plan: Plan) -> Plan:
    """The part of the plan that may be sent while earlier places are still in flight."""
    if instrument is None:
        return plan
    unseen = [o for o in run.record.resting if _is_unseen(o) and _is_in_flight(run, o)]
    sent = {order.order_link_id: order.quantity for order in unseen}
    for intent in (*run.inherited, *run.intents):
        if intent.order_link_id in sent and intent.quantity is not None:
            sent[intent.order_link_id] = max(sent[intent.order_link_id], intent.quantity)
    record = run.record
    return fit_to_headroom(
        plan,
        sent,
        record.covered,
        record.position_size,
        instrument,
        taken=record.room_taken or ZERO,
    )


def drop_places(run: Run, plan: Plan, why: str) -> None:
    """Ends places that are still open and that the plan does not send again.

    While such a request may still be in flight its order stays on record, and is cancelled when a
    read shows it; its intent stays open, for that alone says when the request left. After that the
    order is rejected: the read that the plan was made from, and its look-up, found the order
    nowhere (promise P1).
    """
    kept = {place.resends.order_link_id for place in plan.places if place.resends is not None}
    for order in run.record.resting:
        if _is_unseen(order) and order.order_link_id not in kept and not _is_in_flight(run, order):
            run.record = run.record.with_order(replace(order, status=OwnedStatus.REJECTED))
            run.decide(f"🗑️ {order.order_link_id} never reached the order book: given up")
    waiting = {order.order_link_id for order in run.record.resting if _is_unseen(order)}
    for intent in (*run.inherited, *run.intents):
        is_place = intent.operation is Operation.PLACE and intent.status.is_open
        if is_place and intent.order_link_id not in kept | waiting:
            run.settle(intent, IntentStatus.RESOLVED, why, intent.code)


def end_superseded(run: Run) -> None:
    """Ends the open writes that a later one of the same order stands for.

    Only a read settles a write. A later one that the exchange refused leaves the earlier one as it
    was: it may be what happened, and an effect that nothing on record asked for would pass for
    somebody else's change. So a write ends before a read settles it in two cases only: a read has
    shown the effect of a later one, or a later one that was sent asks for the same. No order then
    has more open writes than it was asked for different things, however long nothing can be read.
    """
    later: dict[str, list[Intent]] = {}
    for intent in reversed(run.writes):
        after = later.setdefault(intent.order_link_id, [])
        if intent.status.is_open and any(_stands_for(each, intent) for each in after):
            run.settle(intent, IntentStatus.RESOLVED, "superseded by a later intent", intent.code)
        after.append(intent)


def _stands_for(later: Intent, earlier: Intent) -> bool:
    if later.status in (IntentStatus.SENT, IntentStatus.UNKNOWN):
        return later.command == earlier.command
    return later.status is IntentStatus.CONFIRMED


def any_place_in_flight(run: Run) -> bool:
    """Whether a place was sent that no read has shown, and may still reach the order book."""
    return any(_is_unseen(order) and _is_in_flight(run, order) for order in run.record.resting)


def _is_unseen(order: OwnedOrder) -> bool:
    return order.status is OwnedStatus.PENDING_NEW


def _is_in_flight(run: Run, order: OwnedOrder) -> bool:
    """Whether a request for the order may still take effect, by when the last one left.

    One that the exchange refused, or that never left, has none.
    """
    own = [intent for intent in run.writes if intent.order_link_id == order.order_link_id]
    left = [run.age(intent) for intent in own if not intent.status.had_no_effect]
    return bool(left) and min(left) < run.in_flight_for


def _announce_cancel(run: Run, cancel: Cancel) -> Intent:
    order = cancel.order
    _report_level(run, order.level)
    intent = _intent(run, Operation.CANCEL, order, order.remaining)
    return run.announce(replace(intent, detail=cancel.reason))


def _announce_amend(run: Run, amend: Amend, in_flight: Mapping[str, Intent]) -> Intent:
    order, target = amend.order, amend.target
    _report_level(run, target.level)
    earlier = in_flight.get(order.order_link_id)
    if earlier is not None:
        # The new amend names every value that the earlier one may have changed.
        moves = amend.price is not None or earlier.price is not None
        price = target.price if moves else None
        amend = replace(amend, price=price, quantity=order.filled + target.quantity)
    moved_to = replace(order, level=target.level, part=target.part)
    run.record = run.record.with_order(moved_to)
    intent = _intent(run, Operation.AMEND, moved_to, order.remaining, target.quantity)
    return run.announce(replace(intent, price=amend.price, quantity=amend.quantity))


def _announce_place(run: Run, place: Place) -> Intent:
    target, again = place.target, place.resends
    _report_level(run, target.level)
    order = OwnedOrder(
        level=target.level,
        part=target.part,
        order_link_id=again.order_link_id if again else _new_link_id(run, target.level),
        order_id="",
        price=target.price,
        asked_price=target.price,
        quantity=target.quantity,
        filled=ZERO,
        status=OwnedStatus.PENDING_NEW,
        origin=Origin.PLACED,
        generation=again.generation if again else _generation(run, target.level, target.part),
    )
    run.record = run.record.with_order(order)
    covered = _replaced_quantity(run, target.level, target.part)
    intent = _intent(run, Operation.PLACE, order, covered, target.quantity)
    verb = "Reusing" if again else "Generated"
    run.decide(f"🔗 {verb} OrderLinkID: {order.order_link_id}")
    return run.announce(
        replace(intent, price=target.price, quantity=target.quantity, again=again is not None)
    )


def _report_level(run: Run, level: int) -> None:
    if level > RETIRED:
        run.decide(f"🔄 Processing TP{level} order (index {level - 1})")


def _new_link_id(run: Run, level: int) -> str:
    """An order link id that no order on record has."""
    form, role, symbol = run.ports.exchange.link_ids, run.record.role, run.key.symbol
    at_ms = int(run.now().timestamp() * 1000)
    while True:
        link_id = make_link_id(form, role, level, symbol, at_ms, run.ports.randomness.digits())
        if run.record.order(order_link_id=link_id) is None:
            return link_id


def _generation(run: Run, level: int, part: int) -> int:
    own = [o.generation for o in run.record.orders if (o.level, o.part) == (level, part)]
    return max(own, default=0) + 1


def _replaced_quantity(run: Run, level: int, part: int) -> Decimal:
    """The quantity that this run's last order for the part covered; 0 if there was none."""
    for intent in reversed(run.intents):
        if (intent.level, intent.part) == (level, part):
            return intent.covered
    return ZERO


def _intent(
    run: Run,
    operation: Operation,
    order: OwnedOrder,
    covered: Decimal,
    covers: Decimal = ZERO,
) -> Intent:
    """An intent of this run for the order, which leaves its price and quantity as they are."""
    return Intent(
        id=f"{run.id}-{len(run.intents) + 1}",
        run_id=run.id,
        operation=operation,
        level=order.level,
        part=order.part,
        order_link_id=order.order_link_id,
        order_id=order.order_id,
        price=None,
        quantity=None,
        created_at=run.now(),
        covered=covered,
        covers=covers,
        generation=order.generation,
    )
