"""What the record makes of an order that was seen, or not seen, at the exchange."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model.identity import MonitorKey
from ..model.order import Order, OrderKind, OrderStatus, OrderType
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus


@dataclass(frozen=True, slots=True)
class MatchedRead:
    """A record brought up to a read of the open orders.

    Attributes:
        record: with every owned order that was seen as it was seen.
        unseen: owned orders that may rest and were not among the open ones: what became of
            each must be looked up before anything is decided.
        old: owned orders that the read shows as they were before they were seen last, or open when
            they had been seen closed: it is an old read, and says nothing about anything.
        disowned: orders on record that the exchange shows to be no TP of this position, a
            stop-loss for instance (original bot, I09): off the record, and left alone.
    """

    record: MonitorRecord
    unseen: tuple[OwnedOrder, ...]
    disowned: tuple[OwnedOrder, ...] = ()
    old: tuple[OwnedOrder, ...] = ()


def match_orders(record: MonitorRecord, open_orders: Sequence[Order]) -> MatchedRead:
    """Brings the record's orders up to a complete read of the symbol's open orders.

    An order that is on record as closed and is shown open as it was before is an old read's. One
    that was given up, and rests after all, is ours again (promise P2).
    """
    unseen: list[OwnedOrder] = []
    disowned: list[OwnedOrder] = []
    old: list[OwnedOrder] = []
    for owned in record.orders:
        order = _of(owned, open_orders)
        if not owned.status.may_rest:
            if order is None or not fits(order, record.key):
                continue
            if 0 < order.updated_ms <= owned.updated_ms:
                old.append(owned)
            else:
                own_part = replace(owned, part=record.free_part(owned.level))
                record = record.with_order(seen(own_part, order))
        elif order is None:
            unseen.append(owned)
        elif is_older(owned, order):
            old.append(owned)
        elif not fits(order, record.key):
            disowned.append(owned)
            record = record.with_order(replace(owned, status=OwnedStatus.REJECTED))
        else:
            as_seen = seen(owned, order)
            record = record if as_seen is owned else record.with_order(as_seen)
    return MatchedRead(record, tuple(unseen), tuple(disowned), tuple(old))


def is_older(owned: OwnedOrder, order: Order) -> bool:
    """Whether the exchange shows a state of the order from before the one that was seen last.

    Reads lag, and may go back behind one another (freqtrade#9273): what an own amend changed is
    believed once it was seen.
    """
    return 0 < order.updated_ms < owned.updated_ms


def fits(order: Order, key: MonitorKey) -> bool:
    """Whether the order's own fields let it be a TP of this position; ids prove nothing.

    Of a closed order that is known from its executions only, it is not known whether it was
    reduce-only.
    """
    return (
        order.symbol == key.symbol
        and order.side is key.side.opposite
        and order.order_type is OrderType.LIMIT
        and order.trigger_price is None
        and order.kind is OrderKind.PLAIN
        and (order.reduce_only or not order.status.is_open)
    )


def seen(owned: OwnedOrder, order: Order) -> OwnedOrder:
    """The owned order as the exchange shows it, open or closed.

    Fills never go backwards: a read that shows less than is on record is an old one. An order
    whose price somebody moved is taken to have been asked for there, so that the plan sees
    the difference; a price that differs from the first sight on was clipped by the exchange.
    """
    was_live = owned.status is OwnedStatus.OPEN
    moved = was_live and order.price != owned.price
    status, filled = _status(order), max(owned.filled, order.filled)
    updated_ms = max(owned.updated_ms, order.updated_ms)
    now = (order.order_id, order.price, order.quantity, filled, updated_ms, status)
    if now == (
        owned.order_id,
        owned.price,
        owned.quantity,
        owned.filled,
        owned.updated_ms,
        owned.status,
    ):
        return owned
    return replace(
        owned,
        order_id=order.order_id,
        price=order.price,
        asked_price=order.price if moved else owned.asked_price,
        quantity=order.quantity,
        filled=filled,
        updated_ms=updated_ms,
        status=status,
    )


def gone(owned: OwnedOrder) -> OwnedOrder:
    """An owned order of which no trace is left: cancelled with the fills on record.

    Bybit keeps cancelled orders without fills for 24 hours only
    (docs/v5/order/order-list.mdx); one that was never seen to rest never landed. Nothing shows
    when it ended: what shows it again, shows it alive.
    """
    was_live = owned.status is OwnedStatus.OPEN
    status = OwnedStatus.CANCELLED if was_live else OwnedStatus.REJECTED
    return replace(owned, status=status, updated_ms=0)


def _status(order: Order) -> OwnedStatus:
    if order.status.is_open:
        return OwnedStatus.OPEN
    if order.status is OrderStatus.FILLED:
        return OwnedStatus.FILLED
    return OwnedStatus.CANCELLED


def _of(owned: OwnedOrder, orders: Sequence[Order]) -> Order | None:
    for order in orders:
        if owned.order_id:
            if order.order_id == owned.order_id:
                return order
        elif order.order_link_id == owned.order_link_id:
            return order
    return None
