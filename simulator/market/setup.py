"""Setting states up outright: recorded orders, positions by decree, hands on the exchange.

What is set up here passes no filter and meets no market: it is as it is said to be.
"""

from dataclasses import replace
from decimal import Decimal

from ..base import params
from ..base.decimals import ZERO
from ..base.params import Params
from . import checks, ledger, order_request, reduce_only
from .accounts import Account
from .enums import OrderStatus, Side, StopOrderType
from .orders import SimOrder
from .positions import SimPosition
from .venue import Venue


def with_position_idx(account: Account, fields: Params) -> Params:
    """The same fields with the positionIdx that fits the mode, where none is given."""
    if params.text(fields, "positionIdx"):
        return fields
    side = params.choice(fields, "side", Side)
    closing = params.flag(fields, "reduceOnly")
    held = side.opposite if closing else side
    return {**fields, "positionIdx": account.idx_for(params.text(fields, "symbol"), held)}


def record_order(venue: Venue, account: Account, fields: Params, order_id: str = "") -> SimOrder:
    """Let an order rest as it is described, without filters and without meeting the market.

    On top of the fields of order/create it takes stopOrderType, parentOrderLinkId, cumExecQty and
    createdTime.

    Raises:
        ApiError: 10001 for fields that make no order, 110072 for a link id that is taken.
        ValueError: for an order id that is taken.
    """
    order = order_request.read_order(venue, with_position_idx(account, fields))
    if order_id in account.orders or any(old.order_id == order_id for old in account.closed):
        raise ValueError(f"there is an order {order_id} already")
    if len(order.link_id) > checks.HARD_LINK_ID_LENGTH:
        raise ValueError("no link id was ever longer than 45")
    if order.link_id in account.link_ids:
        raise ValueError(f"there is an order with the link id {order.link_id} already")
    filled = params.number(fields, "cumExecQty") or ZERO
    created = params.integer(fields, "createdTime", order.created_ms)
    order = replace(
        with_labels(order, fields),
        order_id=order_id or venue.ids.fresh("order"),
        number=venue.numbers.next(),
        queue=venue.queue.next(),
        filled=filled,
        value=filled * order.price,
        status=OrderStatus.PARTIALLY_FILLED if filled else order.status,
        created_ms=created,
        updated_ms=created,
    )
    if order.link_id:
        account.link_ids[order.link_id] = order.order_id
    ledger.put_order(venue, account, order)
    return order


def with_labels(order: SimOrder, fields: Params) -> SimOrder:
    """The order with the stopOrderType and the parent that the fields give it, if they do."""
    kind = params.choice(fields, "stopOrderType", StopOrderType, order.stop_order_type)
    parent = params.text(fields, "parentOrderLinkId")
    return replace(order, stop_order_type=kind, parent_link_id=parent)


def set_position(
    venue: Venue, account: Account, symbol: str, side: Side, quantity: Decimal, price: Decimal
) -> None:
    """Let a position be what it is said to be; the orders that close it follow."""
    idx = account.idx_for(symbol, side)
    before = account.position_at(symbol, idx)
    flat = quantity == ZERO
    now = replace(
        before,
        side=None if flat else side,
        size=quantity,
        average_price=ZERO if flat else price,
    )
    ledger.put_position(venue, account, now)
    reduce_only.after_change(venue, account, before)


def position_of(account: Account, symbol: str, side: Side) -> SimPosition:
    """The position of a side: flat where the account holds the other one."""
    position = account.position_at(symbol, account.idx_for(symbol, side))
    if position.side is side:
        return position
    return SimPosition(symbol=symbol, idx=position.idx)
