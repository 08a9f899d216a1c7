"""What a feed reports of an account: events of its orders, fills and positions.

A feed pushes; it does not replay. Between a :class:`Lost` and the next :class:`Opened` anything
may have happened without an event (docs/faq.mdx: "query the REST API to fill in any
discrepancies").
"""

from dataclasses import dataclass
from decimal import Decimal

from ..model.identity import Side
from ..model.order import Execution, Order, Position


@dataclass(frozen=True, slots=True)
class Opened:
    """The feed is connected, authenticated and subscribed: every change comes as an event."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone: no more events arrive, and some may have been missed already.

    Attributes:
        reason: what happened, for people, without secrets.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Alive:
    """The exchange answered a ping: every event that it had sent before has arrived."""


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order as it is after a change: a whole record (docs/v5/websocket/private/order.mdx)."""

    order: Order

    @property
    def symbol(self) -> str:
        """The order's symbol."""
        return self.order.symbol

    @property
    def updated_ms(self) -> int:
        """When the exchange changed it, epoch milliseconds; orders have no sequence number."""
        return self.order.updated_ms


@dataclass(frozen=True, slots=True)
class FillEvent:
    """One execution (docs/v5/websocket/private/execution.mdx).

    Attributes:
        side: of the order.
        quantity: of this fill.
        filled: what the order has filled, this fill included.
        seq: sequence number; the position after this fill has the same, or a later one.
        trade: all that the item says of it; None where that is not as documented.
    """

    symbol: str
    side: Side
    order_id: str
    order_link_id: str
    execution_id: str
    quantity: Decimal
    filled: Decimal
    seq: int
    trade: Execution | None = None


@dataclass(frozen=True, slots=True)
class PositionEvent:
    """A position as it is (docs/v5/websocket/private/position.mdx).

    It comes after every place, amend and cancel too, changed or not.

    Attributes:
        index: 0 in one-way mode; in hedge mode 1 for the long side, 2 for the short side.
        seq: grows with every change; a change of settings repeats the last one; -1 if the event
            came without one, so that nobody can say how old it is.
        position: None where the position is flat.
    """

    symbol: str
    index: int
    seq: int
    position: Position | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something happened to a symbol, but the item that says so cannot be understood.

    What is known of the symbol may be outdated from now on: a read has to tell.

    Attributes:
        reason: which field says what, for people, without secrets.
    """

    symbol: str
    reason: str


StreamEvent = Opened | Lost | Alive | OrderEvent | FillEvent | PositionEvent | Unreadable
