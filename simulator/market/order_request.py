"""Order requests: the fields of order/create become an order (docs/v5/order/create-order)."""

from dataclasses import replace

from ..base import errors, params
from ..base.decimals import ZERO
from ..base.params import Params
from . import checks, legs
from .accounts import Account
from .enums import OrderStatus, OrderType, Side, StopOrderType, TimeInForce
from .orders import SimOrder
from .venue import Venue

_HEDGE_IDX = {1: Side.BUY, 2: Side.SELL}


def read_order(venue: Venue, fields: Params) -> SimOrder:
    """Build the order that the fields describe; only their form is checked.

    In hedge mode an order against its position's side closes the position, so it is reduce-only.

    Raises:
        ApiError: 10001: a field is missing or malformed.
    """
    symbol = params.required(fields, "symbol")
    spec = venue.spec(symbol)
    side = params.choice(fields, "side", Side)
    order_type = params.choice(fields, "orderType", OrderType)
    market = order_type is OrderType.MARKET
    idx = params.integer(fields, "positionIdx")
    trigger = params.number(fields, "triggerPrice") or None
    quantity, price = params.number(fields, "qty"), params.number(fields, "price")
    if quantity is None:
        raise errors.missing("qty")
    if price is None and not market:
        raise errors.missing("price")
    now, last = venue.now(), venue.prices[spec.symbol]
    tif = params.choice(fields, "timeInForce", TimeInForce, TimeInForce.GTC)
    order = SimOrder(
        order_id="",
        link_id=params.text(fields, "orderLinkId"),
        symbol=symbol,
        side=side,
        order_type=order_type,
        quantity=quantity,
        price=(ZERO if trigger else last) if market or price is None else price,
        reduce_only=params.flag(fields, "reduceOnly")
        or (idx in _HEDGE_IDX and _HEDGE_IDX[idx] is not side),
        time_in_force=TimeInForce.IOC if market else tif,
        position_idx=idx,
        status=OrderStatus.UNTRIGGERED if trigger else OrderStatus.NEW,
        created_ms=now,
        updated_ms=now,
        queue=0,
        number=0,
        close_on_trigger=params.flag(fields, "closeOnTrigger"),
        last_price_on_created=last,
        smp_type=params.text(fields, "smpType") or "None",
    )
    order = replace(order, attached=legs.read_all(fields, order))
    return order if trigger is None else _conditional(order, fields)


def _conditional(order: SimOrder, fields: Params) -> SimOrder:
    return replace(
        order,
        trigger_price=params.number(fields, "triggerPrice"),
        trigger_direction=params.integer(fields, "triggerDirection"),
        trigger_by=checks.trigger_by(fields, "triggerBy"),
        stop_order_type=StopOrderType.STOP,
    )


def check_order(venue: Venue, account: Account, order: SimOrder) -> SimOrder:
    """Check an order against all rules; the returned order may have another quantity or price.

    A close order gets the position's size; the price may be clipped into the band.

    Raises:
        ApiError: the order breaks a rule; the error has that rule's code.
    """
    spec = venue.spec(order.symbol)
    checks.takes_orders(spec)
    checks.position_idx(account, order.symbol, order.position_idx)
    checks.link_id(venue, account, order.link_id)
    order = _closing_all(account, order)
    if order.quantity != ZERO or not (order.close_on_trigger and order.is_conditional):
        checks.quantity(spec, order)
    order = checks.price(venue, spec, order)
    checks.trigger_side(venue, order)
    legs.check_attached(venue, order)
    if order.order_type is OrderType.LIMIT:
        checks.notional(venue, spec, order)
    checks.caps(venue, account, order)
    return order


def _closing_all(account: Account, order: SimOrder) -> SimOrder:
    """Quantity 0 with reduceOnly and closeOnTrigger closes the whole position."""
    everything = order.quantity == ZERO and order.reduce_only and order.close_on_trigger
    if not everything or order.is_conditional:
        return order
    position = account.position_at(order.symbol, order.position_idx)
    if position.room_for(order.side) == ZERO:
        raise errors.truncated_to_zero()
    return replace(order, quantity=position.size)
