"""What a read of the exchange said, and how sure it is.

An :class:`Observation` exists only for a complete and successful read. Anything less is a
different type, so that "unknown" cannot be mistaken for "empty" (promise P5).
"""

from dataclasses import dataclass, field
from datetime import datetime

from .identity import Side
from .instrument import ZERO
from .order import Order, Position


@dataclass(frozen=True, slots=True)
class Observation:
    """Positions and all open orders of one account for some symbols, read completely.

    ``read_ms`` is the exchange's time of the read, epoch milliseconds; 0 if it was not told.
    """

    account: str
    at: datetime
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    read_ms: int = field(default=0, compare=False, repr=False)

    def position(self, symbol: str, side: Side) -> Position:
        """The position of that side; one of size 0 if there is none."""
        return _position(self.positions, symbol, side)

    def orders_of(self, symbol: str) -> tuple[Order, ...]:
        """The open orders of the symbol, of whatever kind and owner."""
        return tuple(order for order in self.orders if order.symbol == symbol)


@dataclass(frozen=True, slots=True)
class OrdersUnread:
    """The positions are fresh, but the orders could not be read completely.

    No place, cancel or close may be decided on it; amends of orders on record may.
    """

    account: str
    at: datetime
    positions: tuple[Position, ...]
    reason: str

    def position(self, symbol: str, side: Side) -> Position:
        """The position of that side; one of size 0 if there is none."""
        return _position(self.positions, symbol, side)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known: the read failed or was partial.

    Attributes:
        reason: what went wrong, for people, without secrets.
        code: the exchange's, or the HTTP status, if there was one.
    """

    account: str
    at: datetime
    reason: str
    code: int | None = None


Reading = Observation | OrdersUnread | Unknown


def _position(positions: tuple[Position, ...], symbol: str, side: Side) -> Position:
    for position in positions:
        if position.symbol == symbol and position.side is side:
            return position
    return Position(symbol=symbol, side=side, size=ZERO, entry_price=ZERO)
