"""What a read of the exchange said, and how much of it is known.

An :class:`Observation` exists only for a complete and successful read. Anything less is a
different type, so that nobody mistakes "unknown" for "empty" (promise P5). What could not be
understood of one symbol leaves the others known (promise P8): the observation names that symbol.

That a list has no row of a position is no news either: a list of everything has rows of open
positions only, and may lack one of those, too. A position is flat where a row says so
(:class:`Flat`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from .identity import Side
from .instrument import ZERO
from .order import Order, Position


@dataclass(frozen=True, slots=True)
class Unread:
    """What of one symbol a read showed, but nobody can understand.

    Attributes:
        reason: which field says what, for people, without secrets.
        position_known: whether the symbol's positions were understood all the same.
    """

    reason: str
    position_known: bool = True


@dataclass(frozen=True, slots=True)
class Flat:
    """A row that says that there is no position of this side.

    It has size 0; or, where one row is for both sides, it has a position of the other side.

    Attributes:
        position_index: ``positionIdx`` of the row.
        seq: of the row, as in :class:`~trueup.domain.model.order.Position`.
    """

    symbol: str
    side: Side
    position_index: int = 0
    seq: int = field(default=-1, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Observation:
    """Positions and all open orders of one account for some symbols, read completely.

    Attributes:
        positions: those that are open; none of a symbol whose position is unread.
        orders: the open orders; none of a symbol that is unread.
        read_ms: the exchange's time of the read, epoch milliseconds; 0 where the streams' view was
            used instead, or the exchange gave none.
        unread: the symbols of which something could not be understood; nothing may be decided on
            them, see :meth:`of`.
        flat: the sides that rows say are flat.
        changes: how often the streams' view of the symbols had changed by then, where it was used;
            None where the exchange was read.
        read: the number of the read, where it was, beside such a view; 0 without one.
    """

    account: str
    at: datetime
    positions: tuple[Position, ...]
    orders: tuple[Order, ...]
    read_ms: int = field(default=0, compare=False, repr=False)
    unread: Mapping[str, Unread] = field(default_factory=dict)
    flat: tuple[Flat, ...] = ()
    changes: int | None = field(default=None, compare=False, repr=False)
    read: int = field(default=0, compare=False, repr=False)

    def of(self, symbol: str) -> "Reading":
        """What the read says of one symbol: less than an observation where that is unread."""
        unread = self.unread.get(symbol)
        if unread is None:
            return self
        if not unread.position_known:
            return Unknown(self.account, self.at, unread.reason, lasts=True)
        return OrdersUnread(
            self.account, self.at, self.positions, unread.reason, lasts=True, flat=self.flat
        )

    def shows(self, symbol: str, side: Side) -> bool:
        """Whether a row says what the position of that side is."""
        return _shown(self, symbol, side) is not None

    def position(self, symbol: str, side: Side) -> Position:
        """The position of that side; size 0 if a row says that it is flat.

        Raises:
            LookupError: the symbol's position is unread, or no row shows it.
        """
        unread = self.unread.get(symbol)
        if unread is not None and not unread.position_known:
            raise LookupError(f"the position of {symbol} is unread: {unread.reason}")
        return _position(self, symbol, side)

    def orders_of(self, symbol: str) -> tuple[Order, ...]:
        """All open orders of the symbol, of every kind and owner.

        Raises:
            LookupError: the symbol's orders are unread.
        """
        if symbol in self.unread:
            raise LookupError(f"{symbol} is unread: {self.unread[symbol].reason}")
        return tuple([order for order in self.orders if order.symbol == symbol])


_Row = TypeVar("_Row", Position, Flat, Order, Position | Flat)


def rows_by_symbol(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """The rows of each symbol, in their sequence."""
    grouped: dict[str, list[_Row]] = {}
    for row in rows:
        grouped.setdefault(row.symbol, []).append(row)
    return grouped


class BySymbol:
    """An observation symbol by symbol: for one of thousands, it has not to be searched.

    Args:
        seen: the observation.
    """

    def __init__(self, seen: Observation) -> None:
        self._seen = seen
        self._positions = rows_by_symbol(seen.positions)
        self._orders = rows_by_symbol(seen.orders)
        self._flat = rows_by_symbol(seen.flat)

    def __getitem__(self, symbol: str) -> Observation:
        """The observation with the rows of that symbol alone; of the symbol it says the same."""
        return replace(
            self._seen,
            positions=tuple(self._positions.get(symbol, ())),
            orders=tuple(self._orders.get(symbol, ())),
            flat=tuple(self._flat.get(symbol, ())),
        )


@dataclass(frozen=True, slots=True)
class OrdersUnread:
    """The positions are known, but the orders could not be read completely.

    No place, cancel or close may be decided on it; amends of orders on record may be.

    Attributes:
        lasts: whether another read soon will hardly say more, for a row was not understood.
    """

    account: str
    at: datetime
    positions: tuple[Position, ...]
    reason: str
    lasts: bool = False
    flat: tuple[Flat, ...] = ()

    def shows(self, symbol: str, side: Side) -> bool:
        """Whether a row says what the position of that side is."""
        return _shown(self, symbol, side) is not None

    def position(self, symbol: str, side: Side) -> Position:
        """The position of that side; size 0 if a row says that it is flat.

        Raises:
            LookupError: no row shows it.
        """
        return _position(self, symbol, side)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known: the read failed or was partial.

    Attributes:
        reason: what went wrong, for people, without secrets.
        code: the exchange's error code or the HTTP status, if there was one.
        lasts: whether another read soon will hardly say more, for a row was not understood.
    """

    account: str
    at: datetime
    reason: str
    code: int | None = None
    lasts: bool = False


Reading = Observation | OrdersUnread | Unknown


@dataclass(frozen=True, slots=True)
class OpenPositions:
    """The open positions of one account, read completely; nothing is said of its orders.

    Attributes:
        unread: the symbols of which a row could not be understood, each with the reason.
    """

    account: str
    at: datetime
    positions: tuple[Position, ...]
    unread: Mapping[str, str] = field(default_factory=dict)


def _shown(seen: Observation | OrdersUnread, symbol: str, side: Side) -> Position | None:
    for row in seen.positions:
        if row.symbol == symbol and row.side is side:
            return row
    for flat in seen.flat:
        if flat.symbol == symbol and flat.side is side:
            return Position(symbol=symbol, side=side, size=ZERO, entry_price=ZERO, seq=flat.seq)
    return None


def _position(seen: Observation | OrdersUnread, symbol: str, side: Side) -> Position:
    shown = _shown(seen, symbol, side)
    if shown is None:
        raise LookupError(f"no row shows the {side.value} position of {symbol}")
    return shown
