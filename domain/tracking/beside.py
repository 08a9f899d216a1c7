"""Reduce-only orders of others that close a position beside its ladder: pure functions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..model.instrument import ZERO, plain
from ..model.order import Order
from ..model.record import MonitorRecord


def orders_beside(record: MonitorRecord, orders: Iterable[Order]) -> tuple[Order, ...]:
    """The external reduce-only orders in the book that close the monitor's position.

    An order that waits for a trigger takes no room before it.

    Args:
        record: the monitor.
        orders: the live orders of its symbol.
    """
    return tuple(
        order
        for order in orders
        if order.reduce_only
        and order.remaining
        and order.trigger_price is None
        and order.side is record.key.side.opposite
        and record.order(order_link_id=order.order_link_id, order_id=order.order_id) is None
    )


def quantity_beside(record: MonitorRecord, orders: Iterable[Order]) -> Decimal:
    """What these orders close; see :func:`orders_beside`."""
    return sum((order.remaining for order in orders_beside(record, orders)), ZERO)


def what_they_do(quantities: Sequence[Decimal], verb: str, what: str) -> str:
    """``an external reduce-only order of 0.05 takes the room``, for people."""
    total = plain(sum(quantities, ZERO))
    if len(quantities) == 1:
        return f"an external reduce-only order of {total} {verb}s {what}"
    return f"{len(quantities)} external reduce-only orders of {total} {verb} {what}"


def close_too(quantities: Sequence[Decimal]) -> str:
    """That these orders close the position too, for people."""
    return what_they_do(quantities, "close", "the position too")
