"""Announcing writes: their intents and ids are committed before any request leaves."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import count

from ...domain.copies import replace
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, Instrument
from ...domain.model.intent import Intent
from ...domain.model.record import Origin, OwnedOrder, OwnedStatus
from ...domain.planning.leaving.headroom import fit_to_headroom
from ...domain.planning.leaving.measures import grown
from ...domain.planning.pending import Pending, PendingChange, is_unseen_place
from ...domain.planning.plan import Amend, Cancel, Place, Plan
from ...domain.planning.remap_levels import RETIRED
from ...domain.planning.targets import Target
from ...domain.recognition.link_ids import make_link_id
from .findings import Findings
from .pace import may_touch_orders
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
    pending = run.pending
    amends = sorted(leaving.amends, key=lambda amend: grown(amend, pending) > 0)
    intents = [_announce_amend(run, amend, pending) for amend in amends]
    intents += [_announce_place(run, place) for place in leaving.places]
    return _announced(found, intents)


def announce_unchanged(run: Run, found: Findings) -> Findings:
    """Adds an intent for each vanished order of which none is announced: to the price it has.

    Or to the last price that an amend asked for and no read has shown: this one must not undo it.
    Its quantity is not named. Nobody knows what the order covers by now, and one that somebody has
    made smaller meanwhile must not grow by a plan that no read supports (promise P3).
    """
    amended = {each.order_link_id for each in run.intents if each.id in found.announced}
    pending = run.pending
    intents: list[Intent] = []
    for order in run.record.resting:
        if order.order_link_id not in found.vanished - amended:
            continue
        price = _last_asked(pending.get(order.order_link_id)) or order.price
        target = Target(order.level, order.part, price, order.remaining)
        intents.append(_announce_amend(run, Amend(order, target, price, None), {}))
    return _announced(found, intents)


def _last_asked(change: PendingChange | None) -> Decimal | None:
    """The price that amends have asked for last: not each of them names it."""
    amends = [w for w in change.writes if w.operation is Operation.AMEND] if change else []
    return next((w.price for w in reversed(amends) if w.price is not None), None)


def _announced(found: Findings, intents: Sequence[Intent]) -> Findings:
    return replace(found, announced=found.announced | {intent.id for intent in intents})


def may_leave(run: Run, instrument: Instrument | None, plan: Plan) -> Plan:
    """The part of the plan that may be sent while earlier writes are pending."""
    if instrument is None:
        return plan
    record = run.record
    return fit_to_headroom(
        plan,
        run.pending,
        record.covered,
        record.position_size,
        instrument,
        taken=record.room_taken or ZERO,
    )


def drop_places(run: Run, plan: Plan, why: str) -> None:
    """Gives up orders that were sent, were never shown, and are not sent again by the plan.

    While such a request may still take effect its order stays on record, and is cancelled when a
    read shows it. After that the order is rejected: the read that the plan was made from, and its
    look-up, found it nowhere (promise P1).
    """
    kept = {place.resends.order_link_id for place in plan.places if place.resends is not None}
    kept |= run.pending.keys()
    for order in run.record.resting:
        if is_unseen_place(order) and order.order_link_id not in kept:
            run.record = run.record.with_order(replace(order, status=OwnedStatus.REJECTED))
            run.decide(f"🗑️ {order.order_link_id} never reached the order book: given up ({why})")


def _announce_cancel(run: Run, cancel: Cancel) -> Intent:
    order = cancel.order
    _report_level(run, order.level)
    intent = _intent(run, Operation.CANCEL, order, order.remaining)
    return run.announce(replace(intent, detail=cancel.reason))


def _announce_amend(run: Run, amend: Amend, pending: Pending) -> Intent:
    order, target = amend.order, amend.target
    _report_level(run, target.level)
    earlier = pending.get(order.order_link_id)
    if earlier is not None:
        # The new amend names every value that earlier ones may have changed; but for a price that
        # only stays as it is, which in a cool-down may undo a change by somebody else.
        moves = amend.price is not None or (earlier.moves and may_touch_orders(run))
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
    ids = (
        make_link_id(form, role, level, symbol, at_ms, run.ports.randomness.digits())
        for _ in count()
    )
    return next(one for one in ids if run.record.order(order_link_id=one) is None)


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
    exists, now = operation is not Operation.PLACE, run.now()
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
        created_at=now,
        covered=covered,
        covers=covers,
        generation=order.generation,
        price_before=order.price if exists else None,
        quantity_before=order.quantity if exists else None,
        until=now + run.ports.exchange.lateness.total,
        announced=run.moment(),
    )
