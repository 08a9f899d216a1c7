"""Orders as values: every change makes a new one, so that old views of the book stay true."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ..base.decimals import ZERO


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


@dataclass(frozen=True, slots=True)
class Attached:
    """A take-profit or stop-loss that an entry brings with it (docs/v5/order/create-order).

    Attributes:
        kind: of the order that it becomes; its tpslMode is in it.
        limit: the price of a limit order (Partial mode only); None for a market order.
    """

    kind: StopOrderType
    trigger: Decimal
    trigger_by: str
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimOrder:
    """One order of one account.

    Attributes:
        quantity: the total, filled part included.
        price: the limit; for market orders the price at arrival.
        filled: cumExecQty.
        value: cumExecValue.
        fee: cumExecFee.
        realised: what its fills earned by closing, fees aside.
        queue: place in the time order of its price; a new place after some amends.
        number: the order's number in the order of creation.
        attached: what becomes of it when it fills.
        parent_link_id: link id of the entry that brought it.
        exec_type: what its executions are.
    """

    order_id: str
    link_id: str
    symbol: str
    side: Side
    order_type: OrderType
    quantity: Decimal
    price: Decimal
    reduce_only: bool
    time_in_force: TimeInForce
    position_idx: int
    status: OrderStatus
    created_ms: int
    updated_ms: int
    queue: int
    number: int
    filled: Decimal = ZERO
    value: Decimal = ZERO
    fee: Decimal = ZERO
    realised: Decimal = ZERO
    trigger_price: Decimal | None = None
    trigger_direction: int = 0
    trigger_by: str = "UNKNOWN"
    stop_order_type: StopOrderType = StopOrderType.NONE
    close_on_trigger: bool = False
    cancel_type: CancelType = CancelType.UNKNOWN
    reject_reason: RejectReason = RejectReason.NONE
    last_price_on_created: Decimal | None = None
    smp_type: str = "None"
    attached: tuple[Attached, ...] = ()
    parent_link_id: str = ""
    exec_type: ExecType = ExecType.TRADE

    @property
    def leaves(self) -> Decimal:
        """What can still be filled: nothing once the order is closed."""
        return self.quantity - self.filled if self.status.is_open else ZERO

    @property
    def is_active(self) -> bool:
        """Whether it stands in the book (open and not waiting for a trigger)."""
        return self.status.is_open and self.status is not OrderStatus.UNTRIGGERED

    @property
    def is_conditional(self) -> bool:
        """Whether it waits for its trigger."""
        return self.status is OrderStatus.UNTRIGGERED

    @property
    def average_price(self) -> Decimal:
        """The mean price of its fills, 0 without any."""
        return self.value / self.filled if self.filled else ZERO

    def with_fill(self, quantity: Decimal, price: Decimal, fee: Decimal, at_ms: int) -> "SimOrder":
        """The order after a fill."""
        filled = self.filled + quantity
        done = filled >= self.quantity
        return replace(
            self,
            filled=filled,
            value=self.value + quantity * price,
            fee=self.fee + fee,
            status=OrderStatus.FILLED if done else OrderStatus.PARTIALLY_FILLED,
            updated_ms=at_ms,
        )

    def cancelled(
        self, by: CancelType, at_ms: int, reason: RejectReason = RejectReason.NONE
    ) -> "SimOrder":
        """The order after its end; a conditional one that never triggered is Deactivated."""
        status = OrderStatus.DEACTIVATED if self.is_conditional else OrderStatus.CANCELLED
        return replace(self, status=status, cancel_type=by, reject_reason=reason, updated_ms=at_ms)
