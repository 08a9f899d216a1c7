"""Fills: orders against a market price that the user of the simulator moves.

There is no other trader. A buy fills when the price is at or below its limit, a sell when the price
is at or above it.
"""

from collections.abc import Iterator
from decimal import Decimal

from ..base.decimals import ZERO
from ..market import checks, ledger, reduce_only
from ..market.accounts import Account
from ..market.enums import CancelType, OrderType, RejectReason, Side, TimeInForce
from ..market.orders import SimOrder
from ..market.venue import Venue
from .attached import place_attached


def crosses(order: SimOrder, price: Decimal) -> bool:
    """Whether an order fills at a price; a market order always does."""
    if order.order_type is OrderType.MARKET:
        return True
    return order.price >= price if order.side is Side.BUY else order.price <= price


def execute(
    venue: Venue,
    account: Account,
    order: SimOrder,
    quantity: Decimal,
    price: Decimal,
    *,
    maker: bool,
) -> Decimal:
    """Fill an order, never beyond what reduce-only allows; returns how much was filled."""
    before = account.position_at(order.symbol, order.position_idx)
    if order.reduce_only:
        quantity = min(quantity, before.room_for(order.side))
    if quantity <= ZERO:
        ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)
        return ZERO
    ledger.book_fill(venue, account, order, quantity, price, maker=maker)
    reduce_only.after_change(venue, account, before)
    place_attached(venue, account, order, quantity)
    return quantity


def match_as_taker(venue: Venue, account: Account, order: SimOrder) -> None:
    """Match a newly active order with the market, as a taker."""
    last = venue.prices[order.symbol]
    crossing = crosses(order, last)
    found = order.leaves
    if venue.behaviour.liquidity is not None:
        found = min(found, venue.behaviour.liquidity)
    if crossing and order.time_in_force is TimeInForce.POST_ONLY:
        ledger.cancel(venue, account, order, CancelType.UNKNOWN, RejectReason.POST_ONLY)
        return
    if order.time_in_force is TimeInForce.FOK and (not crossing or found < order.leaves):
        ledger.cancel(venue, account, order, CancelType.UNKNOWN, RejectReason.NO_FULL_FILL)
        return
    if crossing and found > ZERO:
        _match_with_book(venue, account, order, found)
    rest = account.orders.get(order.order_id)
    if rest is not None and order.time_in_force is TimeInForce.IOC:
        ledger.cancel(venue, account, rest, CancelType.UNKNOWN, RejectReason.NO_LIQUIDITY)


def _match_with_book(venue: Venue, account: Account, order: SimOrder, found: Decimal) -> None:
    """Fill an order with what the book has for it, price by price."""
    last, behaviour = venue.prices[order.symbol], venue.behaviour
    walks = order.order_type is OrderType.MARKET
    is_endless = venue.depth(order.symbol, last) is None
    if not walks or (is_endless and not behaviour.slippage_ticks):
        execute(venue, account, order, found, last, maker=False)
        return
    for price in _book(venue, order):
        current = account.orders.get(order.order_id)
        if current is None or found <= ZERO:
            return
        depth = venue.depth(order.symbol, price)
        part = found if depth is None else min(depth, found)
        found -= execute(venue, account, current, part, price, maker=False)


def _book(venue: Venue, order: SimOrder) -> Iterator[Decimal]:
    """The prices that a market order meets, up to the band's bound (docs/faq: slippage band)."""
    spec, last = venue.spec(order.symbol), venue.prices[order.symbol]
    bound, rising = checks.band(spec, last)[order.side], order.side is Side.BUY
    step = spec.tick if rising else -spec.tick
    price = last + step * venue.behaviour.slippage_ticks
    while price <= bound if rising else price >= bound:
        yield price
        price += step
