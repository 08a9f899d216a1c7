"""Triggers: a conditional order becomes an active one with the same id, and matches."""

from dataclasses import replace
from decimal import Decimal

from ..base.decimals import ZERO
from ..market import ledger, reduce_only
from ..market.accounts import Account
from ..market.enums import CancelType, OrderStatus, OrderType, TimeInForce
from ..market.orders import SimOrder
from ..market.venue import Venue
from ..wallet import margin
from .fills import match_as_taker


def trigger(venue: Venue, account: Account, order: SimOrder) -> None:
    """Turn a conditional order into an active one with the same id, and match it.

    One that would open a position with more margin than there is, is cancelled
    (docs/v5/order/create-order, triggerPrice). Of a Partial take-profit and stop-loss that are
    bound, one that triggers cancels the other.
    """
    closable = reduce_only.closable(account, order)
    if order.reduce_only and closable == ZERO:
        ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)
        return
    partner = account.bound_to(order)
    if partner is not None and not order.stop_order_type.covers_whole_position:
        ledger.cancel(venue, account, partner, CancelType.BY_TPSL_CLEAR)
    whole = order.stop_order_type.covers_whole_position or order.quantity == ZERO
    market = order.order_type is OrderType.MARKET
    active = replace(
        order,
        status=OrderStatus.NEW,
        quantity=closable if whole and order.reduce_only else order.quantity,
        price=venue.prices[order.symbol] if market else order.price,
        time_in_force=TimeInForce.IOC if market else order.time_in_force,
        queue=venue.queue.next(),
        updated_ms=venue.now(),
    )
    if not margin.suffices(venue, account, active):
        ledger.cancel(venue, account, order, CancelType.UNKNOWN)
        return
    if venue.behaviour.triggered_sent:
        venue.record_change(account, replace(active, status=OrderStatus.TRIGGERED))
    ledger.put_order(venue, account, active)
    match_as_taker(venue, account, active)


def is_reached(order: SimOrder, price: Decimal) -> bool:
    """Whether a price triggers a conditional order; a trailing stop only once it is active."""
    if order.trail is not None and order.trail.best is None:
        return False
    level = order.trigger_price or ZERO
    return price >= level if order.trigger_direction == 1 else price <= level
