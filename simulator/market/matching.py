"""Matching: orders against a market price that the user of the simulator moves.

There is no other trader. A buy fills when the price is at or below its limit, a sell when the price
is at or above it. Resting orders of all accounts fill in price-time order.
"""

import heapq
from dataclasses import dataclass, field, replace
from decimal import Decimal

from ..base.decimals import ZERO
from . import attached, ledger, reduce_only
from .accounts import Account
from .enums import CancelType, OrderStatus, OrderType, RejectReason, Side, TimeInForce
from .orders import SimOrder
from .venue import Venue


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
    attached.place_attached(venue, account, order, quantity)
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
        execute(venue, account, order, found, last, maker=False)
    rest = account.orders.get(order.order_id)
    if rest is not None and order.time_in_force is TimeInForce.IOC:
        ledger.cancel(venue, account, rest, CancelType.UNKNOWN, RejectReason.NO_LIQUIDITY)


def move_price(venue: Venue, symbol: str, target: Decimal) -> None:
    """Move a price, and fill every limit and fire every trigger on the way, in order."""
    path = _Path(venue, symbol, target)
    for account in venue.accounts.values():
        path.add_orders_of(account)
    budget = venue.behaviour.liquidity
    while (meeting := path.next_meeting()) is not None:
        account, order = meeting.account, meeting.order
        if order.is_active and budget == ZERO:
            continue
        venue.prices[symbol] = meeting.at
        if order.is_conditional:
            trigger(venue, account, order)
        else:
            quantity = order.leaves if budget is None else min(budget, order.leaves)
            filled = execute(venue, account, order, quantity, order.price, maker=True)
            budget = None if budget is None else budget - filled
        path.add_orders_of(account)
    venue.prices[symbol] = target


def trigger(venue: Venue, account: Account, order: SimOrder) -> None:
    """Turn a conditional order into an active one with the same id, and match it."""
    closable = reduce_only.closable(account, order)
    if order.reduce_only and closable == ZERO:
        ledger.cancel(venue, account, order, CancelType.BY_REDUCE_ONLY)
        return
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
    ledger.put_order(venue, account, active)
    match_as_taker(venue, account, active)


@dataclass(frozen=True, slots=True, order=True)
class _Meeting:
    """An order that the price reaches: the nearest first, then the best, then the oldest.

    At the same price limits come before triggers, because their trades set the price.
    """

    rank: tuple[Decimal, bool, Decimal, int]
    account: Account = field(compare=False)
    order: SimOrder = field(compare=False)
    at: Decimal = field(compare=False)


class _Path:
    """The path of a price to its target, and the orders on it."""

    def __init__(self, venue: Venue, symbol: str, target: Decimal) -> None:
        self._venue = venue
        self._symbol = symbol
        self._start = venue.prices[symbol]
        self._target = target
        self._ahead: list[_Meeting] = []
        self._seen: dict[str, SimOrder] = {}

    def add_orders_of(self, account: Account) -> None:
        """Add the orders of an account that are ahead; call it again after each change of them."""
        current = self._venue.prices[self._symbol]
        for order in account.orders.values():
            if order.symbol != self._symbol or self._seen.get(order.order_id) is order:
                continue
            self._seen[order.order_id] = order
            at = _met_at(order, current, self._target)
            if at is not None:
                better = order.price if order.side is Side.SELL else -order.price
                rank = (abs(at - self._start), order.is_conditional, better, order.queue)
                heapq.heappush(self._ahead, _Meeting(rank, account, order, at))

    def next_meeting(self) -> _Meeting | None:
        """The next order on the path that has not changed since it was added."""
        while self._ahead:
            meeting = heapq.heappop(self._ahead)
            if meeting.account.orders.get(meeting.order.order_id) is meeting.order:
                return meeting
        return None


def _met_at(order: SimOrder, current: Decimal, target: Decimal) -> Decimal | None:
    """The first price on the path at which an order fills or fires; None if it does neither."""
    if order.is_conditional:
        rising, level = order.trigger_direction == 1, order.trigger_price or ZERO
    else:
        rising, level = order.side is Side.SELL, order.price
    for price in (current, target):
        if (price >= level) if rising else (price <= level):
            return current if price == current else level
    return None
