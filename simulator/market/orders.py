"""Orders as values: every change makes a new one, so that past states of the books stay true."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ..base.decimals import ZERO
from .enums import (
    CancelType,
    ExecType,
    OrderStatus,
    OrderType,
    RejectReason,
    Side,
    StopOrderType,
    TimeInForce,
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A take-profit or stop-loss that is attached to an entry (docs/v5/order/create-order).

    Attributes:
        kind: the kind of the order that it becomes, which implies its tpslMode.
        trigger: the trigger price.
        trigger_by: the price that triggers it, as "LastPrice".
        limit: the price of a limit order (Partial mode only); None for a market order.
    """

    kind: StopOrderType
    trigger: Decimal
    trigger_by: str
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """How a trailing stop follows the market (docs/v5/position/trading-stop).

    Attributes:
        distance: how far its trigger stays behind the best price.
        activation: the price that it waits for first; None for none.
        best: the best price since it is active; None until then.
    """

    distance: Decimal
    activation: Decimal | None = None
    best: Decimal | None = None

    def trigger(self, side: Side) -> Decimal:
        """The trigger price of an order of a side: until the activation, the activation price."""
        if self.best is None:
            return self.activation or ZERO
        return self.best - self.distance if side is Side.SELL else self.best + self.distance


@dataclass(frozen=True, slots=True, kw_only=True)
class SimOrder:
    """One order of one account.

    Attributes:
        quantity: the total quantity, including what is filled.
        price: the limit; for market orders the price at arrival.
        filled: cumExecQty.
        value: cumExecValue.
        fee: cumExecFee.
        realised: the profit that its fills realised by closing, before fees.
        queue: its place in time priority; some amends give it a new one.
        number: a number that counts orders in the order of their creation.
        attached: the take-profit and stop-loss that its fills place.
        parent_link_id: the link id of the entry that it was attached to.
        pair: the same text in the two orders of a take-profit and stop-loss that are bound; "" in
            an order that is not.
        trail: how it follows the market, if it is a trailing stop.
        exec_type: the type of its executions.
        shown_as: fields that its rows and stream items show with other values than this simulator
            knows, as a newer Bybit would.
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
    pair: str = ""
    trail: Trail | None = None
    exec_type: ExecType = ExecType.TRADE
    shown_as: tuple[tuple[str, object], ...] = ()

    @property
    def leaves(self) -> Decimal:
        """The quantity that can still fill: 0 once the order is closed."""
        return self.quantity - self.filled if self.status.is_open else ZERO

    @property
    def is_active(self) -> bool:
        """Whether the order is in the book: open, and not waiting for a trigger."""
        return self.status.is_open and self.status is not OrderStatus.UNTRIGGERED

    @property
    def is_conditional(self) -> bool:
        """Whether the order waits for its trigger."""
        return self.status is OrderStatus.UNTRIGGERED

    @property
    def average_price(self) -> Decimal:
        """The average price of its fills; 0 without any."""
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
        """The order after a cancel; a conditional one that never triggered is Deactivated."""
        status = OrderStatus.DEACTIVATED if self.is_conditional else OrderStatus.CANCELLED
        return replace(self, status=status, cancel_type=by, reject_reason=reason, updated_ms=at_ms)


class OrderFilter(StrEnum):
    """Which orders a request is about (docs/v5/order/cancel-all, open-order).

    What the page means by OpenOrder, beside Order, it does not say: here it is the same.
    """

    ORDER = "Order"
    STOP = "StopOrder"
    OPEN = "OpenOrder"

    def takes(self, order: SimOrder) -> bool:
        """Whether an order is waiting for its trigger, or for the others, in the book."""
        return order.is_conditional is (self is OrderFilter.STOP)
