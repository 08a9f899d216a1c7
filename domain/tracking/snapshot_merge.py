"""Merging a complete read of a symbol into what was told of it; pure.

A read counts as of the news before it was asked for, its ``mark``: what came later wins over it,
and what it does not list is gone only if nothing was heard of it since. A read that contradicts
what was told before it was asked for proves nothing: one of the two is late (reads lag, news get
lost), and another read has to say which.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..model.order import Order, Position
from .known_order import KnownOrder
from .symbol_view import CLOSED_KEPT, KnownPosition, SymbolView


def merged_read(
    view: SymbolView,
    orders: Sequence[Order],
    positions: Sequence[Position],
    mark: int,
    read_ms: int,
) -> SymbolView:
    """The view with a complete read of its symbol, asked for after the news ``mark``.

    Args:
        view: what was known.
        orders: all open orders of the symbol.
        positions: all its positions that are not flat.
        mark: number of the last news before the read was asked for.
        read_ms: the exchange's time of the read.
    """
    view, contradiction = _with_orders(view, orders, mark)
    view, another = _with_positions(view, positions, mark)
    invalidation = contradiction or another
    if not invalidation and view.invalidated_at > mark:
        invalidation = view.invalidation
    known_fills = {
        key: fills
        for key, fills in view.fills.items()
        if key in view.orders or fills.received > mark
    }
    return replace(
        view,
        synced=True,
        invalidation=invalidation,
        invalidated_at=max(view.invalidated_at, mark),
        read_ms=max(read_ms, view.read_ms),
        fills=known_fills,
        orders={key: _explained(known, mark) for key, known in view.orders.items()},
    )


def _explained(known: KnownOrder, mark: int) -> KnownOrder:
    """A record from before the read: the position that was read has its fills in it."""
    if known.received > mark:
        return known
    return known.explains(known.order.filled)


def _with_orders(view: SymbolView, orders: Sequence[Order], mark: int) -> tuple[SymbolView, str]:
    merged, why = dict(view.orders), ""
    listed = {order.order_id for order in orders}
    for order in orders:
        known = merged.get(order.order_id)
        if known is None:
            merged[order.order_id] = KnownOrder(order, mark, order.filled)
            continue
        if known.received <= mark and known.is_newer_than(order):
            why = "the read shows an order as it was before"
        merged[order.order_id] = known.read(order, mark).explains(order.filled)
    missing = [
        key
        for key, known in view.orders.items()
        if key not in listed and known.order.status.is_open and known.received <= mark
    ]
    for key in missing:
        del merged[key]
        why = "the read does not list an order that was told as open"
    gone = tuple(key for key in (*view.gone, *missing) if key not in listed)[-CLOSED_KEPT:]
    return replace(view, orders=merged, gone=gone), why


def _with_positions(
    view: SymbolView, positions: Sequence[Position], mark: int
) -> tuple[SymbolView, str]:
    merged, why = dict(view.positions), ""
    read = {p.position_index: KnownPosition(p.seq, p, mark) for p in positions}
    for index, got in read.items():
        known = merged.get(index)
        if known is None or got.seq > known.seq:
            merged[index] = got
        elif known.received <= mark:
            if -1 < got.seq < known.seq:
                why = "the read shows a position as it was before"
            else:
                merged[index] = replace(got, seq=known.seq)
    fill_seqs = _fill_seqs(view, mark)
    for index in sorted({*view.positions, *fill_seqs} - set(read)):
        known = view.positions.get(index, KnownPosition(-1, None, mark))
        if known.received <= mark:
            if known.position is not None:
                why = "the read does not list a position that was told as open"
            flat = KnownPosition(max(known.seq, fill_seqs.get(index, -1)), None, mark)
            read[index] = merged[index] = flat
    return replace(view, positions=merged, read_positions=read), why


def _fill_seqs(view: SymbolView, mark: int) -> dict[int, int]:
    """The newest fill of each position among the news up to the mark."""
    newest: dict[int, int] = {}
    for key, fills in view.fills.items():
        known = view.orders.get(key)
        if known is not None and fills.received <= mark:
            index = known.order.position_index
            newest[index] = max(fills.seq, newest.get(index, -1))
    return newest
