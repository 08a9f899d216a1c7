"""Reduce-only rules: on arrival, at every fill, and whenever the position changes.

Bybit's pages promise only that such orders reduce a position (docs/v5/order/create-order) and that
the exchange may cancel them (cancelType CancelByReduceOnly, docs/v5/enum). What happens when they
add up to more than the position is a switch of `Behaviour`.
"""

from dataclasses import replace
from decimal import Decimal

from ..base import errors
from ..base.behaviour import ReduceOnlySum
from ..base.decimals import ZERO
from . import ledger
from .accounts import Account
from .enums import CancelType
from .orders import SimOrder
from .positions import SimPosition
from .venue import Venue


def closable(account: Account, order: SimOrder) -> Decimal:
    """How much of its position an order could close now."""
    return account.position_at(order.symbol, order.position_idx).room_for(order.side)


def resting(account: Account, order: SimOrder) -> list[SimOrder]:
    """The other active reduce-only orders that close the same position, oldest first."""
    return [
        other
        for other in account.open_orders(order.symbol)
        if other.is_active
        and other.reduce_only
        and other.side is order.side
        and other.position_idx == order.position_idx
        and other.order_id != order.order_id
    ]


def fit(venue: Venue, account: Account, order: SimOrder) -> SimOrder:
    """Cut an arriving or amended reduce-only order to what the position leaves it.

    Raises:
        ApiError: 110017: nothing is left, or the switch refuses the sum.
    """
    if not order.reduce_only or order.is_conditional:
        return order
    free = closable(account, order)
    policy = venue.behaviour.reduce_only_sum
    if policy in {ReduceOnlySum.REJECT, ReduceOnlySum.TRUNCATE_NEWEST}:
        free = max(ZERO, free - sum((o.leaves for o in resting(account, order)), ZERO))
    if free == ZERO or (policy is ReduceOnlySum.REJECT and order.leaves > free):
        raise errors.truncated_to_zero()
    return replace(order, quantity=order.filled + min(order.leaves, free))


def after_change(venue: Venue, account: Account, before: SimPosition) -> None:
    """Cancel, resize and trim the orders that close a position after it has changed."""
    if before.side is None:
        _resize_native(venue, account, before.symbol, before.idx)
        return
    now = account.position_at(before.symbol, before.idx)
    if now.side is not before.side:
        _clear(venue, account, before)
    _resize_native(venue, account, before.symbol, before.idx)
    if now.side is before.side and now.size < before.size:
        _trim(venue, account, now)


def _clear(venue: Venue, account: Account, before: SimPosition) -> None:
    for order in account.open_orders(before.symbol):
        if order.position_idx != before.idx or before.room_for(order.side) == ZERO:
            continue
        if order.stop_order_type.is_native:
            ledger.cancel(venue, account, order, CancelType.BY_TPSL_CLEAR)
        elif order.reduce_only and (
            venue.behaviour.resting_closed_when_flat
            if order.is_active
            else venue.behaviour.conditional_closed_when_flat
        ):
            ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)


def _resize_native(venue: Venue, account: Account, symbol: str, idx: int) -> None:
    position = account.position_at(symbol, idx)
    for order in account.open_orders(symbol):
        free = position.room_for(order.side)
        if (
            order.position_idx == idx
            and order.is_conditional
            and order.stop_order_type.covers_whole_position
            and free not in (ZERO, order.quantity)
        ):
            resized = replace(order, quantity=free, updated_ms=venue.now())
            ledger.put_order(venue, account, resized)


def _trim(venue: Venue, account: Account, position: SimPosition) -> None:
    policy = venue.behaviour.reduce_only_sum
    if position.side is None or policy is ReduceOnlySum.ALLOW:
        return
    closing = [
        order
        for order in account.open_orders(position.symbol)
        if order.is_active
        and order.reduce_only
        and order.position_idx == position.idx
        and position.room_for(order.side) > ZERO
    ]
    excess = sum((order.leaves for order in closing), ZERO) - position.size
    last = venue.prices[position.symbol]
    if policy is ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK:
        closing.sort(key=lambda order: (abs(order.price - last), order.number))
    while excess > ZERO and closing:
        order = closing.pop()
        if policy is ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK or order.leaves <= excess:
            excess -= order.leaves
            ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)
        else:
            cut = replace(order, quantity=order.quantity - excess, updated_ms=venue.now())
            ledger.put_order(venue, account, cut)
            excess = ZERO
