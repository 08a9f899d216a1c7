"""The messages of the private stream, built from changes (docs/v5/websocket/private).

Every item is a whole record. Where the page's sample is of another product, empty values are those
of linear messages that clients have logged: "" for what an order does not have, "0" in positions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..api.rows import create_type, fill_row, order_row, position_row
from ..base.decimals import plain
from ..market.orders import CancelType, OrderStatus, RejectReason, SimOrder, StopOrderType
from ..market.positions import Fill, SimPosition
from .topics import CATEGORY, Topic

Json = dict[str, Any]

_ZERO_IN_POSITIONS = (
    "positionValue",
    "breakEvenPrice",
    "liqPrice",
    "takeProfit",
    "stopLoss",
    "unrealisedPnl",
    "sessionAvgPrice",
)
_NESTED = frozenset({"cumFeeDetail"})
"""The fields that are objects themselves."""
_FAST = (
    "category",
    "symbol",
    "execId",
    "execPrice",
    "execQty",
    "orderId",
    "isMaker",
    "orderLinkId",
    "side",
    "execTime",
    "seq",
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message before it is addressed to a subscriber.

    Attributes:
        identity: the id of the envelope, "" for execution.fast, which has none.
    """

    uid: str
    topic: Topic
    symbol: str
    at_ms: int
    identity: str
    items: tuple[Json, ...]

    def body(self, name: str) -> Json:
        """The message under the name that a subscriber asked for; its own to keep."""
        head = {"id": self.identity} if self.identity else {}
        return {
            **head,
            "topic": name,
            "creationTime": self.at_ms,
            "data": [_own(item) for item in self.items],
        }


def _own(item: Json) -> Json:
    own = item.copy()
    for name in _NESTED & own.keys():
        own[name] = own[name].copy()
    return own


def order_item(order: SimOrder, coin: str) -> Json:
    """An item of `order` (docs/v5/websocket/private/order). It carries no sequence number."""
    row = order_row(order)
    item = {
        "category": CATEGORY,
        **row,
        "brokerOrderPrice": "",
        "closedPnl": plain(order.realised),
        "cumFeeDetail": {coin: plain(order.fee)} if order.fee else {},
        "feeCurrency": "",
        "marketUnit": "",
        "ocoTriggerBy": "",
        "rejectReason": _reason(order).value,
        "slLimitPrice": "0",
        "slTriggerBy": "",
        "slippageTolerance": "0",
        "tpLimitPrice": "0",
        "tpTriggerBy": "",
        "tpslMode": row["tpslMode"] or "UNKNOWN",
    }
    del item["extraFees"]
    if not order.filled:
        item["avgPrice"] = ""
    if order.stop_order_type is StopOrderType.NONE:
        item["stopOrderType"] = ""
    if order.trigger_price is None:
        item.update(triggerPrice="", triggerBy="")
    return item


def _reason(order: SimOrder) -> RejectReason:
    """The reason; a cancel on request has one of its own on the stream."""
    asked = order.status is OrderStatus.CANCELLED and order.cancel_type is CancelType.BY_USER
    if asked and order.reject_reason is RejectReason.NONE:
        return RejectReason.REQUESTED
    return order.reject_reason


def execution_item(fill: Fill, mark: Decimal, coin: str) -> Json:
    """An item of `execution` (docs/v5/websocket/private/execution)."""
    return {
        "category": CATEGORY,
        **fill_row(fill, mark),
        "createType": create_type(StopOrderType(fill.stop_order_type), fill.exec_type),
        "execPnl": plain(fill.realised),
        "feeCurrency": coin,
        "isLeverage": "0",
        "marketUnit": "",
    }


def fast_item(execution: Json) -> Json:
    """The item of `execution.fast` for one of `execution`.

    A maker's fill does not tell the link id (docs/v5/websocket/private/fast-execution).
    """
    item = {name: execution[name] for name in _FAST}
    return {**item, "orderLinkId": ""} if item["isMaker"] else item


def position_item(position: SimPosition, mark: Decimal, orders: Iterable[SimOrder]) -> Json:
    """An item of `position` (docs/v5/websocket/private/position): avgPrice is entryPrice here."""
    row = position_row(position, mark, orders)
    for name in _ZERO_IN_POSITIONS:
        row[name] = row[name] or "0"
    return {"category": CATEGORY, "entryPrice": row.pop("avgPrice"), **row}
