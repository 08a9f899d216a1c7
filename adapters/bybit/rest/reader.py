"""Observations: open orders and positions, each walked to the last page.

Orders are read first, positions last. Two reads never show the same moment, so only one of them
shows what happens in between, and their sequence decides which way the error goes:

- A take-profit fills, or somebody closes the position manually. Orders first shows too many orders
  for the position, and a plan made from it shrinks. Positions first would show too few orders, and
  the plan would add orders to a position that is gone (promise P3: never above the position).
- An entry fills. Orders first shows it; positions first would merely show it later.

So the position is never older than the orders. A fill in between may still look like an order that
is too large; cutting that order would uncover the position for a round (promise P4). So both are
read again when a position says (``updatedTime``) that it changed after the orders were read. The
comparison is between two times of the exchange; our own clock plays no part in it.

An order that somebody changes manually in between changes no position. Usually the gap is one
round trip; but the request for positions may have had to wait for its turn, or the orders may have
come late. If more than half a second lies between the two reads, both are repeated as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ....domain.model.observation import Observation, OrdersUnread, Reading, Unknown
from ....domain.model.order import Order, Position
from ....domain.ports import Clock
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.fields import Row
from ..wire.parsing import PositionRow, parse_order, parse_position
from ..wire.scopes import Scope, everything, scopes
from .client import BybitClient
from .failures import Failure, malformed
from .paging import Walk, walk
from .settings import BybitSettings

_TOGETHER_MS = 500


@dataclass(frozen=True, slots=True)
class _Orders:
    """Open orders, and when their first and their last page were read."""

    open: tuple[Order, ...]
    read_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class _Positions:
    """Positions, when their first page was read, and when the last of them changed."""

    open: tuple[Position, ...]
    read_ms: int
    moved_ms: int

    def fit(self, orders: _Orders) -> bool:
        """Whether the orders were read just now, and no position is known to have changed since."""
        is_near = self.read_ms - orders.ended_ms <= _TOGETHER_MS
        return is_near and self.moved_ms < orders.read_ms


class Reader:
    """Reads one account's state."""

    def __init__(
        self, account: str, client: BybitClient, settings: BybitSettings, clock: Clock
    ) -> None:
        self._account = account
        self._client = client
        self._settings = settings
        self._clock = clock

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of the symbols; ``at`` is before the first request."""
        return self._read(scopes(symbols, self._settings.walk_from))

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every position and open order of the account, or of these symbols' settle coins."""
        return self._read(everything(self._settings.settle_coins, symbols))

    def _read(self, asked: Sequence[Scope]) -> Reading:
        rereads = self._settings.rereads
        while True:
            at = self._clock.now()
            orders = self._orders(asked)
            positions = self._positions(asked)
            if isinstance(positions, Failure):
                return Unknown(self._account, at, positions.message, positions.code)
            if isinstance(orders, Failure):
                return OrdersUnread(self._account, at, positions.open, orders.message)
            if not rereads or positions.fit(orders):
                return Observation(self._account, at, positions.open, orders.open, orders.read_ms)
            rereads -= 1

    def _orders(self, asked: Sequence[Scope]) -> _Orders | Failure:
        found: dict[str, Order] = {}
        walks: list[Walk[Order]] = []
        kinds: tuple[dict[str, str], ...] = ({}, {names.ORDER_FILTER: names.STOP_ORDER})
        for scope in asked:
            for kind in kinds if self._settings.conditional_orders else kinds[:1]:
                walked = self._walk_orders(scope, kind)
                if isinstance(walked, Failure):
                    return walked
                found |= {order.order_id: order for order in walked.items}
                walks.append(walked)
        still_open = tuple(order for order in found.values() if order.status.is_open)
        began = min((walk.time_ms for walk in walks), default=0)
        return _Orders(still_open, began, max((walk.ended_ms for walk in walks), default=0))

    def _walk_orders(self, scope: Scope, kind: dict[str, str]) -> Walk[Order] | Failure:
        def parse(row: Row) -> Order | None:
            return parse_order(row) if scope.wants(row) else None

        return walk(
            self._client,
            Endpoint.OPEN_ORDERS,
            parse,
            self._settings.max_pages,
            **{names.LIMIT: self._settings.order_page, **scope.filter, **kind},
        )

    def _positions(self, asked: Sequence[Scope]) -> _Positions | Failure:
        found: dict[tuple[str, int], PositionRow] = {}
        times: list[int] = []
        for scope in asked:
            walked = self._walk_positions(scope)
            if isinstance(walked, Failure):
                return walked
            if scope.is_single and not walked.items:
                return malformed("a position list by symbol has no row")
            found |= {(row.symbol, row.index): row for row in walked.items}
            times.append(walked.time_ms)
        positions = tuple(row.position for row in found.values() if row.position is not None)
        moved_ms = max((row.updated_ms for row in found.values()), default=-1)
        return _Positions(positions, min(times, default=0), moved_ms)

    def _walk_positions(self, scope: Scope) -> Walk[PositionRow] | Failure:
        def parse(row: Row) -> PositionRow | None:
            return parse_position(row) if scope.wants(row) else None

        return walk(
            self._client,
            Endpoint.POSITIONS,
            parse,
            self._settings.max_pages,
            **{names.LIMIT: self._settings.position_page, **scope.filter},
        )
