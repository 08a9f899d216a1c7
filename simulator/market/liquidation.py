"""Liquidation, auto-deleveraging and delivery: the exchange takes a position over.

First it cancels the position's orders. docs/v5/enum has two cancel types for each case, without
saying which orders get which: here closing orders get ``…ByPrepare…`` and all others
``…AllBefore…``. Then it closes the position with a BustTrade or an AdlTrade. At its delivery a
dated future's orders get ``CancelByDelivery``, and its positions an execution of type Delivery.
"""

from dataclasses import dataclass
from decimal import Decimal

from ..base.decimals import ZERO
from . import ledger, reduce_only
from .accounts import Account
from .enums import CancelType, ExecType, OrderStatus, OrderType, Side, TimeInForce
from .orders import SimOrder
from .positions import SimPosition
from .venue import Venue


@dataclass(frozen=True, slots=True)
class Takeover:
    """One way in which the exchange takes a position over.

    Attributes:
        executions: the type of the executions.
        closing: the cancel type of orders that close the position.
        others: the cancel type of all other orders.
    """

    executions: ExecType
    closing: CancelType
    others: CancelType


LIQUIDATION = Takeover(ExecType.BUST, CancelType.BY_PREPARE_LIQ, CancelType.ALL_BEFORE_LIQ)
DELEVERAGING = Takeover(ExecType.ADL, CancelType.BY_PREPARE_ADL, CancelType.ALL_BEFORE_ADL)

DELIVERY = Takeover(ExecType.DELIVERY, CancelType.BY_DELIVERY, CancelType.BY_DELIVERY)


def deliver(venue: Venue, symbol: str) -> None:
    """Cancel the contract's orders, and close its positions at the price that it has now."""
    venue.deliveries[symbol] = (venue.now(), venue.prices[symbol])
    for account in venue.accounts.values():
        for order in account.open_orders(symbol):
            ledger.cancel(venue, account, order, CancelType.BY_DELIVERY)
        held = [p for p in account.positions.values() if p.symbol == symbol and p.size > ZERO]
        for position in held:
            take_over(venue, account, position, position.size, DELIVERY, cancels=False)


def take_over(
    venue: Venue,
    account: Account,
    position: SimPosition,
    quantity: Decimal,
    how: Takeover,
    *,
    cancels: bool = True,
) -> None:
    """Close a quantity of a position at the market price, after the cancels of its orders.

    Raises:
        ValueError: the position is smaller than the quantity.
    """
    if position.side is None or not ZERO < quantity <= position.size:
        raise ValueError(f"{position.symbol} has no position of {quantity}")
    for order in account.open_orders(position.symbol) if cancels else ():
        if order.position_idx == position.idx:
            closes = order.side is position.side.opposite
            ledger.cancel(venue, account, order, how.closing if closes else how.others)
    order = _order(venue, position, position.side, quantity, how)
    ledger.put_order(venue, account, order)
    ledger.book_fill(venue, account, order, quantity, order.price, maker=False)
    reduce_only.after_change(venue, account, position)


def _order(
    venue: Venue, position: SimPosition, side: Side, quantity: Decimal, how: Takeover
) -> SimOrder:
    """The exchange's own order that closes the position."""
    return SimOrder(
        order_id=venue.ids.fresh("order"),
        link_id="",
        symbol=position.symbol,
        side=side.opposite,
        order_type=OrderType.MARKET,
        quantity=quantity,
        price=venue.prices[position.symbol],
        reduce_only=True,
        time_in_force=TimeInForce.IOC,
        position_idx=position.idx,
        status=OrderStatus.NEW,
        created_ms=venue.now(),
        updated_ms=venue.now(),
        queue=venue.queue.next(),
        number=venue.numbers.next(),
        exec_type=how.executions,
    )
