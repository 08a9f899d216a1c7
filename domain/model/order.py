"""Orders and positions as the exchange reports them."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .identity import Side
from .instrument import ZERO


class OrderStatus(StrEnum):
    """Bybit's order states (docs/v5/enum.mdx, ``orderStatus``)."""

    NEW = "New"
    PARTIALLY_FILLED = "PartiallyFilled"
    UNTRIGGERED = "Untriggered"
    REJECTED = "Rejected"
    FILLED = "Filled"
    CANCELLED = "Cancelled"
    PARTIALLY_FILLED_CANCELLED = "PartiallyFilledCanceled"
    TRIGGERED = "Triggered"
    DEACTIVATED = "Deactivated"

    @property
    def is_open(self) -> bool:
        """Whether an order in this state may still fill."""
        return self in _OPEN

    @property
    def is_final(self) -> bool:
        """Whether nothing follows this state; a triggered order goes on as a new one."""
        return not self.is_open and self is not OrderStatus.TRIGGERED


_OPEN = (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED, OrderStatus.UNTRIGGERED)


class OrderType(StrEnum):
    """Bybit's order types."""

    LIMIT = "Limit"
    MARKET = "Market"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Order:
    """One order, as one read of the exchange showed it.

    Attributes:
        order_id: Bybit's id.
        order_link_id: the id its maker gave; empty for orders made by hand or by trading-stop.
        quantity: total quantity in base coin, the filled part included.
        filled: ``cumExecQty``.
        trigger_price: for conditional orders; None for a plain one.
        stop_order_type: Bybit's ``stopOrderType``; empty for a plain order.
        cancel_type: who cancelled it, as Bybit says; empty if nobody did.
        reject_reason: why it was rejected or cancelled; empty if it was not.
        created_ms: creation time, epoch milliseconds.
        parent_link_id: ``parentOrderLinkId``: of the order that brought this native TP/SL with
            it; empty for all others.
        updated_ms: last change, epoch milliseconds; 0 if it was not told. It says which of two
            records is older, and is no part of what the order is.
    """

    order_id: str
    order_link_id: str
    symbol: str
    side: Side
    order_type: OrderType
    price: Decimal
    quantity: Decimal
    filled: Decimal
    status: OrderStatus
    reduce_only: bool
    position_index: int = 0
    trigger_price: Decimal | None = None
    stop_order_type: str = ""
    cancel_type: str = ""
    reject_reason: str = ""
    created_ms: int = 0
    parent_link_id: str = ""
    updated_ms: int = field(default=0, compare=False, repr=False)

    @property
    def remaining(self) -> Decimal:
        """What may still fill: 0 once the order is closed (Bybit: ``leavesQty`` 0)."""
        return self.quantity - self.filled if self.status.is_open else ZERO

    @property
    def is_take_profit(self) -> bool:
        """Whether its own fields make it a TP: resting, Limit, reduce-only, priced, no trigger.

        The id is a hint only; stop-losses were taken for TP1 by their ids (original bot, I09).
        """
        return (
            self.status.is_open
            and self.order_type is OrderType.LIMIT
            and self.reduce_only
            and self.price > 0
            and self.trigger_price is None
            and not self.stop_order_type
        )


@dataclass(frozen=True, slots=True)
class Position:
    """One open position; ``size`` in base coin, never negative.

    ``seq`` grows with every change, -1 if it was not told; it says which of two records is older.
    """

    symbol: str
    side: Side
    size: Decimal
    entry_price: Decimal
    mark_price: Decimal = ZERO
    position_index: int = 0
    seq: int = field(default=-1, compare=False, repr=False)
