"""Accounts: keys, position mode, the book of own orders, and views of it as it was."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from .enums import Side
from .orders import SimOrder
from .positions import Fill, SimPosition

KEPT_VIEWS = 128
RING = 500
"""order/realtime keeps the last 500 closed orders (docs/v5/order/open-order)."""


@dataclass(frozen=True, slots=True)
class View:
    """An account's book at one moment. The lists behind it only grow, so lengths are enough."""

    at_ms: int
    orders: Mapping[str, SimOrder]
    positions: Mapping[tuple[str, int], SimPosition]
    _closed: Sequence[SimOrder]
    _closed_count: int
    _ring_from: int
    _fills: Sequence[Fill]
    _fill_count: int

    def closed(self) -> list[SimOrder]:
        """All closed orders, oldest first."""
        return list(islice(self._closed, self._closed_count))

    def recent_closed(self) -> list[SimOrder]:
        """The closed orders that order/realtime still remembers, oldest first."""
        start = max(self._ring_from, self._closed_count - RING)
        return list(islice(self._closed, start, self._closed_count))

    def fills(self) -> list[Fill]:
        """All executions, oldest first."""
        return list(islice(self._fills, self._fill_count))


@dataclass(slots=True)
class Account:
    """One Bybit UID. Changed by the engine only, under the simulator's lock.

    Attributes:
        limits: requests a second by path, where they differ from the defaults.
        modes: hedge (True) or one-way (False) by symbol, where it differs from `hedge`.
        pending: acknowledged creates whose effect is still to come.
        link_ids: which order a link id stands for.
    """

    uid: str
    api_key: str
    api_secret: str
    hedge: bool = False
    limits: dict[str, int] = field(default_factory=dict)
    modes: dict[str, bool] = field(default_factory=dict)
    orders: dict[str, SimOrder] = field(default_factory=dict)
    closed: list[SimOrder] = field(default_factory=list)
    positions: dict[tuple[str, int], SimPosition] = field(default_factory=dict)
    fills: list[Fill] = field(default_factory=list)
    pending: dict[str, SimOrder] = field(default_factory=dict)
    link_ids: dict[str, str] = field(default_factory=dict)
    ring_from: int = 0
    views: deque[View] = field(default_factory=lambda: deque(maxlen=KEPT_VIEWS))

    def is_hedged(self, symbol: str) -> bool:
        """Whether a symbol is in hedge mode (docs/v5/position/position-mode)."""
        return self.modes.get(symbol, self.hedge)

    def idx_for(self, symbol: str, position_side: Side) -> int:
        """The positionIdx of a position side."""
        if not self.is_hedged(symbol):
            return 0
        return 1 if position_side is Side.BUY else 2

    def position_at(self, symbol: str, idx: int) -> SimPosition:
        """The position under an index, flat if there was never one."""
        return self.positions.get((symbol, idx)) or SimPosition(symbol=symbol, idx=idx)

    def open_orders(self, symbol: str | None = None) -> list[SimOrder]:
        """Open orders, oldest first."""
        rows = self.orders.values()
        found = [order for order in rows if symbol is None or order.symbol == symbol]
        return sorted(found, key=lambda order: order.number)

    def live_view(self, at_ms: int) -> View:
        """The book as it is now. The mappings are the account's own: read them under its lock."""
        return View(
            at_ms,
            self.orders,
            self.positions,
            self.closed,
            len(self.closed),
            self.ring_from,
            self.fills,
            len(self.fills),
        )

    def keep_view(self, at_ms: int) -> None:
        """Remember the book as it is, after an effect."""
        self.views.append(
            View(
                at_ms,
                dict(self.orders),
                dict(self.positions),
                self.closed,
                len(self.closed),
                self.ring_from,
                self.fills,
                len(self.fills),
            )
        )

    def view_at(self, at_ms: int) -> View:
        """The book as it was at a time."""
        for view in reversed(self.views):
            if view.at_ms <= at_ms:
                return view
        return self.views[0]

    def view_before(self, effects: int) -> View:
        """The book as it was before the last effects."""
        return self.views[max(0, len(self.views) - 1 - effects)]
