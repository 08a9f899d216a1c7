"""Bybit's words for orders, executions and cancels (docs/v5/enum)."""

from enum import StrEnum


class Side(StrEnum):
    """Which way an order or a position goes."""

    BUY = "Buy"
    SELL = "Sell"

    @property
    def opposite(self) -> "Side":
        """The side that closes this one."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(StrEnum):
    """Limit or Market."""

    LIMIT = "Limit"
    MARKET = "Market"


class TimeInForce(StrEnum):
    """How long an order waits (docs/v5/enum)."""

    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"
    POST_ONLY = "PostOnly"


class OrderStatus(StrEnum):
    """The states of docs/v5/enum that derivatives meet."""

    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    UNTRIGGERED = "Untriggered"
    REJECTED = "Rejected"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    DEACTIVATED = "Deactivated"

    @property
    def is_open(self) -> bool:
        """Whether an order in this state can still do something."""
        return self in _OPEN


_OPEN = frozenset({OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.UNTRIGGERED})


class CancelType(StrEnum):
    """Who cancelled (docs/v5/enum)."""

    UNKNOWN = "UNKNOWN"
    BY_USER = "CancelByUser"
    BY_REDUCE_ONLY = "CancelByReduceOnly"
    BY_TPSL_CLEAR = "CancelByTpSlTsClear"
    BY_ADMIN = "CancelByAdmin"
    BY_PREPARE_LIQ = "CancelByPrepareLiq"
    ALL_BEFORE_LIQ = "CancelAllBeforeLiq"
    BY_PREPARE_ADL = "CancelByPrepareAdl"
    ALL_BEFORE_ADL = "CancelAllBeforeAdl"


class ExecType(StrEnum):
    """What an execution is (docs/v5/enum): a trade, or the exchange taking a position over."""

    TRADE = "Trade"
    ADL = "AdlTrade"
    BUST = "BustTrade"

    @property
    def create_type(self) -> str:
        """Who made the order of such executions (docs/v5/enum); empty where its kind says it."""
        return {"AdlTrade": "CreateByAdl_PassThrough", "BustTrade": "CreateByLiq"}.get(self, "")


class RejectReason(StrEnum):
    """Why the engine closed an order that was accepted (docs/v5/enum)."""

    NONE = "EC_NoError"
    POST_ONLY = "EC_PostOnlyWillTakeLiquidity"
    NO_LIQUIDITY = "EC_NoImmediateQtyToFill"
    NO_FULL_FILL = "EC_CancelForNoFullFill"
    REQUESTED = "EC_PerCancelRequest"
    NOT_THERE = "EC_OrigClOrdIDDoesNotExist"


class StopOrderType(StrEnum):
    """What kind of conditional order it is, as Bybit reports it (docs/v5/enum)."""

    NONE = "UNKNOWN"
    STOP = "Stop"
    TAKE_PROFIT = "TakeProfit"
    STOP_LOSS = "StopLoss"
    TRAILING_STOP = "TrailingStop"
    PARTIAL_TAKE_PROFIT = "PartialTakeProfit"
    PARTIAL_STOP_LOSS = "PartialStopLoss"

    @property
    def is_native(self) -> bool:
        """Whether trading-stop makes such orders (docs/v5/position/trading-stop)."""
        return self not in {StopOrderType.NONE, StopOrderType.STOP}

    @property
    def tpsl_mode(self) -> str:
        """Full, Partial, or nothing for orders that are not of trading-stop."""
        if not self.is_native:
            return ""
        return "Full" if self.covers_whole_position else "Partial"

    @property
    def covers_whole_position(self) -> bool:
        """Whether the exchange sizes the order with the position (tpslMode Full)."""
        return self.is_native and not self.name.startswith("PARTIAL")
