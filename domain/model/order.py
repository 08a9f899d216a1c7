"""Orders and positions as the exchange reports them."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from .events import Cause
from .identity import Side
from .instrument import ZERO
from .protection import PositionStop


class OrderStatus(StrEnum):
    """Where an order stands at the exchange, in the words of FIX (OrdStatus) where it has one."""

    OPEN = "OPEN"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    PENDING_TRIGGER = "PENDING_TRIGGER"
    TRIGGERED = "TRIGGERED"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"

    @cached_property
    def is_open(self) -> bool:
        """Whether an order in this state may still fill."""
        return self in _OPEN

    @cached_property
    def is_final(self) -> bool:
        """Whether nothing follows this state; a triggered order goes on as a new one."""
        return not self.is_open and self is not OrderStatus.TRIGGERED


_OPEN = (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED, OrderStatus.PENDING_TRIGGER)


class OrderType(StrEnum):
    """Whether an order names its price."""

    LIMIT = "Limit"
    MARKET = "Market"
    UNKNOWN = "UNKNOWN"


class OrderKind(StrEnum):
    """What an order is to the exchange, beyond its own fields.

    ``PLAIN`` rests in the book by its price alone. The exchange itself made a ``TAKE_PROFIT``,
    ``STOP_LOSS`` or ``TRAILING_STOP`` for a position, and sizes and ends it. ``OTHER`` is
    anything else that is not plain, such as an order that waits for a trigger.
    """

    PLAIN = "plain"
    TAKE_PROFIT = "take-profit"
    STOP_LOSS = "stop-loss"
    TRAILING_STOP = "trailing-stop"
    OTHER = "other"


class CancelReason(StrEnum):
    """Why an order was cancelled or rejected, as far as it makes a difference to a run.

    ``BY_USER``: somebody cancelled the order, this program included. ``REDUCE_ONLY``: the
    position had no room for the order. ``OTHER``: the exchange had a reason of its own.
    """

    BY_USER = "by-user"
    REDUCE_ONLY = "reduce-only"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Closure:
    """The end of an order that did not fill completely: the reason, and the exchange's text."""

    reason: CancelReason
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """One order, as one read of the exchange showed it.

    Attributes:
        order_id: the exchange's id.
        order_link_id: the id its maker gave; empty for orders made by hand or by trading-stop.
        quantity: total quantity in base coin, the filled part included.
        filled: the quantity that was executed so far.
        trigger_price: for conditional orders; None for a plain one.
        kind: whether it is a plain order, or which of the exchange's own kinds.
        kind_text: the exchange's own name of the kind, for people; empty for a plain order.
        closure: why it was cancelled or rejected; None if it was not, or the reason is unknown.
        created_ms: creation time, epoch milliseconds.
        parent_link_id: order link id of the order that brought this native TP/SL with it; empty
            for all others.
        updated_ms: last change, epoch milliseconds; 0 if it is not known. It shows which of two
            records is older, and does not count when orders are compared.
        value: what its filled quantity came to, in the quote coin; None if it is not known. It does
            not count when orders are compared either, as what follows.
        fee: what was paid for its fills, in the coin that the contract settles in; None if it is
            not known, or was paid in another coin.
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
    kind: OrderKind = OrderKind.PLAIN
    kind_text: str = ""
    closure: Closure | None = None
    created_ms: int = 0
    parent_link_id: str = ""
    updated_ms: int = field(default=0, compare=False, repr=False)
    value: Decimal | None = field(default=None, compare=False, repr=False)
    fee: Decimal | None = field(default=None, compare=False, repr=False)

    @property
    def remaining(self) -> Decimal:
        """What may still fill: 0 once the order is closed."""
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
            and self.kind is OrderKind.PLAIN
        )


@dataclass(frozen=True, slots=True)
class Position:
    """One open position; ``size`` in base coin, never negative.

    ``seq`` grows with every change, -1 if it is not known; it says which of two records is older.
    ``updated_ms`` is when the exchange last changed it, epoch milliseconds; 0 if it is not known.
    ``mark_price`` is the market's as of the read or event; 0 if it is not known.
    ``stop`` is the exchange's own stop of it; None if it is not known, which is not none.
    """

    symbol: str
    side: Side
    size: Decimal
    entry_price: Decimal
    mark_price: Decimal = ZERO
    position_index: int = 0
    seq: int = field(default=-1, compare=False, repr=False)
    updated_ms: int = field(default=0, compare=False, repr=False)
    stop: PositionStop | None = field(default=None, compare=False, repr=False)

    def has_passed(self, price: Decimal) -> bool | None:
        """Whether the market has passed a take-profit's price; None where nobody knows.

        At the mark price it has: an order that is placed there fills at once. A long at a mark
        price of 105 has passed 104 and 105, a short has passed 105 and 106.
        """
        if self.mark_price <= ZERO:
            return None
        if self.side is Side.BUY:
            return price <= self.mark_price
        return price >= self.mark_price

    def gains_until(self, price: Decimal) -> bool:
        """Whether the position gains until the market reaches the price.

        From the mark price on; from the entry where nobody knows that.
        """
        now = self.mark_price or self.entry_price
        return price > now if self.side is Side.BUY else price < now


@dataclass(frozen=True, slots=True)
class Execution:
    """One trade of the account that moved a position.

    Attributes:
        execution_id: the exchange's id; a list may show one execution twice.
        side: of the order that traded.
        quantity: in base coin, above 0.
        closed: how much of the quantity reduced a position; the rest added to one.
        at_ms: when it happened, epoch milliseconds.
        seq: of the position that it led to (see :class:`Position`); -1 if it is not known.
        order_id: of the order that traded; empty if it is not known.
        cause: what kind of order that was, as far as the exchange says so; never ``take-profit``.
        price: None if it is not known.
        fee: what was paid for it, in the coin that the contract settles in; None if it is not
            known, or was paid in another coin.
        filled: what its order had filled then, this trade included; None if it is not known.
        order_link_id: of the order that traded; empty if it has none, or it is not known.
        taker_rate: what it paid as a taker, as a part of the value; None for a maker's, or if it is
            not known.
    """

    execution_id: str
    symbol: str
    side: Side
    quantity: Decimal
    closed: Decimal
    at_ms: int
    seq: int = -1
    order_id: str = ""
    cause: Cause = Cause.UNKNOWN
    price: Decimal | None = None
    fee: Decimal | None = None
    filled: Decimal | None = None
    order_link_id: str = ""
    taker_rate: Decimal | None = None
