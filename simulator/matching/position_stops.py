"""The orders of trading-stop: take-profit, stop-loss and trailing stop of a position.

In Full mode a position has one of each: a second request amends it, and "0" cancels it. In Partial
mode each request adds one. Their orders have no link id. A take-profit and a stop-loss of one
request are bound; a later request for one side alone ends that (docs/v5/position/trading-stop).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..base.decimals import ZERO
from ..market import ledger
from ..market.accounts import Account
from ..market.enums import (
    CancelType,
    OrderStatus,
    OrderType,
    Side,
    StopOrderType,
    TimeInForce,
    TriggerBy,
)
from ..market.orders import SimOrder, Trail
from ..market.positions import SimPosition
from ..market.venue import Venue


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One order as a request wants it.

    Attributes:
        kind: its kind.
        trigger: its trigger price; 0 cancels what there is.
        by: the price that triggers it.
        rising: whether a rising price reaches the trigger.
        size: its quantity in Partial mode; None for the whole position.
        limit: the price of a limit order; None for a market order.
        trail: how a trailing stop follows the market.
    """

    kind: StopOrderType
    trigger: Decimal
    rising: bool
    by: TriggerBy = TriggerBy.LAST
    size: Decimal | None = None
    limit: Decimal | None = None
    trail: Trail | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a request makes of one order.

    Attributes:
        before: the order as it is; None for a new one.
        after: the order as it will be; without an id if it is new.
    """

    before: SimOrder | None
    after: SimOrder

    @property
    def is_real(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


def of_kind(account: Account, position: SimPosition, kind: StopOrderType) -> list[SimOrder]:
    """The waiting orders of a kind that close a position, oldest first."""
    return [
        order
        for order in account.open_orders(position.symbol)
        if order.stop_order_type is kind
        and order.is_conditional
        and order.position_idx == position.idx
    ]


def change_for(
    venue: Venue, account: Account, position: SimPosition, wanted: Wanted
) -> Change | None:
    """What an order that is wanted changes; None if there is nothing to cancel."""
    there = of_kind(account, position, wanted.kind) if wanted.size is None else []
    if not there:
        return None if wanted.trigger == ZERO else Change(None, _new(venue, position, wanted))
    if wanted.trigger == ZERO:
        return Change(there[0], there[0].cancelled(CancelType.BY_TPSL_CLEAR, venue.now()))
    moved = replace(
        there[0], trigger_price=wanted.trigger, trigger_by=wanted.by, trail=wanted.trail
    )
    return Change(there[0], moved)


def apply(venue: Venue, account: Account, changes: Sequence[Change], *, bound: bool) -> None:
    """Book the changes; orders of the same request are `bound`, others lose their binding."""
    orders = [_numbered(venue, change.after) for change in changes]
    for change, order in zip(changes, orders, strict=True):
        if not bound or not order.status.is_open:
            ledger.unbind(account, order)
        pair = orders[0].order_id if bound else ""
        booked = replace(order, pair=pair, updated_ms=venue.now())
        if change.is_real:
            ledger.put_order(venue, account, booked)
        else:
            ledger.put_unsent(venue, account, replace(order, pair=pair))


def _numbered(venue: Venue, order: SimOrder) -> SimOrder:
    if order.order_id:
        return order
    return replace(
        order,
        order_id=venue.ids.fresh("order"),
        queue=venue.queue.next(),
        number=venue.numbers.next(),
    )


def _new(venue: Venue, position: SimPosition, wanted: Wanted) -> SimOrder:
    market, now = wanted.limit is None, venue.now()
    return SimOrder(
        order_id="",
        link_id="",
        symbol=position.symbol,
        side=Side(position.side or Side.BUY).opposite,
        order_type=OrderType.MARKET if market else OrderType.LIMIT,
        quantity=position.size if wanted.size is None else wanted.size,
        price=wanted.limit or ZERO,
        reduce_only=True,
        time_in_force=TimeInForce.IOC if market else TimeInForce.GTC,
        position_idx=position.idx,
        status=OrderStatus.UNTRIGGERED,
        created_ms=now,
        updated_ms=now,
        queue=0,
        number=0,
        trigger_price=wanted.trigger,
        trigger_direction=1 if wanted.rising else 2,
        trigger_by=wanted.by,
        stop_order_type=wanted.kind,
        close_on_trigger=True,
        last_price_on_created=venue.prices[position.symbol],
        trail=wanted.trail,
    )
