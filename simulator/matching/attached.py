"""What is attached to an entry becomes orders (docs/v5/order/create-order).

When the entry fills its take-profit and stop-loss become orders of the position, with the entry's
link id as their parentOrderLinkId (docs/v5/order/open-order). Both of one entry are bound. In Full
mode the position has one of each kind, which a later entry amends. In Partial mode each has the
size that its entry filled, and may be a limit order.
"""

from dataclasses import replace
from decimal import Decimal

from ..base.decimals import ZERO
from ..market import ledger
from ..market.accounts import Account
from ..market.enums import OrderStatus, OrderType, Side, TimeInForce
from ..market.legs import LEGS
from ..market.orders import Attached, SimOrder
from ..market.venue import Venue


def place_attached(venue: Venue, account: Account, parent: SimOrder, quantity: Decimal) -> None:
    """Place or resize what is attached to an order after a fill of that order."""
    position = account.position_at(parent.symbol, parent.position_idx)
    pair = parent.order_id if len(parent.attached) == len(LEGS) else ""
    for each in parent.attached:
        if position.side is not parent.side:
            return
        existing = _existing(account, parent, each)
        whole = each.kind.covers_whole_position
        size = position.size if whole else quantity + (existing.quantity if existing else ZERO)
        if existing is not None and existing.pair != pair:
            ledger.unbind(account, existing)
        order = replace(existing or _new_order(venue, parent, each), quantity=size, pair=pair)
        if whole:
            order = replace(order, trigger_price=each.trigger, parent_link_id=parent.link_id)
        ledger.put_order(venue, account, replace(order, updated_ms=venue.now()))


def _existing(account: Account, parent: SimOrder, each: Attached) -> SimOrder | None:
    """The order that exists already: the position's in Full mode, else this entry's."""
    for order in account.open_orders(parent.symbol):
        same = order.stop_order_type is each.kind and order.position_idx == parent.position_idx
        whole = each.kind.covers_whole_position
        own = order.parent_link_id == parent.link_id and order.trigger_price == each.trigger
        if same and order.is_conditional and (whole or own):
            return order
    return None


def _new_order(venue: Venue, parent: SimOrder, each: Attached) -> SimOrder:
    gains = each.kind in LEGS[0].kinds.values()
    market = each.limit is None
    return SimOrder(
        order_id=venue.ids.fresh("order"),
        link_id="",
        symbol=parent.symbol,
        side=parent.side.opposite,
        order_type=OrderType.MARKET if market else OrderType.LIMIT,
        quantity=ZERO,
        price=each.limit or ZERO,
        reduce_only=True,
        time_in_force=TimeInForce.IOC if market else TimeInForce.GTC,
        position_idx=parent.position_idx,
        status=OrderStatus.UNTRIGGERED,
        created_ms=venue.now(),
        updated_ms=venue.now(),
        queue=venue.queue.next(),
        number=venue.numbers.next(),
        trigger_price=each.trigger,
        trigger_direction=1 if (parent.side is Side.BUY) is gains else 2,
        trigger_by=each.trigger_by,
        stop_order_type=each.kind,
        close_on_trigger=True,
        last_price_on_created=venue.prices[parent.symbol],
        parent_link_id=parent.link_id,
    )
