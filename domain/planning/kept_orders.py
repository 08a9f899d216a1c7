"""Orders that stay as they are, because the contract's rules allow no better one in their place.

Rules bind what is placed or amended; an order that rests outlives a change of them. Such an order
still closes its part of the position, and what cannot be made again is not given up: it is kept,
its level counts what it covers, and the other orders are planned around it (promise P4).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..model.instrument import ZERO, Instrument, plain
from ..model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from .targets import Targets


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """An order that stays, and why: a phrase for people."""

    order: OwnedOrder
    why: str


def kept_at_first(
    record: MonitorRecord, instrument: Instrument, unchangeable: Collection[str] = ()
) -> tuple[KeptOrder, ...]:
    """Orders that cannot be changed at all.

    Args:
        record: the monitor.
        instrument: the rules.
        unchangeable: order ids that the exchange refused to amend, though the rules allow it. All
            orders of their levels stay.
    """
    kept: list[KeptOrder] = []
    refused = {order.level for order in _live(record) if order.order_id in unchangeable}
    for order in _live(record):
        if order.level in refused:
            kept.append(KeptOrder(order, "the exchange refuses to amend it"))
        elif _is_at_its_level(record, order) and not instrument.on_tick(order.price):
            tick = plain(instrument.tick)
            why = f"its price {plain(order.price)} is not a multiple of the tick size {tick}"
            kept.append(KeptOrder(order, why))
    return tuple(kept)


def kept_for_their_fills(
    record: MonitorRecord, instrument: Instrument, kept: Sequence[KeptOrder]
) -> tuple[KeptOrder, ...]:
    """Further orders that have filled off the quantity step, as far as the position has room.

    A total on the step would leave them with a remainder that is off it.
    """
    room = record.position_size - covered_by(kept)
    known = {each.order.order_link_id for each in kept}
    more: list[KeptOrder] = []
    for order in _live(record):
        off_step = order.filled % instrument.quantity_step
        if off_step and order.order_link_id not in known and order.remaining <= room:
            room -= order.remaining
            step = plain(instrument.quantity_step)
            why = f"{plain(order.filled)} of it filled, off the quantity step {step}"
            more.append(KeptOrder(order, why))
    return tuple(more)


def kept_besides(
    record: MonitorRecord,
    instrument: Instrument,
    kept: Sequence[KeptOrder],
    targets: Targets,
) -> tuple[KeptOrder, ...]:
    """Further orders that are worth more than what ``targets`` would make of them.

    An order above the maximum cannot grow, and one below a minimum would go: both stay, as far as
    the position has room for them. That holds for orders that trueup placed, by rules that allowed
    it then; an adopted one is brought into the ladder's shape where that costs no cover. Where the
    targets would cover less than what rests, every order stays that could not be made again, though
    they exceed the position by less than a step.

    Args:
        record: the monitor.
        instrument: the rules.
        kept: the orders that stay anyway.
        targets: what shall rest beside them.
    """
    room = record.position_size - covered_by(kept)
    known = {each.order.order_link_id for each in kept}
    planned = covered_by(kept) + sum((target.quantity for target in targets.orders), ZERO)
    loses = planned < min(record.covered, record.position_size)
    more: list[KeptOrder] = []
    for order in _live(record):
        if order.order_link_id in known:
            continue
        if _is_at_its_level(record, order) and order.origin is Origin.PLACED:
            why = _worth_keeping(order, instrument, targets, loses=loses)
        else:
            why = _cannot_be_made_again(order, instrument) if loses else ""
        beyond = order.remaining - room
        if why and (beyond <= 0 or (loses and beyond < instrument.quantity_step)):
            room -= order.remaining
            more.append(KeptOrder(order, why))
    return tuple(more)


def covered_by(kept: Sequence[KeptOrder]) -> Decimal:
    """What the kept orders cover."""
    return sum((each.order.remaining for each in kept), ZERO)


def _live(record: MonitorRecord) -> list[OwnedOrder]:
    return [order for order in record.orders if order.status is OwnedStatus.OPEN]


def _is_at_its_level(record: MonitorRecord, order: OwnedOrder) -> bool:
    level = record.ladder.level(order.level) if record.ladder else None
    return level is not None and level.price == order.asked_price


def _worth_keeping(
    order: OwnedOrder, instrument: Instrument, targets: Targets, *, loses: bool
) -> str:
    """Why the order is worth more than what the targets make of it; empty if it is not."""
    total = order.quantity
    wanted = targets.of_level(order.level) + order.filled
    if min(total, wanted) > instrument.max_quantity:
        return f"the exchange's largest order is {plain(instrument.max_quantity)} now"
    parts = {(target.level, target.part) for target in targets.orders}
    is_gone = (order.level, order.part) not in parts
    if is_gone and not instrument.allows(total, order.price):
        return "it is below the exchange's minimum now"
    return _cannot_be_made_again(order, instrument) if loses else ""


def _cannot_be_made_again(order: OwnedOrder, instrument: Instrument) -> str:
    """Which rule would refuse the order if it were placed now; empty if none would."""
    if order.quantity > instrument.max_quantity:
        return f"the exchange's largest order is {plain(instrument.max_quantity)} now"
    if not instrument.allows(order.quantity, order.price):
        return "it is below the exchange's minimum now"
    if order.quantity % instrument.quantity_step:
        return f"it is no multiple of the quantity step {plain(instrument.quantity_step)}"
    return ""
