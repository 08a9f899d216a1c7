"""Trailing stops: they wait for their activation price, then follow the best price at a distance.

They follow the last price (docs/v5/position/trading-stop names no other for them).
"""

from dataclasses import replace

from ..market import ledger
from ..market.accounts import Account
from ..market.enums import Side
from ..market.orders import SimOrder
from ..market.venue import Venue


def follow(venue: Venue, account: Account, order: SimOrder) -> None:
    """Activate a trailing stop, or move its trigger, if the last price has got that far."""
    price, trail = venue.prices[order.symbol], order.trail
    if trail is None:
        return
    bound = trail.activation if trail.best is None else trail.best
    rising = order.side is Side.SELL
    if bound is not None and (price < bound if rising else price > bound):
        return
    if price == trail.best:
        return
    moved = replace(trail, best=price)
    changed = replace(
        order, trail=moved, trigger_price=moved.trigger(order.side), updated_ms=venue.now()
    )
    if venue.behaviour.trailing_sent:
        ledger.put_order(venue, account, changed)
    else:
        ledger.put_unsent(venue, account, changed)
