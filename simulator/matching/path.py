"""The path of a price: resting orders of all accounts fill on it in price-time order.

On its way triggers fire too. A gap has no way: whatever lies in it meets the market at its end.
"""

import heapq
from dataclasses import dataclass, field
from decimal import Decimal

from ..base.decimals import ZERO
from ..market.accounts import Account
from ..market.enums import Side, TriggerBy
from ..market.orders import SimOrder
from ..market.venue import Venue
from .fills import execute
from .trailing import follow
from .triggers import is_reached, trigger


def move_price(venue: Venue, symbol: str, target: Decimal, *, gap: bool = False) -> None:
    """Move a price, and fill every limit and fire every trigger on the way, in order."""
    path = _Path(venue, symbol, target, TriggerBy.LAST)
    for account in venue.accounts.values():
        path.add_orders_of(account)
    budget = venue.behaviour.liquidity
    while (meeting := path.next_meeting()) is not None:
        account, order = meeting.account, meeting.order
        if order.is_active and budget == ZERO:
            continue
        venue.prices[symbol] = target if gap else meeting.at
        if order.is_conditional:
            trigger(venue, account, order)
        else:
            quantity = order.leaves if budget is None else min(budget, order.leaves)
            filled = execute(venue, account, order, quantity, order.price, maker=True)
            budget = None if budget is None else budget - filled
        path.add_orders_of(account)
    venue.put_price(symbol, target)
    path.end()


def move_apart(venue: Venue, symbol: str, kind: TriggerBy, target: Decimal | None) -> None:
    """Move the mark or the index price alone: triggers fire, and match at the last price.

    With None it goes to the last price, and follows it from then on.
    """
    end = venue.prices[symbol] if target is None else target
    path = _Path(venue, symbol, end, kind)
    for account in venue.accounts.values():
        path.add_orders_of(account)
    while (meeting := path.next_meeting()) is not None:
        venue.board.apart[(symbol, kind)] = meeting.at
        trigger(venue, meeting.account, meeting.order)
        path.add_orders_of(meeting.account)
    venue.put_apart(symbol, kind, target)


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

    def __init__(self, venue: Venue, symbol: str, target: Decimal, kind: TriggerBy) -> None:
        self._venue = venue
        self._symbol = symbol
        self._kind = kind
        self._start = venue.board.at(symbol, kind)
        self._target = target
        self._ahead: list[_Meeting] = []
        self._seen: dict[str, SimOrder] = {}
        self._trailing: dict[str, Account] = {}

    def add_orders_of(self, account: Account) -> None:
        """Add the orders of an account that are ahead; call it again after each change of them."""
        symbol, seen, by_last = self._symbol, self._seen, self._kind is TriggerBy.LAST
        current = self._venue.board.at(symbol, self._kind)
        highest, lowest = max(current, self._target), min(current, self._target)
        for order in account.orders.values():
            if order.symbol != symbol or seen.get(order.order_id) is order:
                continue
            seen[order.order_id] = order
            sells = order.side is Side.SELL
            if order.is_conditional:
                at = self._fires_at(order, current, account)
            elif by_last and (order.price <= highest if sells else order.price >= lowest):
                at = _between(current, order)
            else:
                continue
            if at is not None:
                better = order.price if sells else -order.price
                rank = (abs(at - self._start), order.is_conditional, better, order.queue)
                heapq.heappush(self._ahead, _Meeting(rank, account, order, at))

    def next_meeting(self) -> _Meeting | None:
        """The next order on the path that has not changed since it was added."""
        while self._ahead:
            meeting = heapq.heappop(self._ahead)
            if meeting.account.orders.get(meeting.order.order_id) is meeting.order:
                return meeting
        return None

    def end(self) -> None:
        """Let the trailing stops that are left follow the price to where it is now."""
        for order_id, account in self._trailing.items():
            order = account.orders.get(order_id)
            if order is not None and order.is_conditional:
                follow(self._venue, account, order)

    def _fires_at(self, order: SimOrder, current: Decimal, account: Account) -> Decimal | None:
        """The first price on the path at which an order fires; None if it does not."""
        if order.trail is not None:
            self._trailing[order.order_id] = account
        if not self._moves(order.trigger_by):
            return None
        for price in (current, self._target):
            if is_reached(order, price):
                return current if price == current else order.trigger_price
        return None

    def _moves(self, trigger_by: str) -> bool:
        """Whether the price that triggers an order moves on this path."""
        if self._kind is not TriggerBy.LAST:
            return trigger_by == self._kind
        return self._venue.board.follows(self._symbol, trigger_by)


def _between(current: Decimal, order: SimOrder) -> Decimal:
    """Where a limit order fills that the path meets: at once if the price has passed it."""
    passed = current >= order.price if order.side is Side.SELL else current <= order.price
    return current if passed else order.price
