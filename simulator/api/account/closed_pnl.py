"""GET position/closed-pnl: what closing orders realised (docs/v5/position/close-pnl).

A row is an order that closed a position. Its closedPnl is the exit value less the entry value,
less the fees of the exit, less the entry's share of its fees: so the figures of the page's sample
add up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ...base.decimals import ZERO, plain
from ...market.enums import ExecType, Side
from ...market.positions import Fill
from ..paging import PageRule, page_of
from ..reads import in_scope, window
from ..request import Call, Outcome
from ..rows import short


@dataclass(frozen=True, slots=True)
class _Closed:
    """What one order has closed so far."""

    first: Fill
    last: Fill
    size: Decimal = ZERO
    exit_value: Decimal = ZERO
    entry_value: Decimal = ZERO
    fees: Decimal = ZERO
    fills: int = 0

    def row(self, leverage: Decimal) -> dict[str, Any]:
        gain = self.exit_value - self.entry_value
        gain = gain if self.first.side is Side.SELL else -gain
        return {
            "symbol": self.first.symbol,
            "orderId": self.first.order_id,
            "side": self.first.side.value,
            "qty": plain(self.first.order_quantity),
            "orderPrice": plain(self.first.order_price),
            "orderType": self.first.order_type,
            "execType": self.first.exec_type.value,
            "closedSize": plain(self.size),
            "cumEntryValue": short(self.entry_value),
            "avgEntryPrice": short(self.entry_value / self.size),
            "cumExitValue": short(self.exit_value),
            "avgExitPrice": short(self.exit_value / self.size),
            "closedPnl": short(gain - self.fees),
            "fillCount": str(self.fills),
            "leverage": plain(leverage),
            "createdTime": str(self.first.at_ms),
            "updatedTime": str(self.last.at_ms),
        }


def closed_pnl(call: Call) -> Outcome:
    """The orders that closed something, newest first; seven days by default."""
    fields, venue = call.fields, call.venue
    start, end = window(fields, venue.now())
    found = [
        each
        for each in _closed_by_order(call.view().fills())
        if start <= each.first.at_ms <= end and in_scope(venue, each.first.symbol, fields)
    ]
    rule = PageRule(50, 100, venue.behaviour.cursor_on_last_page)
    page = page_of(found, lambda each: (each.first.at_ms, each.first.seq), fields, rule)
    listed = [
        each.row(call.owner.leverage(each.first.symbol, each.first.side.opposite))
        for each in page.rows
    ]
    return Outcome({"nextPageCursor": page.cursor, "category": "linear", "list": listed})


def _closed_by_order(fills: Iterable[Fill]) -> Iterator[_Closed]:
    """Follows the positions fill by fill, with the fees that their entries have paid."""
    held: dict[tuple[str, Side], tuple[Decimal, Decimal]] = {}
    closed: dict[str, _Closed] = {}
    for fill in fills:
        if fill.exec_type is ExecType.FUNDING:
            continue
        if fill.closed:
            key = (fill.symbol, fill.side.opposite)
            size, fees = held.get(key, (fill.closed, ZERO))
            share = fees * fill.closed / size if size else ZERO
            held[key] = (size - fill.closed, fees - share)
            before = closed.get(fill.order_id) or _Closed(fill, fill)
            closed[fill.order_id] = _with_fill(before, fill, share)
        opened = fill.quantity - fill.closed
        if opened:
            key = (fill.symbol, fill.side)
            size, fees = held.get(key, (ZERO, ZERO))
            held[key] = (size + opened, fees + fill.fee * opened / fill.quantity)
    return iter(closed.values())


def _with_fill(before: _Closed, fill: Fill, share: Decimal) -> _Closed:
    exit_value = fill.closed * fill.price
    gain = fill.realised if fill.side is Side.SELL else -fill.realised
    return replace(
        before,
        last=fill,
        size=before.size + fill.closed,
        exit_value=before.exit_value + exit_value,
        entry_value=before.entry_value + exit_value - gain,
        fees=before.fees + share + fill.fee * fill.closed / fill.quantity,
        fills=before.fills + 1,
    )
