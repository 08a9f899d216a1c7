"""The messages of the private stream and their items (docs/v5/websocket/private).

Every item is a whole record. Where the sample on Bybit's page is of another product, empty values
follow linear messages that clients have logged: "" for what an order does not have, "0" in
positions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ..api.rows import create_type, fill_row, order_row, position_row, short
from ..base.decimals import plain
from ..market.enums import StopOrderType
from ..market.orders import SimOrder
from ..market.positions import Fill, SimPosition
from .frames import Json
from .topics import CATEGORY, Topic

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
"""The fields whose values are objects; a copy of an item copies them too."""
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
    """One message, before it gets the name under which a client subscribed its topic.

    Attributes:
        uid: the account that it is about.
        topic: its topic.
        symbol: the contract that it is about.
        at_ms: when it happened, in virtual milliseconds since the epoch.
        identity: the id of the envelope; "" for execution.fast, which has none.
        items: the records.
    """

    uid: str
    topic: Topic
    symbol: str
    at_ms: int
    identity: str
    items: tuple[Json, ...]

    def body(self, name: str) -> Json:
        """The JSON under the name that the client subscribed: a copy that it may change."""
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
    """An item of `order`, which carries no sequence number (docs/v5/websocket/private/order)."""
    row = order_row(order, coin)
    item = {
        "category": CATEGORY,
        **row,
        "brokerOrderPrice": "",
        "closedPnl": short(order.realised),
        "feeCurrency": "",
        "leavesQty": plain(order.leaves),
        "leavesValue": plain(order.leaves * order.price),
        "marketUnit": "",
        "ocoTriggerBy": "",
        "slippageTolerance": "0",
        "tpslMode": row["tpslMode"] or "UNKNOWN",
    }
    del item["extraFees"]
    return item


def execution_item(fill: Fill, mark: Decimal, coin: str) -> Json:
    """An item of `execution` (docs/v5/websocket/private/execution)."""
    return {
        "category": CATEGORY,
        **fill_row(fill, mark),
        "createType": create_type(StopOrderType(fill.stop_order_type), fill.exec_type),
        "execPnl": short(fill.realised),
        "feeCurrency": coin,
        "isLeverage": "0",
        "marketUnit": "",
    }


def fast_item(execution: Json) -> Json:
    """The item of `execution.fast` that belongs to an item of `execution`.

    The link id is left empty in a maker's fill (docs/v5/websocket/private/fast-execution).
    """
    item = {name: execution[name] for name in _FAST}
    return {**item, "orderLinkId": ""} if item["isMaker"] else item


def position_item(
    position: SimPosition, mark: Decimal, orders: Iterable[SimOrder], leverage: Decimal
) -> Json:
    """An item of `position`; avgPrice is called entryPrice (docs/v5/websocket/private/position)."""
    row = position_row(position, mark, orders, leverage)
    for name in _ZERO_IN_POSITIONS:
        row[name] = row[name] or "0"
    return {"category": CATEGORY, "entryPrice": row.pop("avgPrice"), **row}


def bare(item: Json) -> Json:
    """An item of `position` without what some leave out: no seq, and an empty category."""
    return {name: value for name, value in item.items() if name != "seq"} | {"category": ""}
