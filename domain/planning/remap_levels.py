"""Which order stands for which level after a ladder is edited while orders rest.

A level is the same level where its price stayed: its order and its fills go with it, whatever its
number is now. An order that rests at a price that no level has now keeps its number; the
plan amends it to where it is needed, or cancels it. A fill at such a price counts for no level:
the new shares divide what is open.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from math import inf

from ..model.ladder import Ladder
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus, PositionAnchor

RETIRED = 0
"""The level number of orders whose level no longer exists."""

LAST_POSITION = -1
"""The level number of the last position's closed orders: no edit of the ladder makes them count."""


def remap_levels(record: MonitorRecord, ladder: Ladder, source: str = "given") -> MonitorRecord:
    """The record with another ladder, its orders moved to the levels of the same price.

    The levels were at 1, 2, 3 and 4; the new ladder has 0.5, 1 and 2:

    ============  =========  =========  ====================================================
    order         old level  new level  because
    ============  =========  =========  ====================================================
    rests at 1    TP1        TP2        the level at 1 is now the second
    filled at 2   TP2        TP3        its fill goes with it: TP3 is finished
    rests at 3    TP3        TP3        no level has its price: the plan amends or cancels it
    filled at 4   TP4        retired    its fill counts for no level of the new ladder
    ============  =========  =========  ====================================================
    """
    numbers = {level.price: level.number for level in ladder.levels}
    orders = [_moved(order, numbers) for order in record.orders]
    return replace(record, ladder=ladder, ladder_source=source, orders=_with_own_parts(orders))


def renumber_levels(
    record: MonitorRecord, ladder: Ladder, source: str, numbers: Mapping[int, int]
) -> MonitorRecord:
    """The record with a ladder of the same levels at other prices: every order keeps its level.

    TP2 has filled at a price of its own; TP1 is moved beyond it. What has filled goes with TP2,
    which is the first level now, although no level has the price of its order.

    Args:
        record: the record.
        ladder: the ladder.
        source: where the ladder is from.
        numbers: the new number of each level, by its number before.
    """
    orders = [replace(each, level=numbers.get(each.level, each.level)) for each in record.orders]
    return replace(record, ladder=ladder, ladder_source=source, orders=_with_own_parts(orders))


def next_cycle(
    record: MonitorRecord,
    anchor: PositionAnchor | None = None,
    *,
    lag: timedelta = timedelta(0),
) -> MonitorRecord:
    """The record for a new position, for which nothing has filled yet.

    The last position's closed orders stay known: reads lag, and a read that shows them open must
    not assign them to the new position. Those of earlier positions are dropped, unless they ended
    so lately that a read may still show them, or what they filled is not reported: where no run
    came to its end between two new positions. An order in flight keeps its place: if the exchange
    accepts it now, the new position has it, under the same id. An order that ended after the new
    position opened is the new one's; where nobody knows when that was, or only that the monitor was
    seen flat before, every closed order is the last one's.

    Args:
        record: of the last position.
        anchor: the new position.
        lag: how late reads may be.
    """
    last = record.anchor
    flat_ms = last.at_ms if last is not None and not last.size else -1
    opened_ms = anchor.opened_ms if anchor and anchor.opened_ms != flat_ms else 0
    resting = [order for order in record.orders if order.status.may_rest]
    closed = [o for o in record.orders if o.order_id and not o.status.may_rest]
    later = [order for order in closed if 0 < opened_ms < order.updated_ms]
    shown_ms = anchor.at_ms - lag / timedelta(milliseconds=1) if anchor else inf
    earlier = [
        replace(order, level=LAST_POSITION)
        for order in closed
        if order not in later
        and (
            order.level != LAST_POSITION
            or order.updated_ms > shown_ms
            or order.filled > order.reported
        )
    ]
    orders = (*resting, *later, *earlier)
    return replace(record, orders=orders, cycle=record.cycle + 1, anchor=anchor)


def without_earlier_fills(record: MonitorRecord) -> MonitorRecord:
    """The record where no order counts that had ended when the position opened.

    Reads lag: an order may be found closed only after the new position was recognised.
    """
    opened_ms = record.anchor.opened_ms if record.anchor else 0
    earlier = {order.order_link_id for order in record.orders if order.ended_by(opened_ms)}
    if not earlier:
        return record
    orders = tuple(
        [
            replace(order, level=LAST_POSITION) if order.order_link_id in earlier else order
            for order in record.orders
        ]
    )
    return replace(record, orders=orders)


def with_orders_at_their_prices(record: MonitorRecord) -> MonitorRecord:
    """The record with each live order at the level whose price it rests at.

    An amend that was to move an order to another level, and did not happen, leaves the order on
    record at the level it never reached.
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
    if order.level == LAST_POSITION and not order.status.may_rest:
        return order
    number = numbers.get(order.asked_price)
    if number is None:
        number = order.level if order.status.may_rest else RETIRED
    return replace(order, level=number)


def _with_own_parts(orders: list[OwnedOrder]) -> tuple[OwnedOrder, ...]:
    """Resting orders that now share a level become parts of it; the plan merges them."""
    occupied: set[tuple[int, int]] = set()
    placed: list[OwnedOrder] = []
    for order in sorted(orders, key=lambda each: (each.level, each.part, each.generation)):
        part = order.part
        if order.status.may_rest:
            while (order.level, part) in occupied:
                part += 1
            occupied.add((order.level, part))
        placed.append(replace(order, part=part))
    return tuple(placed)
