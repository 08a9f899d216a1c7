"""The ledger: the only place where an account's orders, positions and fills change."""

from dataclasses import replace
from decimal import Decimal

from ..base.decimals import booked
from .accounts import Account
from .enums import CancelType, OrderType, RejectReason
from .orders import SimOrder
from .positions import Fill, SimPosition
from .venue import Venue

TAKER_FEE = Decimal("0.00055")
MAKER_FEE = Decimal("0.0002")


def put_order(venue: Venue, account: Account, order: SimOrder) -> None:
    """Book an order: among the open ones, or at the end of the closed ones."""
    if order.status.is_open:
        account.orders[order.order_id] = order
    else:
        account.orders.pop(order.order_id, None)
        account.closed.append(order)
    venue.record_change(account, order)


def put_unsent(venue: Venue, account: Account, order: SimOrder) -> None:
    """Book an open order with a change that reads show, and no stream sends."""
    account.orders[order.order_id] = order
    venue.touched[account.uid] = account


def unbind(account: Account, order: SimOrder) -> None:
    """Break the binding of a take-profit and stop-loss: each is now cancelled by itself."""
    for each in (order, account.bound_to(order)):
        current = None if each is None else account.orders.get(each.order_id)
        if current is not None and current.pair:
            account.orders[current.order_id] = replace(current, pair="")


def cancel(
    venue: Venue,
    account: Account,
    order: SimOrder,
    by: CancelType,
    reason: RejectReason = RejectReason.NONE,
) -> None:
    """Close an order without a fill."""
    put_order(venue, account, order.cancelled(by, venue.now(), reason))


def put_position(venue: Venue, account: Account, position: SimPosition) -> SimPosition:
    """Book a position under a new sequence number; another side begins a new one."""
    now = venue.now()
    before = account.position_at(position.symbol, position.idx)
    is_new = position.side is not None and position.side is not before.side
    written = replace(
        position,
        realised_before=position.realised if is_new else position.realised_before,
        created_ms=position.created_ms or now,
        updated_ms=now,
        seq=venue.sequence.next(),
    )
    account.positions[(position.symbol, position.idx)] = written
    venue.record_change(account, written)
    return written


def book_fill(
    venue: Venue,
    account: Account,
    order: SimOrder,
    quantity: Decimal,
    price: Decimal,
    *,
    maker: bool,
) -> None:
    """Book a fill: execution, order and position together.

    The wallet gets what was realised, and pays the fee (docs/v5/account/transaction-log: change =
    cashFlow + funding - fee).

    Execution and position share their seq: "used to associate each fill and each position update"
    (docs/v5/websocket/private/execution).
    """
    fee = booked(quantity * price * (MAKER_FEE if maker else TAKER_FEE))
    before = account.position_at(order.symbol, order.position_idx)
    after = put_position(venue, account, before.after_fill(order.side, quantity, price))
    gain = after.realised - before.realised
    account.pay(venue.instruments[order.symbol].settle_coin, gain - fee)
    filled = order.with_fill(quantity, price, fee, venue.now())
    filled = replace(filled, realised=order.realised + gain)
    put_order(venue, account, filled)
    fill = _fill(venue, order, filled, quantity, price, maker=maker)
    closed = min(quantity, before.room_for(order.side))
    fill = replace(fill, closed=closed, realised=gain, seq=after.seq)
    account.fills.append(fill)
    venue.record_change(account, fill)


def _fill(
    venue: Venue,
    order: SimOrder,
    filled: SimOrder,
    quantity: Decimal,
    price: Decimal,
    *,
    maker: bool,
) -> Fill:
    return Fill(
        execution_id=venue.ids.fresh("execution"),
        order_id=order.order_id,
        link_id=order.link_id,
        symbol=order.symbol,
        side=order.side,
        quantity=quantity,
        price=price,
        order_quantity=order.quantity,
        order_price=order.price if order.order_type is OrderType.LIMIT else price,
        order_type=order.order_type.value,
        stop_order_type=order.stop_order_type.value,
        leaves=filled.leaves,
        fee=filled.fee - order.fee,
        fee_rate=MAKER_FEE if maker else TAKER_FEE,
        is_maker=maker,
        at_ms=venue.now(),
        exec_type=order.exec_type,
    )
