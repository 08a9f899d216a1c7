"""Whose the open orders at a position are: divides them as a run would; pure."""

from collections.abc import Mapping, Sequence

from ...domain.model.identity import MonitorKey
from ...domain.model.order import Order, Position
from ...domain.model.record import MonitorRecord
from ...domain.recognition.classify import Recognition, adoptable, native
from ...domain.recognition.conflicts import role_conflict
from ...domain.tracking.matching import can_be_tp_of
from ...domain.venue.account import Account
from .result import Orders

Records = Mapping[MonitorKey, MonitorRecord]
"""The records of one account's monitors."""


def divide(
    orders: Sequence[Order],
    account: Account,
    position: Position,
    record: MonitorRecord | None,
    rules: Recognition,
) -> Orders:
    """Divides the orders at a position.

    An order that a run would leave alone is external, whatever its id says. While owned orders
    rest, a run adopts none: orders that it would adopt otherwise are external, and ``missed``.

    Args:
        orders: all open orders of the account.
        account: the account.
        position: the position.
        record: the position's monitor; None if it has none.
        rules: which orders may be adopted.
    """
    place = (position.symbol, position.position_index)
    at_it = [order for order in orders if (order.symbol, order.position_index) == place]
    owned = () if record is None else owned_among(at_it, record)
    others = [order for order in at_it if order not in owned]
    natives = tuple(order for order in others if native(order) is not None)
    in_mode = is_in_mode(position, account)
    known = tuple(
        order
        for order in others
        if in_mode
        and (record is None or not _is_on_record(order, record))
        and adoptable(order, position.side, rules)
    )
    free, missed = ((), known) if owned else (known, ())
    foreign = tuple(o for o in others if o not in natives and o not in free)
    conflict = role_conflict(foreign, position.side)
    conflicts = () if conflict is None else conflict.details
    return Orders(owned, free, natives, foreign, missed, conflicts)


def owned_among(orders: Sequence[Order], record: MonitorRecord) -> tuple[Order, ...]:
    """The orders that the record has as open, and that are TPs of its position by their fields."""
    ids = {owned.order_id for owned in record.resting if owned.order_id}
    names = {owned.order_link_id for owned in record.resting if not owned.order_id}
    return tuple(
        order
        for order in orders
        if can_be_tp_of(order, record.key)
        and (order.order_id in ids or order.order_link_id in names)
    )


def is_in_mode(position: Position, account: Account) -> bool:
    """Whether the position's ``positionIdx`` is the one of the account's position mode."""
    return account.position_mode.position_index(position.side) == position.position_index


def _is_on_record(order: Order, record: MonitorRecord) -> bool:
    """Whether the order is on record, open or closed."""
    found = record.order(order_link_id=order.order_link_id, order_id=order.order_id)
    return found is not None
