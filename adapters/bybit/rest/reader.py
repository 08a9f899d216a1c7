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

A row that cannot be understood leaves its symbol unread, and all others read. It may be of an order
that somebody placed in a way that this version does not know yet. The same holds for two rows of
one position that contradict each other.

A position list that is asked for by symbol has a row for every side, flat or not; one that lacks a
row is a failed read, whatever its code. Lists by settle coin show open positions only, and say
nothing of the others (promise P5).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ....domain.model.identity import Side
from ....domain.model.observation import (
    Flat,
    Observation,
    OpenPositions,
    OrdersUnread,
    Reading,
    Unknown,
    Unread,
)
from ....domain.model.order import Order, Position
from ....domain.ports import Clock
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.fields import Row
from ..wire.parsing import PositionRow, parse_order, parse_position
from ..wire.position_rows import contradictions, missing_row
from ..wire.scopes import Scope, everything, scopes
from ..wire.understood import UnreadRow, understood
from .client import BybitClient
from .failures import Failure, malformed
from .paging import Walk, walk
from .settings import BybitSettings

_TOGETHER_MS = 500


@dataclass(frozen=True, slots=True)
class _Orders:
    """Open orders, when their first and their last page were read, and what was not understood."""

    open: tuple[Order, ...]
    read_ms: int
    ended_ms: int
    unread: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Positions:
    """Positions, when their first page was read, when the last changed, what is not understood."""

    open: tuple[Position, ...]
    flat: tuple[Flat, ...]
    read_ms: int
    moved_ms: int
    unread: Mapping[str, str]

    def fit(self, orders: _Orders) -> bool:
        """Whether the orders were read just now, and no position is known to have changed since."""
        is_near = self.read_ms - orders.ended_ms <= _TOGETHER_MS
        return is_near and self.moved_ms < orders.read_ms


class Reader:
    """Reads one account's state.

    Args:
        account: its name.
        client: its client.
        settings: pages, and what a walk is worth.
        clock: time.
        coins: the coin that each symbol settles in; None where there is no such contract.
    """

    def __init__(
        self,
        account: str,
        client: BybitClient,
        settings: BybitSettings,
        clock: Clock,
        coins: Callable[[Sequence[str]], Mapping[str, str | Unknown | None]],
    ) -> None:
        self._account = account
        self._client = client
        self._settings = settings
        self._clock = clock
        self._coins = coins

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of the symbols; ``at`` is before the first request.

        Of a single symbol that is unread no observation is given, but what is left of one.
        """
        reading = self._read(scopes(symbols))
        if isinstance(reading, Observation) and len(set(symbols)) == 1:
            return reading.of(symbols[0])
        return reading

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every position and open order of the account, or of these symbols' settle coins.

        A symbol whose coin could not be read is known by its rows, in whichever coin's list they
        are; where there are none, it is unread.
        """
        asked, coins = self._asked(symbols)
        reading = self._read(asked)
        if not isinstance(reading, Observation):
            return reading
        shown = {p.symbol for p in reading.positions} | {o.symbol for o in reading.orders}
        unread = {
            symbol: Unread(f"its settle coin is unknown: {coin.reason}", position_known=False)
            for symbol, coin in coins.items()
            if isinstance(coin, Unknown) and symbol not in shown
        }
        return replace(reading, unread={**unread, **reading.unread}) if unread else reading

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """Every open position of the account, or of these symbols' settle coins."""
        asked, _ = self._asked(symbols)
        at = self._clock.now()
        seen = self._positions(asked)
        if isinstance(seen, Failure):
            return Unknown(self._account, at, seen.message, seen.code)
        unread = {symbol: self._client.clean(why) for symbol, why in seen.unread.items()}
        return OpenPositions(self._account, at, seen.open, unread)

    def _asked(
        self, symbols: Sequence[str] | None
    ) -> tuple[tuple[Scope, ...], Mapping[str, str | Unknown | None]]:
        """The walks for everything in these symbols' settle coins, and each symbol's coin."""
        usual = self._settings.settle_coins
        if symbols is None:
            return everything(usual), {}
        coins = self._coins(symbols)
        known = {coin for coin in coins.values() if isinstance(coin, str)}
        is_whole = all(isinstance(coin, str) for coin in coins.values())
        asked = sorted(known) if is_whole else tuple(dict.fromkeys((*usual, *sorted(known))))
        return everything(asked), coins

    def _read(self, asked: Sequence[Scope]) -> Reading:
        """Reads orders and positions until they fit.

        A try that is left out counts nevertheless: where it showed a position open that the next
        one shows flat, the two do not agree, and neither is believed.
        """
        rereads = self._settings.rereads
        open_before: set[tuple[str, Side]] = set()
        while True:
            at = self._clock.now()
            orders = self._orders(asked)
            positions = self._positions(asked)
            if isinstance(positions, Failure):
                return Unknown(self._account, at, positions.message, positions.code)
            if isinstance(orders, Failure):
                return OrdersUnread(
                    self._account, at, positions.open, orders.message, flat=positions.flat
                )
            if open_before & {(flat.symbol, flat.side) for flat in positions.flat}:
                return Unknown(self._account, at, "the position closed while it was read")
            if not rereads or positions.fit(orders):
                return Observation(
                    self._account,
                    at,
                    positions.open,
                    tuple(o for o in orders.open if o.symbol not in positions.unread),
                    orders.read_ms,
                    self._unread(orders, positions),
                    positions.flat,
                )
            open_before = {(shown.symbol, shown.side) for shown in positions.open}
            rereads -= 1

    def _unread(self, orders: _Orders, positions: _Positions) -> dict[str, Unread]:
        """The symbols that are unread; where both lists are, the position's reason counts."""
        clean = self._client.clean
        in_orders = {symbol: Unread(clean(why)) for symbol, why in orders.unread.items()}
        in_positions = {
            s: Unread(clean(why), position_known=False) for s, why in positions.unread.items()
        }
        return in_orders | in_positions

    def _orders(self, asked: Sequence[Scope]) -> _Orders | Failure:
        found: dict[str, Order] = {}
        unread: dict[str, str] = {}
        walks: list[Walk[Order | UnreadRow]] = []
        kinds: tuple[dict[str, str], ...] = ({}, {names.ORDER_FILTER: names.STOP_ORDER})
        for scope in asked:
            for kind in kinds if self._settings.conditional_orders else kinds[:1]:
                walked = self._walk_orders(scope, kind)
                if isinstance(walked, Failure):
                    return walked
                unread |= _reasons(walked.items)
                found |= {o.order_id: o for o in walked.items if isinstance(o, Order)}
                walks.append(walked)
        still_open = tuple(
            order for order in found.values() if order.status.is_open and order.symbol not in unread
        )
        began = min((walk.time_ms for walk in walks), default=0)
        ended = max((walk.ended_ms for walk in walks), default=0)
        return _Orders(still_open, began, ended, unread)

    def _walk_orders(self, scope: Scope, kind: dict[str, str]) -> Walk[Order | UnreadRow] | Failure:
        def parse(row: Row) -> Order | UnreadRow | None:
            return understood(row, parse_order) if scope.wants(row) else None

        return walk(
            self._client,
            Endpoint.OPEN_ORDERS,
            parse,
            self._settings.max_pages,
            **{names.LIMIT: self._settings.order_page, **scope.filter, **kind},
        )

    def _positions(self, asked: Sequence[Scope]) -> _Positions | Failure:
        found: dict[tuple[str, int], PositionRow] = {}
        unread: dict[str, str] = {}
        times: list[int] = []
        for scope in asked:
            walked = self._walk_positions(scope)
            if isinstance(walked, Failure):
                return walked
            clear = [row for row in walked.items if isinstance(row, PositionRow)]
            missing = missing_row(clear) if scope.is_single else ""
            if missing and len(clear) == len(walked.items):
                return malformed(missing)
            odd = {symbol: malformed(why).message for symbol, why in contradictions(clear).items()}
            unread |= odd | _reasons(walked.items)
            found |= {(row.symbol, row.index): row for row in clear}
            times.append(walked.time_ms)
        known = [row for row in found.values() if row.symbol not in unread]
        return _Positions(
            open=tuple(row.position for row in known if row.position is not None),
            flat=tuple(flat for row in known for flat in row.flat),
            read_ms=min(times, default=0),
            moved_ms=max((row.updated_ms for row in found.values()), default=-1),
            unread=unread,
        )

    def _walk_positions(self, scope: Scope) -> Walk[PositionRow | UnreadRow] | Failure:
        def parse(row: Row) -> PositionRow | UnreadRow | None:
            return understood(row, parse_position) if scope.wants(row) else None

        return walk(
            self._client,
            Endpoint.POSITIONS,
            parse,
            self._settings.max_pages,
            **{names.LIMIT: self._settings.position_page, **scope.filter},
        )


def _reasons(items: Iterable[Order | PositionRow | UnreadRow]) -> dict[str, str]:
    """Why symbols are unread."""
    unread = (item for item in items if isinstance(item, UnreadRow))
    return {row.symbol: malformed(row.reason).message for row in unread}
