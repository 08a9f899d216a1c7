"""Which entries are to go, as the user has named them: a function of what is on record; pure."""

from collections.abc import Iterable

from ..model.order import Order, OrderKind
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus
from ..model.stop import CancelEntries

_KINDS = (OrderKind.PLAIN, OrderKind.OTHER)
"""An entry rests in the book, or waits for a trigger; what the exchange makes itself is none."""


def entries_to_cancel(
    record: MonitorRecord, orders: Iterable[Order], position_index: int
) -> tuple[Order, ...]:
    """The entries of these orders that are to go now.

    They are those that the user has named and that open more of the position, once the level has
    filled by what is on record. Nothing of that is an event: a fill that is seen late, twice or
    after a restart has the same result. As long as the position is open, an entry that comes later
    goes as well. Once it is closed only those go that were there when the level filled: a later one
    is of the next position.

    Args:
        record: the monitor's.
        orders: the open orders of its symbol.
        position_index: of its position.
    """
    rule = record.stop.wanted.cancel_entries if record.stop and record.wants_stop else None
    filled = _filled_beyond(record, rule) if rule else ()
    if rule is None or not filled:
        return ()
    latest_ms = max(order.updated_ms for order in filled)
    return tuple(
        order
        for order in orders
        if _is_entry(record, order, position_index)
        and rule.names(order.order_link_id)
        and (record.position_size or 0 < order.created_ms <= latest_ms)
    )


def _filled_beyond(record: MonitorRecord, rule: CancelEntries) -> tuple[OwnedOrder, ...]:
    """The orders by which the level of the rule, or one beyond it, has filled in this position."""
    return tuple(
        order
        for order in record.orders
        if order.level >= rule.after_level
        and order.status is OwnedStatus.FILLED
        and record.is_done(order.level)
    )


def _is_entry(record: MonitorRecord, order: Order, position_index: int) -> bool:
    """Whether the order, by its own fields, can only open more of the monitor's position."""
    return (
        order.status.is_open
        and not order.reduce_only
        and order.kind in _KINDS
        and order.side is record.key.side
        and order.symbol == record.key.symbol
        and order.position_index == position_index
        and record.order(order_id=order.order_id) is None
    )
