"""What is known of one symbol of an account, merged from news and reads; pure.

News may come twice, late, and in any sequence between the topics. Two numbers say what belongs
together: ``seq``, which a fill shares with its position, and ``cumExecQty``, which a fill and its
order agree on. The view says by itself whether it fits together (:attr:`SymbolView.inconsistent`),
so that a position is never shown that is older than the orders beside it: a plan made from such
a pair would place orders for a position that is gone (promise P3).

News are numbered by their arrival. How a read is merged is in :mod:`.merged_read`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from ..model.feed import FillEvent, PositionEvent
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.order import Order, Position
from .known_order import KnownOrder

CLOSED_KEPT = 100
"""Closed orders kept for each symbol, so that look-ups can be answered; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Fills:
    """The fills of one order: how far they got, and the latest's ``seq``."""

    filled: Decimal
    seq: int
    received: int


@dataclass(frozen=True, slots=True)
class KnownPosition:
    """The newest record of a position.

    Attributes:
        position: None for a flat one.
        is_torn: two records of the same ``seq`` told different sizes.
    """

    seq: int
    position: Position | None
    received: int
    is_torn: bool = False

    @property
    def what(self) -> tuple[Side | None, Decimal]:
        """Side and size."""
        return (self.position.side, self.position.size) if self.position else (None, ZERO)


@dataclass(frozen=True, slots=True)
class SymbolView:
    """One symbol of an account.

    Attributes:
        symbol: its name.
        proven: a complete read was merged, and everything was heard since.
        doubt: why it has to be read again; empty if it need not be.
        doubted_at: the number of the last news when the doubt arose.
        read_ms: the exchange's time of the last complete read.
        orders: by order id, open and closed ones.
        fills: by order id.
        positions: by ``positionIdx``.
        read_positions: what the last read made of them: ``seq``, side and size.
        gone: ids of orders that were known and not listed by a read.
    """

    symbol: str
    synced: bool = False
    invalidation: str = ""
    invalidated_at: int = 0
    read_ms: int = 0
    orders: Mapping[str, KnownOrder] = field(default_factory=dict)
    fills: Mapping[str, Fills] = field(default_factory=dict)
    positions: Mapping[int, KnownPosition] = field(default_factory=dict)
    read_positions: Mapping[int, KnownPosition] = field(default_factory=dict)
    gone: tuple[str, ...] = ()

    # -- what it says ---------------------------------------------------------------------

    @property
    def open_orders(self) -> tuple[Order, ...]:
        """The open orders, oldest known first."""
        return tuple(k.order for k in self.orders.values() if k.order.status.is_open)

    @property
    def open_positions(self) -> tuple[Position, ...]:
        """The positions that are not flat."""
        return tuple(k.position for k in self.positions.values() if k.position is not None)

    def find(self, *, order_id: str = "", order_link_id: str = "") -> Order | None:
        """The order of that id, open or closed; with both ids the order id decides."""
        if order_id:
            known = self.orders.get(order_id)
            return known.order if known else None
        named = [k.order for k in self.orders.values() if k.order.order_link_id == order_link_id]
        return max(named, key=lambda order: order.status.is_open, default=None)

    @property
    def stale(self) -> str:
        """Why only a read helps; empty if news may settle it."""
        if not self.synced:
            return "not read since the stream was opened"
        if self.invalidation:
            return self.invalidation
        if any(known.is_torn for known in self.orders.values()):
            return "two changes of an order within one millisecond"
        if any(known.is_torn for known in self.positions.values()):
            return "two sizes of a position under one seq"
        return ""

    @property
    def inconsistent(self) -> str:
        """What is still to be told before orders and positions fit together; empty if they do."""
        return next(self._gaps(), "")

    def is_complete(self, order: Order) -> bool:
        """Whether every fill of an order was told."""
        known, fills = self.orders.get(order.order_id), self.fills.get(order.order_id)
        told = max(known.explained if known else ZERO, fills.filled if fills else ZERO)
        return order.filled == told

    def _gaps(self) -> Iterator[str]:
        for order_id, fills in self.fills.items():
            known = self.orders.get(order_id)
            if known is None:
                yield "a fill came before its order"
            elif self._seq(known.order.position_index) < fills.seq:
                yield "a fill is ahead of its position"
        for known in self.orders.values():
            if not self.is_complete(known.order):
                yield "an order and its fills disagree"
        newest = max((fills.seq for fills in self.fills.values()), default=-1)
        for index, position in self.positions.items():
            read = self.read_positions.get(index)
            explained = max(newest, read.seq if read else -1)
            if position.seq > explained and position.what != (read.what if read else (None, ZERO)):
                yield "a position is ahead of its fills"

    def _seq(self, index: int) -> int:
        known = self.positions.get(index)
        return known.seq if known else -1

    # -- what it learns -------------------------------------------------------------------

    def invalidated(self, reason: str, received: int) -> "SymbolView":
        """Not to be used until a read that is asked for from now on."""
        return replace(self, invalidation=reason, invalidated_at=received)

    def with_order(self, order: Order, received: int, *, ours: bool = False) -> "SymbolView":
        """With a record of an order.

        An open order that no read listed, though it is older than the last read, is either old
        news or new to the read: only another read can tell. ``ours`` was placed after it.
        """
        known = self.orders.get(order.order_id)
        if known is not None:
            met = known.meet(order, received)
            return self if met is known else self._with(met)
        if not order.status.is_final and not ours:
            if order.order_id in self.gone:
                return self.invalidated("an order that was gone is told as open", received)
            if self.synced and order.updated_ms <= self.read_ms:
                return self.invalidated(
                    "an order is older than the read that did not list it", received
                )
        return self._with(KnownOrder(order, received))

    def with_fill(self, news: FillEvent, received: int) -> "SymbolView":
        """With a fill; one that came before changes nothing."""
        told = self.fills.get(news.order_id)
        filled, seq = news.filled, news.seq
        if told is not None:
            filled, seq = max(filled, told.filled), max(seq, told.seq)
            if (filled, seq) == (told.filled, told.seq):
                return self
        fills = {**self.fills, news.order_id: Fills(filled, seq, received)}
        return replace(self, fills=fills)

    def with_position(self, news: PositionEvent, received: int) -> "SymbolView":
        """With a record of a position."""
        known = self.positions.get(news.index)
        if known is not None and news.seq < known.seq:
            return self
        got = KnownPosition(news.seq, news.position, received)
        if known is not None and got.seq == known.seq and (known.is_torn or got.what != known.what):
            got = replace(got, is_torn=True)
        return replace(self, positions={**self.positions, news.index: got})

    def _with(self, known: KnownOrder) -> "SymbolView":
        orders = {**self.orders, known.order.order_id: known}
        if len(orders) <= CLOSED_KEPT:
            return replace(self, orders=orders)
        closed = [key for key, each in orders.items() if each.order.status.is_final]
        dropped = set(islice(closed, max(len(closed) - CLOSED_KEPT, 0)))
        if not dropped:
            return replace(self, orders=orders)
        return replace(
            self,
            orders={key: each for key, each in orders.items() if key not in dropped},
            fills={key: each for key, each in self.fills.items() if key not in dropped},
        )

    def without_open(self) -> "SymbolView":
        """After a gap: what was open may be so no more; what was closed and told stays so."""
        kept = {
            key: KnownOrder(known.order, known.received, known.order.filled)
            for key, known in self.orders.items()
            if known.order.status.is_final and self.is_complete(known.order)
        }
        return SymbolView(self.symbol, orders=kept)
