"""Commands as the items of a batch request; numbers leave as plain decimal strings.

pybit casts numbers at the top level of a request only: inside ``request[]`` a float would leave as
a JSON number, and a ``Decimal`` raises. If both ids are sent the order id decides
(docs/v5/order/batch-cancel.mdx), so only one is sent: the order id where there is one.
"""

from dataclasses import dataclass

from ....domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ....domain.model.instrument import plain
from ....domain.model.protection import SetStop
from . import names
from .values import TRIGGERS

Body = dict[str, str | int | bool]


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


def _named(order: AmendOrder | CancelOrder) -> Body:
    if order.order_id:
        return {names.SYMBOL: order.symbol, names.ORDER_ID: order.order_id}
    return {names.SYMBOL: order.symbol, names.ORDER_LINK_ID: order.order_link_id}
