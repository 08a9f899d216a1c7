"""Commands as the items of a batch request; numbers leave as plain decimal strings.

pybit casts numbers at the top level of a request only: inside ``request[]`` a float would leave as
a JSON number, and a ``Decimal`` raises. If both ids are sent the order id decides
(docs/v5/order/batch-cancel.mdx), so only one is sent: the order id where there is one.
"""

from dataclasses import dataclass, replace

from ....domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ....domain.model.identity import Side
from ....domain.model.instrument import plain
from ....domain.model.protection import AmendStop, PlaceStop, SetStop
from . import names
from .values import TRIGGERS

Body = dict[str, str | int | bool]

_DIRECTIONS = {Side.SELL: 1, Side.BUY: 2}
"""What the price does until the stop of a position triggers: 1 it rises, 2 it falls."""


@dataclass(frozen=True, slots=True)
class Item:
    """One order of a batch.

    Attributes:
        order_id: as sent; empty if the link id names the order.
        order_link_id: of the command, sent or not.
        body: the item of ``request[]``.
    """

    order_id: str
    order_link_id: str
    body: Body


def place_item(order: PlaceOrder) -> Item:
    """A reduce-only order, limit and GTC, or market and IOC (docs/v5/order/batch-place.mdx)."""
    kind: Body = {names.ORDER_TYPE: names.MARKET_ORDER}
    time_in_force = names.IMMEDIATE_OR_CANCEL
    if order.price is not None:
        kind = {names.ORDER_TYPE: names.LIMIT_ORDER, names.PRICE: plain(order.price)}
        time_in_force = names.GOOD_TILL_CANCELED
    body: Body = {
        names.SYMBOL: order.symbol,
        names.SIDE: order.side.value,
        names.QUANTITY: plain(order.quantity),
        **kind,
        names.TIME_IN_FORCE: time_in_force,
        names.REDUCE_ONLY: True,
        names.POSITION_INDEX: order.position_index,
        names.ORDER_LINK_ID: order.order_link_id,
    }
    return Item("", order.order_link_id, body)


def amend_item(order: AmendOrder) -> Item:
    """A change, naming only what changes (docs/v5/order/batch-amend.mdx)."""
    body = _named(order)
    if order.quantity is not None:
        body[names.QUANTITY] = plain(order.quantity)
    if order.price is not None:
        body[names.PRICE] = plain(order.price)
    return Item(order.order_id, order.order_link_id, body)


def cancel_item(order: CancelOrder) -> Item:
    """A cancel (docs/v5/order/batch-cancel.mdx)."""
    return Item(order.order_id, order.order_link_id, _named(order))


def stop_item(command: PlaceStop | AmendStop | CancelOrder) -> Item:
    """A stop that is a conditional reduce-only order, market or limit, in a request of its own.

    A long's is reached as the price falls to it, a short's as it rises
    (docs/v5/order/create-order.mdx, amend-order.mdx, cancel-order.mdx).
    """
    if isinstance(command, CancelOrder):
        return _with_category(cancel_item(command))
    triggers: Body = {
        names.TRIGGER_PRICE: plain(command.trigger_price),
        names.TRIGGER_BY: TRIGGERS[command.trigger_by],
        names.QUANTITY: plain(command.quantity),
    }
    if command.limit:
        triggers[names.PRICE] = plain(command.limit)
    if isinstance(command, AmendStop):
        body = _named(command) | triggers
        return _with_category(Item(command.order_id, command.order_link_id, body))
    body = triggers | {
        names.SYMBOL: command.symbol,
        names.SIDE: command.side.opposite.value,
        names.ORDER_TYPE: names.LIMIT_ORDER if command.limit else names.MARKET_ORDER,
        names.TRIGGER_DIRECTION: _DIRECTIONS[command.side],
        names.REDUCE_ONLY: True,
        names.POSITION_INDEX: command.position_index,
        names.ORDER_LINK_ID: command.order_link_id,
    }
    return _with_category(Item("", command.order_link_id, body))


def _with_category(item: Item) -> Item:
    body: Body = {names.CATEGORY: names.LINEAR}
    return replace(item, body=body | item.body)


def stop_parameters(command: SetStop) -> Body:
    """A position's stop in Full mode, naming only what changes.

    That mode *sets*: it amends what is there, and the exchange sizes it
    (docs/v5/position/trading-stop.mdx). "0" clears.
    """
    stop, before = command.stop, command.before
    body: Body = {
        names.CATEGORY: names.LINEAR,
        names.SYMBOL: command.symbol,
        names.POSITION_INDEX: command.position_index,
        names.TPSL_MODE: names.FULL,
    }
    if stop.price != before.price:
        body[names.STOP_LOSS] = plain(stop.price)
        if stop.price:
            body[names.STOP_LOSS_TRIGGER] = TRIGGERS[command.trigger_by]
    if (stop.trailing, stop.activation) != (before.trailing, before.activation):
        body[names.TRAILING_STOP] = plain(stop.trailing)
        if stop.activation:
            body[names.ACTIVE_PRICE] = plain(stop.activation)
    return body


def _named(order: AmendOrder | AmendStop | CancelOrder) -> Body:
    if order.order_id:
        return {names.SYMBOL: order.symbol, names.ORDER_ID: order.order_id}
    return {names.SYMBOL: order.symbol, names.ORDER_LINK_ID: order.order_link_id}
