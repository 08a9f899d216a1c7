"""Updating the orders on record to what the exchange shows, or no longer shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..copies import replace
from ..model.identity import MonitorKey
from ..model.order import Order, OrderKind, OrderStatus, OrderType
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus


@dataclass(frozen=True, slots=True)
class MatchedRead:
    """A record updated to a read of the open orders.

    Attributes:
        record: with every owned order that the read shows as the read shows it.
        unseen: owned orders that may rest and that the read does not list. What became of each
            must be looked up before anything is decided.
        disowned: orders on record that, as the exchange shows, are no TP of this position, for
            instance a stop-loss (original bot, I09). The record drops them, and trueup leaves them
            alone.
        outdated: owned orders that the read shows in an earlier state than the record has, or
            open although the record has them closed. The whole read is outdated then, and must
            not be used.
    """

    record: MonitorRecord
    unseen: tuple[OwnedOrder, ...]
    disowned: tuple[OwnedOrder, ...] = ()
    outdated: tuple[OwnedOrder, ...] = ()


def match_orders(record: MonitorRecord, open_orders: Sequence[Order]) -> MatchedRead:
    """Updates the record's orders to a complete read of the symbol's open orders.

    Order ids decide, where the record has one, else link ids. A read lists open orders only:

    =======================================  ===============================================
    on record, and what the read lists       result
    =======================================  ===============================================
    open 40, 0 filled; open 40, 15 filled    on record with 15 filled: 25 still cover
    open 40; not listed                      unseen: filled, cancelled, or not shown yet
    open 40 as of 9 s; open 50 as of 8 s     outdated: the read is older than the record
    open 40; a conditional order             disowned: it is a stop-loss
    rejected 40 as of 0; open 40 as of 8 s   open again: it rests after all (promise P2)
    cancelled as of 9 s; open as of 8 s      outdated: it was closed after the read's state
    =======================================  ===============================================
    """
    unseen: list[OwnedOrder] = []
    disowned: list[OwnedOrder] = []
    outdated: list[OwnedOrder] = []
    for owned in record.orders:
        order = _shown(owned, open_orders)
        if not owned.status.may_rest:
            if order is None or not can_be_tp_of(order, record.key):
                continue
            if 0 < order.updated_ms <= owned.updated_ms:
                outdated.append(owned)
            else:
                own_part = replace(owned, part=record.free_part(owned.level))
                record = record.with_order(updated_from(own_part, order))
        elif order is None:
            unseen.append(owned)
        elif is_outdated(owned, order):
            outdated.append(owned)
        elif not can_be_tp_of(order, record.key):
            disowned.append(owned)
            record = record.with_order(replace(owned, status=OwnedStatus.REJECTED))
        else:
            updated = updated_from(owned, order)
            record = record if updated is owned else record.with_order(updated)
    return MatchedRead(record, tuple(unseen), tuple(disowned), tuple(outdated))


def is_outdated(owned: OwnedOrder, order: Order) -> bool:
    """Whether the exchange shows an earlier state of the order than the record has.

    Reads lag, and one read may show an earlier state than the read before (freqtrade#9273). Once
    the effect of an amend was seen, no read takes it back.
    """
    return 0 < order.updated_ms < owned.updated_ms


def can_be_tp_of(order: Order, key: MonitorKey) -> bool:
    """Whether the order's own fields allow it to be a TP of this position; ids prove nothing.

    For a filled order that is known only from its executions, nothing says whether it was
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


def updated_from(owned: OwnedOrder, order: Order) -> OwnedOrder:
    """The owned order as the exchange shows it, open or closed.

    Fills never go backwards: a read that shows less than is on record is outdated. If somebody
    moved the price of an open order, the order counts as asked for at the new price, so that the
    plan sees the difference. A price that differs the first time the order is seen was clipped
    by the exchange. What an adopted order had filled before it came on record, a later read may be
    the first to show: the position as it was known then has it, and nothing is left to report.
    """
    was_open = owned.status is OwnedStatus.OPEN
    moved = was_open and order.price != owned.price
    status, filled = _status(order), max(owned.filled, order.filled)
    updated_ms = max(owned.updated_ms, order.updated_ms)
    is_from_before = 0 < order.updated_ms <= owned.adopted_ms
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
        reported=filled if is_from_before else owned.reported,
        value=owned.value if order.filled < filled else order.value,
        fee=owned.fee if order.filled < filled else order.fee,
    )


def with_fills(owned: OwnedOrder, order: Order) -> OwnedOrder:
    """The owned order where its fills are all that shows it: it did exist, and may rest.

    They show it as it was at the last of them, so those that are on record already say nothing. The
    order's own time of that may be a little earlier: the record keeps the one that it has.

    =======================================  ===============================================
    on record, and its last fill             result
    =======================================  ===============================================
    open 40 as of 9 s; 15 of 50 at 10 s      open 50, 15 filled, as of 9 s
    open 40 as of 9 s; 15 of 50 at 8 s       as on record
    sent, not shown; 15 of 40 at 10 s        open 40, 15 filled
    =======================================  ===============================================
    """
    if order.filled <= owned.filled or is_outdated(owned, order):
        return owned
    return replace(updated_from(owned, order), updated_ms=owned.updated_ms)


def without_trace(owned: OwnedOrder) -> OwnedOrder:
    """The owned order where the exchange has no trace of it: closed with the fills on record.

    Bybit keeps cancelled orders without fills for 24 hours only (docs/v5/order/order-list.mdx).
    If no read ever showed the order, the exchange never accepted it. Nothing says when it ended,
    so anything that shows it again shows it open.
    """
    was_open = owned.status is OwnedStatus.OPEN
    status = OwnedStatus.CANCELLED if was_open else OwnedStatus.REJECTED
    return replace(owned, status=status, updated_ms=0)


def _status(order: Order) -> OwnedStatus:
    if order.status.is_open:
        return OwnedStatus.OPEN
    if order.status is OrderStatus.FILLED:
        return OwnedStatus.FILLED
    return OwnedStatus.CANCELLED


def _shown(owned: OwnedOrder, orders: Sequence[Order]) -> Order | None:
    """The order as the read lists it, or None."""
    for order in orders:
        if owned.order_id:
            if order.order_id == owned.order_id:
                return order
        elif order.order_link_id == owned.order_link_id:
            return order
    return None
