"""Merging a complete read of a symbol into what the stream said of it; pure.

A read counts as of the last stream event before it was requested, ``as_of_event``. Later events
win over it, and an order that it does not list is gone only if no later event showed it. A read
that contradicts earlier events proves nothing: one of the two is late (reads lag, events get
lost), and another read has to show which.

An order of 10 rests in a long of 100, both known from event 1 or before. A read that was
requested after event 1 shows this:

======================================  =====================================================
the read, as of event 1                 the view afterwards
======================================  =====================================================
order 10, position 100                  unchanged, and synced
no order, position 100                  without the order, but invalid: another read must
                                        confirm that it is gone
... and the next one, order 10, event 1 the order comes back with its 12, but invalid: that
having shown the order with 12          read is outdated as well
order 10, position 100; event 2 had     the order stays cancelled, because the event is later
shown the order cancelled               than the read
order 10, position 100; event 1 had     the order keeps its 12, but invalid: the read is
shown the order with 12                 outdated
======================================  =====================================================

A read by symbol has a row of each position, flat or not; a survey has rows of open positions only.
So a position without a row stays as it was known, and one that was known to be open has to be read
by symbol (promise P5).
"""

from collections.abc import Sequence
from dataclasses import replace

from ..model.observation import Flat
from ..model.order import Order, Position
from .known_order import KnownOrder
from .known_position import KnownPosition
from .symbol_view import SymbolView


def merge_read(
    view: SymbolView,
    orders: Sequence[Order],
    positions: Sequence[Position | Flat],
    as_of_event: int,
    read_ms: int,
) -> SymbolView:
    """The view with a complete read of its symbol.

    Args:
        view: what was known.
        orders: all open orders of the symbol.
        positions: the positions that rows show, open or flat.
        as_of_event: number of the last event before the read was requested.
        read_ms: the exchange's time of the read, epoch milliseconds.
    """
    view, contradiction = _with_orders(view, orders, as_of_event)
    view, another = _with_positions(view, positions, as_of_event)
    invalidation = contradiction or another
    if not invalidation and view.invalidated_at > as_of_event:
        invalidation = view.invalidation
    fills = {
        key: fills
        for key, fills in view.fills.items()
        if key in view.orders or fills.event_number > as_of_event
    }
    return replace(
        view,
        synced=True,
        invalidation=invalidation,
        invalidated_at=max(view.invalidated_at, as_of_event),
        read_ms=max(read_ms, view.read_ms),
        fills=fills,
        orders={key: _explained(known, as_of_event) for key, known in view.orders.items()},
    )


def _explained(known: KnownOrder, as_of_event: int) -> KnownOrder:
    """If the record is from before the read, the position of the read includes its fills."""
    if known.event_number > as_of_event:
        return known
    return known.with_explained(known.order.filled)


def _with_orders(
    view: SymbolView, orders: Sequence[Order], as_of_event: int
) -> tuple[SymbolView, str]:
    """The view with the orders of the read, and how they contradict it; empty if they do not.

    The record of an order that the read does not list is kept: reads lag, and the next one may list
    it as it was before.
    """
    merged, contradiction = dict(view.orders), ""
    listed = {order.order_id for order in orders}
    for order in orders:
        known = merged.get(order.order_id) or view.unlisted.get(order.order_id)
        if known is None:
            merged[order.order_id] = KnownOrder(order, as_of_event, order.filled)
            continue
        if known.event_number <= as_of_event and known.is_newer_than(order):
            contradiction = "the read shows an outdated state of an order"
        merged[order.order_id] = known.merge_read(order, as_of_event).with_explained(order.filled)
    missing = [
        key
        for key, known in view.orders.items()
        if key not in listed and known.order.status.is_open and known.event_number <= as_of_event
    ]
    if missing:
        contradiction = "the read does not list an order that was known to be open"
    unlisted = view.with_unlisted(
        {key: _explained(merged.pop(key), as_of_event) for key in missing}
    )
    unlisted = {key: known for key, known in unlisted.items() if key not in listed}
    return replace(view, orders=merged, unlisted=unlisted), contradiction


def _with_positions(
    view: SymbolView, positions: Sequence[Position | Flat], as_of_event: int
) -> tuple[SymbolView, str]:
    """The view with the positions of the read, and how they contradict it; empty if not."""
    merged, contradiction = dict(view.positions), ""
    read = _rows(view, positions, as_of_event)
    for index, shown in read.items():
        known = merged.get(index)
        if known is None:
            merged[index] = shown
        elif shown.seq > known.seq:
            merged[index] = known.followed_by(shown)
        elif known.event_number <= as_of_event:
            if -1 < shown.seq < known.seq:
                contradiction = "the read shows an outdated state of a position"
            elif shown.position is None and known.position is not None:
                contradiction = "the read shows a position flat that was known to be open"
                merged[index] = replace(shown, seq=known.seq)
            else:
                merged[index] = replace(known.followed_by(shown), seq=known.seq)
    for index, known in view.positions.items():
        if index not in read and known.position is not None and known.event_number <= as_of_event:
            contradiction = "the read does not list a position that was known to be open"
    return replace(view, positions=merged, read_positions={**view.read_positions, **read}), (
        contradiction
    )


def _rows(
    view: SymbolView, positions: Sequence[Position | Flat], as_of_event: int
) -> dict[int, KnownPosition]:
    """What the read shows, by position index.

    A flat row without ``seq`` counts as no older than every fill and position that arrived before
    the read.
    """
    fill_seqs = _fill_seqs(view, as_of_event)
    read: dict[int, KnownPosition] = {}
    for row in sorted(positions, key=lambda row: isinstance(row, Position)):
        index, seq = row.position_index, row.seq
        position = row if isinstance(row, Position) else None
        if position is None and seq < 0:
            known = view.positions.get(index)
            arrived = known.seq if known and known.event_number <= as_of_event else -1
            seq = max(fill_seqs.get(index, -1), arrived)
        read[index] = KnownPosition(seq, position, as_of_event, reads=1)
    return read


def _fill_seqs(view: SymbolView, as_of_event: int) -> dict[int, int]:
    """By position index, the ``seq`` of the newest fill that arrived before the read."""
    newest: dict[int, int] = {}
    for key, fills in view.fills.items():
        known = view.orders.get(key)
        if known is not None and fills.event_number <= as_of_event:
            index = known.order.position_index
            newest[index] = max(fills.seq, newest.get(index, -1))
    return newest
