"""A ladder that is edited while orders rest: which order stands for which level of the new one.

A level is the same level where its price stayed: its order and its fills go with it, whatever
its number is now. An order that rests at a price no level has any more keeps its number: the
plan amends it to where it is needed, or cancels it. A fill at a price no level has any
more is history: it counts for no level, and the new shares divide what is open.
"""

from dataclasses import replace
from decimal import Decimal

from ..model.ladder import Ladder
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus

RETIRED = 0
"""The level number of orders whose level is no more."""


def remap_levels(record: MonitorRecord, ladder: Ladder, source: str = "given") -> MonitorRecord:
    """The record with another ladder, its orders moved to the levels of the same price."""
    numbers = {level.price: level.number for level in ladder.levels}
    orders = [_moved(order, numbers) for order in record.orders]
    return replace(record, ladder=ladder, ladder_source=source, orders=_with_own_parts(orders))


def next_cycle(record: MonitorRecord) -> MonitorRecord:
    """The record for a new position: nothing is filled.

    The last position's closed orders are still known: reads lag, and one that shows them open
    shall not make them the new one's. Those of positions before it are not. What was sent and not
    seen keeps its place: should it land now, the new position has it, and under the same id.
    """
    sent = [order for order in record.orders if order.status.may_rest]
    ended = [o for o in record.orders if o.order_id and o.level != RETIRED and o not in sent]
    orders = (*sent, *(replace(order, level=RETIRED) for order in ended))
    return replace(record, orders=orders, cycle=record.cycle + 1)


def at_home(record: MonitorRecord) -> MonitorRecord:
    """The record with each live order at the level whose price it rests at.

    An amend that was to move it to another level and did not happen left it there.
    """
    if record.ladder is None:
        return record
    numbers = {level.price: level.number for level in record.ladder.levels}
    for order in record.orders:
        level = numbers.get(order.asked_price, order.level)
        if order.status is OwnedStatus.OPEN and not order.filled and level != order.level:
            moved = replace(order, level=level, part=record.free_part(level))
            record = record.with_order(moved)
    return record


def _moved(order: OwnedOrder, numbers: dict[Decimal, int]) -> OwnedOrder:
    number = numbers.get(order.asked_price)
    if number is None:
        number = order.level if order.status.may_rest else RETIRED
    return replace(order, level=number)


def _with_own_parts(orders: list[OwnedOrder]) -> tuple[OwnedOrder, ...]:
    """Resting orders that met on one level become parts of it; the plan sorts them out."""
    taken: set[tuple[int, int]] = set()
    placed: list[OwnedOrder] = []
    for order in sorted(orders, key=lambda each: (each.level, each.part, each.generation)):
        part = order.part
        if order.status.may_rest:
            while (order.level, part) in taken:
                part += 1
            taken.add((order.level, part))
        placed.append(replace(order, part=part))
    return tuple(placed)
