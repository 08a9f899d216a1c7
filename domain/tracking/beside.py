"""Reduce-only orders of others that close a position beside its ladder: pure functions."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from ..model.instrument import ZERO, plain
from ..model.order import Order, OrderKind, Position
from ..model.record import MonitorRecord


def orders_beside(record: MonitorRecord, orders: Iterable[Order]) -> tuple[Order, ...]:
    """The external reduce-only orders in the book that close the monitor's position.

    An order that waits for a trigger takes no room before it.

    Args:
        record: the monitor.
        orders: the live orders of its symbol.
    """
    return tuple(
        [
            order
            for order in orders
            if order.reduce_only
            and order.remaining
            and order.trigger_price is None
            and order.side is record.key.side.opposite
            and record.order(order_link_id=order.order_link_id, order_id=order.order_id) is None
        ]
    )


def closing_beside(position: Position, orders: Iterable[Order]) -> tuple[Order, ...]:
    """Those of the orders that close the position as a take-profit does, on record or not.

    That is a reduce-only limit in the book, and a conditional or native order that triggers where
    the position gains. A stop triggers where it loses, and only protects: with a long of 100 at a
    mark price of 0.70

    ======================================  =======================
    a reduce-only order to sell             closes it like a TP
    ======================================  =======================
    limit at 0.71                           yes
    conditional, triggers at 0.71           yes
    the exchange's own (partial) TP, 0.71   yes
    conditional, triggers at 0.69           no: a stop
    the exchange's own SL, trailing stop    no
    ======================================  =======================
    """
    return tuple(
        [
            order
            for order in orders
            if order.reduce_only
            and order.remaining
            and order.symbol == position.symbol
            and order.side is position.side.opposite
            and order.position_index == position.position_index
            and order.kind not in (OrderKind.STOP_LOSS, OrderKind.TRAILING_STOP)
            and (order.trigger_price is None or position.gains_until(order.trigger_price))
        ]
    )


def quantity_beside(record: MonitorRecord, orders: Iterable[Order]) -> Decimal:
    """What these orders close; see :func:`orders_beside`."""
    return sum([order.remaining for order in orders_beside(record, orders)], ZERO)


def what_they_do(quantities: Sequence[Decimal], verb: str, what: str) -> str:
    """``an external reduce-only order of 0.05 takes the room``, for people."""
    total = plain(sum(quantities, ZERO))
    if len(quantities) == 1:
        return f"an external reduce-only order of {total} {verb}s {what}"
    return f"{len(quantities)} external reduce-only orders of {total} {verb} {what}"


def close_too(quantities: Sequence[Decimal]) -> str:
    """That these orders close the position too, for people."""
    return what_they_do(quantities, "close", "the position too")
