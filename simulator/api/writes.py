"""The writes of one order: create, amend, cancel. They are acknowledged now and take effect later.

The reply means "accepted … asynchronous" (docs/v5/order/create-order, amend-order, cancel-order).
The rules are checked at the acknowledgement and again when the write takes effect; a write that
fails then fails without a reply.
"""

from dataclasses import dataclass, replace

from ..base import errors, params
from ..base.behaviour import InFlight, NoChange
from ..base.errors import ApiError
from ..base.params import Params
from ..market import checks, ledger, legs, order_request, reduce_only
from ..market.accounts import Account
from ..market.enums import CancelType, OrderStatus, OrderType, RejectReason
from ..market.orders import SimOrder
from ..market.venue import Venue
from ..matching import fills, triggers
from ..wallet import margin


@dataclass(frozen=True, slots=True)
class Ack:
    """The acknowledgement of a write: the ids of the order."""

    order_id: str
    link_id: str


def create(venue: Venue, account: Account, fields: Params) -> Ack:
    """Accept a new order (docs/v5/order/create-order).

    Raises:
        ApiError: the order breaks a rule; nothing has changed.
    """
    order = order_request.check_order(venue, account, order_request.read_order(venue, fields))
    order = reduce_only.fit(venue, account, order)
    margin.require(venue, account, order)
    order = replace(
        order,
        order_id=venue.ids.fresh("order"),
        number=venue.numbers.next(),
        queue=venue.queue.next(),
    )
    if order.link_id:
        account.link_ids[order.link_id] = order.order_id
    account.pending[order.order_id] = order
    venue.after(venue.behaviour.effect_delay_ms, lambda: _book(venue, account, order))
    return Ack(order.order_id, order.link_id)


def _book(venue: Venue, account: Account, order: SimOrder) -> None:
    account.pending.pop(order.order_id, None)
    order = replace(order, created_ms=venue.now(), updated_ms=venue.now())
    try:
        fitted = reduce_only.fit(venue, account, order)
    except ApiError:
        ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)
        return
    ledger.put_order(venue, account, fitted)
    if fitted.is_active:
        fills.match_as_taker(venue, account, fitted)
    elif triggers.is_reached(fitted, venue.board.at(fitted.symbol, fitted.trigger_by)):
        triggers.trigger(venue, account, fitted)


def find(venue: Venue, account: Account, fields: Params, verb: str) -> SimOrder:
    """The open order that an amend or a cancel names; orderId takes precedence over orderLinkId.

    Raises:
        ApiError: 10001: there is no id; 110001: no such order is open; 110079: the order is not
            in the engine yet; the contract takes no orders.
    """
    order_id, link_id = params.text(fields, "orderId"), params.text(fields, "orderLinkId")
    symbol = params.required(fields, "symbol")
    checks.takes_orders(venue.spec(symbol))
    if not order_id and not link_id:
        raise errors.missing("orderId or orderLinkId")
    order_id = order_id or account.link_ids.get(link_id, "")
    if order_id in account.pending and venue.behaviour.in_flight is InFlight.PROCESSING:
        raise errors.in_flight()
    order = account.orders.get(order_id)
    if order is None or order.symbol != symbol:
        raise errors.too_late(verb)
    return order


def cancel(venue: Venue, account: Account, fields: Params) -> Ack:
    """Accept a cancel (docs/v5/order/cancel-order); the order that is bound to it goes too.

    A binding ends when one side alone is set anew (docs/v5/position/trading-stop).

    Raises:
        ApiError: 110001: the order is not open.
    """
    return cancel_order(venue, account, find(venue, account, fields, "cancel"))


def cancel_order(venue: Venue, account: Account, order: SimOrder) -> Ack:
    """Accept the cancel of an order that was open when it was looked up."""
    venue.after(
        venue.behaviour.effect_delay_ms, lambda: _cancel_now(venue, account, order.order_id)
    )
    return Ack(order.order_id, order.link_id)


def _cancel_now(venue: Venue, account: Account, order_id: str) -> None:
    order = account.orders.get(order_id)
    if order is not None:
        for each in (order, account.bound_to(order)):
            if each is not None:
                ledger.cancel(venue, account, each, CancelType.BY_USER)
    elif venue.behaviour.second_filled:
        _publish_fill_again(venue, account, order_id)


def _publish_fill_again(venue: Venue, account: Account, order_id: str) -> None:
    """Publish a filled order again after a cancel that came too late.

    The books don't change (docs/v5/websocket/private/order, on two "Filled").
    """
    ended = (order for order in reversed(account.closed) if order.order_id == order_id)
    order = next(ended, None)
    if order is not None and order.status is OrderStatus.FILLED:
        repeated = replace(
            order, cancel_type=CancelType.BY_USER, reject_reason=RejectReason.NOT_THERE
        )
        venue.record_change(account, repeated)


def amend(venue: Venue, account: Account, fields: Params) -> Ack:
    """Accept an amend: qty is the new total, the ids stay (docs/v5/order/amend-order).

    Raises:
        ApiError: the order is not open, or the amended order would break a rule.
    """
    order = find(venue, account, fields, "replace")
    if order.stop_order_type.is_native and not venue.behaviour.native_amends:
        raise errors.parameter("params error: orders of trading-stop can not be amended")
    changed = _amended(venue, account, order, fields)
    if changed == order and venue.behaviour.no_change is NoChange.ERROR:
        raise ApiError(venue.behaviour.no_change_code, venue.behaviour.no_change_text)
    venue.after(
        venue.behaviour.effect_delay_ms,
        lambda: _replace(venue, account, order.order_id, fields),
    )
    return Ack(order.order_id, order.link_id)


def _amended(venue: Venue, account: Account, order: SimOrder, fields: Params) -> SimOrder:
    spec = venue.spec(order.symbol)
    quantity, price = params.number(fields, "qty"), params.number(fields, "price")
    trigger = params.number(fields, "triggerPrice")
    if trigger and not order.is_conditional:
        raise errors.parameter("params error: triggerPrice err: the order waits for no trigger")
    changed = replace(
        order,
        quantity=order.quantity if quantity is None else quantity,
        price=order.price if price is None or order.order_type is OrderType.MARKET else price,
        trigger_price=order.trigger_price if trigger is None else trigger or order.trigger_price,
        trigger_by=(
            checks.trigger_by(fields, "triggerBy")
            if params.text(fields, "triggerBy")
            else order.trigger_by
        ),
        attached=legs.amended(fields, order),
    )
    if changed == order:
        return order
    if changed.quantity != order.quantity:
        checks.quantity(spec, changed)
        if changed.quantity <= order.filled:
            raise errors.below_filled()
    if changed.attached != order.attached and order.filled:
        raise errors.partly_filled()
    triggered_by = (changed.trigger_price, changed.trigger_by)
    if triggered_by != (order.trigger_price, order.trigger_by) and order.is_conditional:
        checks.trigger_side(venue, changed)
    if changed.price != order.price or venue.behaviour.amend_checks_price:
        changed = checks.price(venue, spec, changed)
    legs.check_attached(venue, changed)
    if changed.order_type is OrderType.LIMIT:
        checks.notional(venue, spec, changed)
    margin.require(venue, account, changed, instead=order)
    grown = changed.quantity > order.quantity
    return reduce_only.fit(venue, account, changed) if grown else changed


def _replace(venue: Venue, account: Account, order_id: str, fields: Params) -> None:
    order = account.orders.get(order_id)
    if order is None:
        return
    try:
        changed = _amended(venue, account, order, fields)
    except ApiError:
        return
    if changed == order:
        return
    moved = changed.price != order.price or changed.quantity > order.quantity
    changed = replace(
        changed,
        queue=venue.queue.next() if moved else order.queue,
        updated_ms=venue.now(),
    )
    ledger.put_order(venue, account, changed)
    if changed.is_active and moved:
        fills.match_as_taker(venue, account, changed)
