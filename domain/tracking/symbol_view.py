"""What trueup knows of one symbol of an account, merged from stream events and reads; pure.

Events may come twice, late, and in any sequence across topics. Two numbers say what belongs
together: ``seq``, which a fill shares with its position, and ``cumExecQty``, on which a fill and
its order agree. The view itself says whether orders and positions belong together
(:attr:`SymbolView.inconsistent`), so that nobody sees a position that is older than the orders
beside it. A plan made from such a pair would place orders for a position that is gone (promise
P3).

A position is shown as flat only where that is established (promise P5): two reads had a row of it
that says so, or one read and an event whose fills were received, too. That a list has no row of it
establishes nothing, and what was established stays so until a row or an event says otherwise.

Events are numbered in the sequence of their arrival. :mod:`.snapshot_merge` merges reads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from ..copies import replace
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.observation import Flat
from ..model.order import Order, Position
from .feed import FillEvent, PositionEvent
from .known_order import KnownOrder
from .known_position import Fills, KnownPosition

CLOSED_KEPT = 100
"""Closed orders kept for each symbol, so that look-ups can be answered; the oldest go first.

As many records are kept of orders that reads did not list.
"""

READ_OVERTAKEN = "the position has changed since it was read"
"""Why a read is outdated that an event contradicts."""

_FLAT = (None, ZERO)
_SIDES = {0: tuple(Side), 1: (Side.BUY,), 2: (Side.SELL,)}
_ENOUGH_READS = 2


@dataclass(frozen=True)
class SymbolView:
    """One symbol of an account. What it says is made out once, however often it is asked.

    TP1 fills 4 of its 10 in a long of 100. The exchange sends three events, in any sequence; the
    view is consistent only once it has all three:

    =======================================  ================================================
    received so far                          inconsistent
    =======================================  ================================================
    nothing                                  (empty: 100 with an order of 10 of which 0 filled)
    fill: 4 filled, seq 8                    a fill is newer than its position
    ... and position: 96, seq 8              an order and its fills disagree
    ... and order: 4 of 10 filled            (empty: 96 with an order that covers 6)
    =======================================  ================================================

    Attributes:
        symbol: its name.
        synced: whether a complete read was merged, and no event was missed since.
        invalidation: why the symbol has to be read again; empty if it need not be.
        invalidated_at: the number of the last event before the invalidation.
        read_ms: the exchange's time of the last complete read.
        orders: by order id, open and closed ones.
        fills: by order id.
        positions: by ``positionIdx``.
        read_positions: what the last read showed of them: ``seq``, side and size.
        unlisted: by order id, the newest record of orders that were known to be open and that a
            read did not list, and of those from before a gap in the stream. Reads lag: one that
            lists such an order may show it as it was before that record.
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
    unlisted: Mapping[str, KnownOrder] = field(default_factory=dict)

    # -- what it says ---------------------------------------------------------------------

    @cached_property
    def open_orders(self) -> tuple[Order, ...]:
        """The open orders, oldest known first."""
        return tuple([k.order for k in self.orders.values() if k.order.status.is_open])

    @cached_property
    def open_positions(self) -> tuple[Position, ...]:
        """The positions that are not flat."""
        return tuple([k.position for k in self.positions.values() if k.position is not None])

    @cached_property
    def flat(self) -> tuple[Flat, ...]:
        """The sides that are established to be flat."""
        return tuple(
            [
                Flat(self.symbol, side, index, known.seq)
                for index, known in self.positions.items()
                for side in _SIDES.get(index, ())
                if side is not known.side and self._is_established(known)
            ]
        )

    def find(self, *, order_id: str = "", order_link_id: str = "") -> Order | None:
        """The order of that id, open or closed; with both ids the order id decides."""
        if order_id:
            known = self.orders.get(order_id)
            return known.order if known else None
        named = [k.order for k in self.orders.values() if k.order.order_link_id == order_link_id]
        return max(named, key=lambda order: order.status.is_open, default=None)

    def shown_open(
        self, reads_lag_ms: int, since_event: int, *, order_id: str = "", order_link_id: str = ""
    ) -> Order | None:
        """The order as the stream showed it open, where the last read need not list it yet.

        It proves that a look-up which finds the order nowhere is from before: of its end there
        would have been an event. One that a read should list by now may have ended unnoticed.

        The stream was opened after event 3, reads may lag by 15 s, and no list has the order:

        ======================================  =================================================
        the newest record, and the last read    result
        ======================================  =================================================
        open as of 9 s by event 4; as of 20 s   that record: the read may be as of 5 s
        open as of 9 s by event 4; as of 24 s   None: the read should list it
        open as of 9 s by event 3; as of 20 s   None: it may have ended in the gap
        cancelled by event 4                    None
        ======================================  =================================================

        Args:
            reads_lag_ms: how long reads may lag.
            since_event: the number of the last event before the stream was opened.
            order_id: the order's; with both ids it decides.
            order_link_id: the order's.
        """
        for key, known in (*self.orders.items(), *self.unlisted.items()):
            order = known.order
            is_it = key == order_id if order_id else order.order_link_id == order_link_id
            is_certain = order.status.is_open and not known.is_ambiguous
            if is_it and is_certain and known.event_number > since_event:
                return order if self.read_ms < order.updated_ms + reads_lag_ms else None
        return None

    def newest(self, order: Order) -> Order:
        """The order as the newest of all records shows it, where a read that may lag shows this."""
        known, unlisted = self.orders.get(order.order_id), self.unlisted.get(order.order_id)
        if known is not None:
            return known.order
        return unlisted.order if unlisted and unlisted.is_newer_than(order) else order

    @cached_property
    def stale(self) -> str:
        """Why the symbol must be read before use; empty if it need not be."""
        if not self.synced:
            return "not read since the stream opened"
        if self.invalidation:
            return self.invalidation
        for order in self.orders.values():
            if order.is_ambiguous:
                return "two changes of an order within one millisecond"
        for position in self.positions.values():
            if position.is_ambiguous:
                return "two sizes of a position with the same seq"
        if not self.open_positions and not self.flat:
            return "too little was seen of a flat position"
        return ""

    @cached_property
    def inconsistent(self) -> str:
        """Why orders and positions do not belong together yet; empty if they do.

        Events that are on their way may settle it.
        """
        return next(self._inconsistencies(), "")

    def overtaken_since(self, event_number: int) -> str:
        """Why the last read, requested after that event, is outdated; empty if it is not.

        An event that arrived during the read shows another position, of a later ``seq``.
        """
        for index, known in self.positions.items():
            read = self.read_positions.get(index)
            is_later = known.event_number > event_number
            if read is not None and is_later and known.overtakes(read):
                return READ_OVERTAKEN
        return ""

    def is_complete(self, order: Order) -> bool:
        """Whether the view knows every fill of the order."""
        known, fills = self.orders.get(order.order_id), self.fills.get(order.order_id)
        explained = known.explained if known else ZERO
        return order.filled == max(explained, fills.filled if fills else ZERO)

    def _inconsistencies(self) -> Iterator[str]:
        for order_id, fills in self.fills.items():
            known = self.orders.get(order_id)
            if known is None:
                yield "a fill arrived before its order"
            elif self._seq(known.order.position_index) < fills.seq:
                yield "a fill is newer than its position"
        for known in self.orders.values():
            if not self.is_complete(known.order):
                yield "an order and its fills disagree"
        newest_fill = self._newest_fill
        for index, position in self.positions.items():
            read = self.read_positions.get(index)
            explained = max(newest_fill, read.seq if read else -1)
            as_read = read.side_and_size if read else _FLAT
            if position.seq > explained and position.side_and_size != as_read:
                yield "a position is newer than its fills"

    def _is_established(self, known: KnownPosition) -> bool:
        """Whether enough was seen of a position to say on which side there is none."""
        if known.reads >= _ENOUGH_READS:
            return True
        return bool(known.reads) and known.is_streamed and known.seq <= self._newest_fill

    @cached_property
    def _newest_fill(self) -> int:
        return max([fills.seq for fills in self.fills.values()], default=-1)

    def _seq(self, index: int) -> int:
        known = self.positions.get(index)
        return known.seq if known else -1

    # -- what changes it ------------------------------------------------------------------

    def invalidated(self, reason: str, event_number: int) -> "SymbolView":
        """The view, not to be used before a read that is requested from now on."""
        return replace(self, invalidation=reason, invalidated_at=event_number)

    def with_order(self, order: Order, event_number: int, *, ours: bool = False) -> "SymbolView":
        """With an event that shows an order.

        If no read listed an open order although it is older than the last read, either the event
        or the read is outdated, and only further reads can show which.

        Args:
            order: as the event shows it.
            event_number: the event's sequence number.
            ours: whether a pending write of ours made the order, so that no read had to list it.
        """
        known = self.orders.get(order.order_id)
        before = known or self.unlisted.get(order.order_id)
        if before is None:
            merged = KnownOrder(order, event_number)
        else:
            merged = before.merge_event(order, event_number)
        if merged is known:
            return self
        view = self._with(merged)
        if known is not None or merged.order.status.is_final or ours:
            return view
        reason = self._why_unexpected(order)
        return view.invalidated(reason, event_number) if reason else view

    def _why_unexpected(self, order: Order) -> str:
        """Why an event that shows this order open contradicts the last read; empty if not."""
        if self.read_ms and order.order_id in self.unlisted:
            return "the stream shows an order open that a read did not list"
        if self.synced and order.updated_ms <= self.read_ms:
            return "the stream shows an open order that is older than the read that did not list it"
        return ""

    def with_fill(self, event: FillEvent, event_number: int) -> "SymbolView":
        """With a fill; one that is known already changes nothing."""
        known = self.fills.get(event.order_id)
        if known is None:
            merged = Fills(event.filled, event.seq, event_number)
        else:
            merged = known.merge_event(event, event_number)
        if merged is known:
            return self
        return replace(self, fills={**self.fills, event.order_id: merged})

    def with_position(self, event: PositionEvent, event_number: int) -> "SymbolView":
        """With an event that shows a position.

        An event without a sequence number may be older than what is known. It says nothing where
        it shows the same, and that the symbol has to be read where it does not.
        """
        known = self.positions.get(event.index)
        if event.seq < 0:
            shown = KnownPosition(event.seq, event.position, event_number)
            if shown.shows_same_as(known) and shown.shows_stop_of(known):
                return self
            return self.invalidated(
                "the stream shows another position, without a sequence number", event_number
            )
        merged = KnownPosition(event.seq, event.position, event_number, is_streamed=True)
        if known is not None:
            merged = known.merge_event(merged)
        if merged is known:
            return self
        return replace(self, positions={**self.positions, event.index: merged})

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
        """What is left after a gap in the stream: closed orders of which every fill is known.

        The records of the others show only whether a read from after the gap is older than they.
        """
        kept = {
            key: KnownOrder(known.order, known.event_number, known.order.filled)
            for key, known in self.orders.items()
            if known.order.status.is_final and self.is_complete(known.order)
        }
        others = {key: known for key, known in self.orders.items() if key not in kept}
        return SymbolView(self.symbol, orders=kept, unlisted=self.with_unlisted(others))

    def with_unlisted(self, records: Mapping[str, KnownOrder]) -> dict[str, KnownOrder]:
        """The newest records of unlisted orders, these among them; the oldest go first."""
        unlisted = {**self.unlisted, **records}
        return dict(islice(unlisted.items(), max(len(unlisted) - CLOSED_KEPT, 0), None))
