"""Positions that the exchange takes over: liquidation and auto-deleveraging.

Orders of the position are cancelled first, under the two names that docs/v5/enum has for each; to
which orders each name goes is not documented: here the closing ones are ``…ByPrepare…``, all others
``…AllBefore…``. Then the exchange trades the position away, as BustTrade or AdlTrade.
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
    """One way in which the exchange takes a position over."""

    executions: ExecType
    closing: CancelType
    others: CancelType


LIQUIDATION = Takeover(ExecType.BUST, CancelType.BY_PREPARE_LIQ, CancelType.ALL_BEFORE_LIQ)
DELEVERAGING = Takeover(ExecType.ADL, CancelType.BY_PREPARE_ADL, CancelType.ALL_BEFORE_ADL)


def take_over(
    venue: Venue,
    account: Account,
    position: SimPosition,
    quantity: Decimal,
    how: Takeover,
    *,
    cancels: bool = True,
) -> None:
    """Trades so much of a position away at the market price, after its orders' cancels.

    Raises:
        ValueError: the position is not that large.
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
    """The exchange's own order, which closes."""
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
