"""Bybit's words for orders, executions and cancels (docs/v5/enum)."""

from enum import StrEnum


class Side(StrEnum):
    """The side of an order or a position."""

    BUY = "Buy"
    SELL = "Sell"

    @property
    def opposite(self) -> "Side":
        """The side that closes this one."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    """The type of an order."""

    LIMIT = "Limit"
    MARKET = "Market"


class TimeInForce(StrEnum):
    """How long an order stays in the book (docs/v5/enum)."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    POST_ONLY = "PostOnly"


class OrderStatus(StrEnum):
    """The order statuses of docs/v5/enum that derivatives have."""

    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    UNTRIGGERED = "Untriggered"
    TRIGGERED = "Triggered"
    """An instant between Untriggered and what follows; no order is listed with it."""
    REJECTED = "Rejected"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    DEACTIVATED = "Deactivated"

    @property
    def is_open(self) -> bool:
        """Whether an order with this status can still fill or trigger."""
        return self in _OPEN


_OPEN = frozenset(
    {
        OrderStatus.NEW,
        OrderStatus.PARTIALLY_FILLED,
        OrderStatus.UNTRIGGERED,
        OrderStatus.TRIGGERED,
    }
)


class TriggerBy(StrEnum):
    """The price that triggers a conditional order (docs/v5/enum, triggerBy)."""

    LAST = "LastPrice"
    MARK = "MarkPrice"
    INDEX = "IndexPrice"


class TpslMode(StrEnum):
    """What a take-profit or stop-loss closes: the whole position, or a part of it."""

    FULL = "Full"
    PARTIAL = "Partial"


class CancelType(StrEnum):
    """Who cancelled an order, and why (docs/v5/enum)."""

    UNKNOWN = "UNKNOWN"
    BY_USER = "CancelByUser"
    BY_REDUCE_ONLY = "CancelByReduceOnly"
    BY_TPSL_CLEAR = "CancelByTpSlTsClear"
    BY_ADMIN = "CancelByAdmin"
    BY_PREPARE_LIQ = "CancelByPrepareLiq"
    ALL_BEFORE_LIQ = "CancelAllBeforeLiq"
    BY_PREPARE_ADL = "CancelByPrepareAdl"
    ALL_BEFORE_ADL = "CancelAllBeforeAdl"
    BY_SETTLE = "CancelBySettle"
    BY_DELIVERY = "CancelByDelivery"
    BY_DCP = "CancelByDCP"


class ExecType(StrEnum):
    """The type of an execution (docs/v5/enum): a trade, or the exchange's own."""

    TRADE = "Trade"
    ADL = "AdlTrade"
    BUST = "BustTrade"
    DELIVERY = "Delivery"
    FUNDING = "Funding"
    SETTLE = "Settle"
    BLOCK = "BlockTrade"
    MOVED = "MovePosition"
    SPREAD = "FutureSpread"
    CORPORATE = "CorporateAction"
    """Of this one, and of the four before it, there are none here; a read may ask for them."""

    @property
    def create_type(self) -> str:
        """The createType of orders with such executions; "" if the order's kind decides it."""
        return {"AdlTrade": "CreateByAdl_PassThrough", "BustTrade": "CreateByLiq"}.get(self, "")


class RejectReason(StrEnum):
    """Why the engine closed an accepted order (docs/v5/enum)."""

    NONE = "EC_NoError"
    POST_ONLY = "EC_PostOnlyWillTakeLiquidity"
    NO_LIQUIDITY = "EC_NoImmediateQtyToFill"
    NO_FULL_FILL = "EC_CancelForNoFullFill"
    REQUESTED = "EC_PerCancelRequest"
    NOT_THERE = "EC_OrigClOrdIDDoesNotExist"


class StopOrderType(StrEnum):
    """The kind of a conditional order, as Bybit reports it (docs/v5/enum)."""

    NONE = "UNKNOWN"
    STOP = "Stop"
    TAKE_PROFIT = "TakeProfit"
    STOP_LOSS = "StopLoss"
    TRAILING_STOP = "TrailingStop"
    PARTIAL_TAKE_PROFIT = "PartialTakeProfit"
    PARTIAL_STOP_LOSS = "PartialStopLoss"

    @property
    def is_native(self) -> bool:
        """Whether trading-stop places such orders (docs/v5/position/trading-stop)."""
        return self not in {StopOrderType.NONE, StopOrderType.STOP}

    @property
    def tpsl_mode(self) -> str:
        """The tpslMode: Full or Partial; "" for orders that trading-stop did not place."""
        if not self.is_native:
            return ""
        return TpslMode.FULL if self.covers_whole_position else TpslMode.PARTIAL

    @property
    def covers_whole_position(self) -> bool:
        """Whether the exchange sizes the order with the position (tpslMode Full)."""
        return self.is_native and not self.name.startswith("PARTIAL")
