"""Bybit's spellings of what the domain has values for, and what it accepts of us.

Source: docs/v5/enum.mdx and docs/v5/order/create-order.mdx.
"""

from collections.abc import Mapping
from typing import Final

from ....domain.model.events import Cause
from ....domain.model.order import CancelReason, Closure, OrderKind, OrderStatus, OrderType
from ....domain.model.stop import TriggerBy
from ....domain.venue.exchange_facts import LinkIdForm
from . import names

LINK_IDS: Final = LinkIdForm(max_length=36, alphabet="A-Za-z0-9_-")
"""The ``orderLinkId`` that Bybit documents (docs/v5/order/create-order.mdx)."""

ORDER_TYPES: Mapping[str, OrderType] = {
    names.LIMIT_ORDER: OrderType.LIMIT,
    names.MARKET_ORDER: OrderType.MARKET,
    names.UNKNOWN: OrderType.UNKNOWN,
}
"""``orderType``."""

ORDER_STATUSES: Mapping[str, OrderStatus] = {
    "New": OrderStatus.OPEN,
    "PartiallyFilled": OrderStatus.PARTIALLY_FILLED,
    "Untriggered": OrderStatus.PENDING_TRIGGER,
    "Triggered": OrderStatus.TRIGGERED,
    "Filled": OrderStatus.FILLED,
    "Cancelled": OrderStatus.CANCELLED,
    "PartiallyFilledCanceled": OrderStatus.CANCELLED,
    "Deactivated": OrderStatus.CANCELLED,
    "Rejected": OrderStatus.REJECTED,
}
"""``orderStatus``."""

_KINDS: Mapping[str, OrderKind] = {
    "": OrderKind.PLAIN,
    "TakeProfit": OrderKind.TAKE_PROFIT,
    "PartialTakeProfit": OrderKind.TAKE_PROFIT,
    "StopLoss": OrderKind.STOP_LOSS,
    "PartialStopLoss": OrderKind.STOP_LOSS,
    "TrailingStop": OrderKind.TRAILING_STOP,
}


TRIGGERS: Mapping[TriggerBy, str] = {
    TriggerBy.LAST: "LastPrice",
    TriggerBy.MARK: "MarkPrice",
    TriggerBy.INDEX: "IndexPrice",
}
"""``triggerBy`` and its like."""


_CAUSES: Mapping[str, Cause] = {
    "Trade": Cause.TRADE,
    "BlockTrade": Cause.TRADE,
    "AdlTrade": Cause.ADL,
    "BustTrade": Cause.LIQUIDATION,
    "Delivery": Cause.SETTLEMENT,
}
_STOPS = (OrderKind.STOP_LOSS, OrderKind.TRAILING_STOP)


def cause_of(execution_type: str, stop_order_type: str) -> Cause:
    """What ``execType`` and ``stopOrderType`` say of the order behind a trade."""
    cause = _CAUSES.get(execution_type, Cause.UNKNOWN)
    return (
        Cause.STOP_LOSS if cause is Cause.TRADE and order_kind(stop_order_type) in _STOPS else cause
    )


def order_kind(stop_order_type: str) -> OrderKind:
    """What a ``stopOrderType`` says of an order; a spelling that nobody knows is not plain."""
    return _KINDS.get(stop_order_type, OrderKind.OTHER)


def closure_of(cancel_type: str, reject_reason: str) -> Closure | None:
    """Why an order was closed, from ``cancelType`` and ``rejectReason``; None if neither says.

    ``CancelByReduceOnly`` is one of several spellings with "ReduceOnly" in them, in either field.
    Since 2024 an order that was cancelled on request has a reason that says so once more.
    """
    says_more = not cancel_type or reject_reason != names.ON_REQUEST
    said = " ".join(filter(None, (cancel_type, reject_reason if says_more else "")))
    if not said:
        return None
    if "ReduceOnly" in said:
        return Closure(CancelReason.REDUCE_ONLY, said)
    return Closure(CancelReason.BY_USER if "ByUser" in said else CancelReason.OTHER, said)
