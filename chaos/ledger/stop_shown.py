"""What the engine was shown of stops: rows of positions, and of orders of ours that are stops."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.observation import Observation
from trueup.domain.model.order import Order, OrderStatus, OrderType
from trueup.domain.model.protection import PositionStop
from trueup.testing import ApiRequest, ApiResponse

from .book import Book
from .ledger import Ledger
from .protection import Shown
from .stream_coverage import list_of

_ORDERS = ("/v5/order/realtime", "/v5/order/history")
_WAITS = "Untriggered"


def note_shown_row(book: Book, row: Mapping[str, Any], at_ms: int) -> None:
    """A reply had the row of the monitor's open position, which shows the exchange's own stop.

    With the list of orders that was read before it, it shows the order that is the stop.
    """
    protection = book.protection
    if not protection.is_order:
        stop = PositionStop(Decimal(row["stopLoss"] or 0), Decimal(row["trailingStop"] or 0))
        protection.shown.append(Shown(at_ms, stop))
    elif protection.listed is not None:
        protection.shown.append(protection.listed)


def note_shown_orders(
    ledger: Ledger, request: ApiRequest, reply: ApiResponse, *, received: bool
) -> None:
    """The exchange answered with orders of a symbol: a list, or what is known of a single one.

    A list that has come to its end without the stop's order shows none. One with a row that nobody
    understands shows nothing.
    """
    symbol, uid = request.fields.get("symbol"), request.uid
    if request.path not in _ORDERS or symbol is None:
        return
    is_read = received and not reply.answer.code and not _has_odd(ledger, reply)
    for book in ledger.books_of(uid, symbol):
        if not book.protection.is_order:
            continue
        rows = reply.answer.result["list"] if is_read else ()
        own = (row for row in rows if row["orderLinkId"] in book.protection.link_ids)
        found = [_shown(row, reply.at_ms) for row in own]
        if list_of(request) is None:
            book.protection.shown += found
        else:
            _note_listed(book, request, reply, found, is_read=is_read)


def _has_odd(ledger: Ledger, reply: ApiResponse) -> bool:
    """Whether a row has something that nobody understands; one that lags may not have it yet."""
    rows = [row for row in reply.answer.result["list"] if row["orderId"] in ledger.orders]
    return any(
        row[field] == value
        for row in rows
        for field, value in ledger.orders[row["orderId"]].shown_as
    )


def _note_listed(
    book: Book, request: ApiRequest, reply: ApiResponse, found: list[Shown], *, is_read: bool
) -> None:
    """A page of a list was read, or could not be; conditional orders may add it."""
    protection = book.protection
    if not is_read:
        protection.listed = None
    elif list_of(request) != "orders":
        protection.listed = next(iter(found), protection.listed)
    else:
        is_later, nothing = request.fields.get("cursor"), Shown(reply.at_ms, PositionStop())
        before = protection.listed if is_later else nothing
        protection.listed = before and next(iter(found), before)


def note_viewed(book: Book, seen: Observation, at_ms: int) -> None:
    """The engine used the stream's view, in which the monitor's position is open."""
    protection, key = book.protection, book.key
    if not protection.is_order:
        stop = seen.position(key.symbol, key.side).stop
        if stop is not None:
            protection.shown.append(Shown(at_ms, stop))
        return
    own = (one for one in seen.orders if one.order_link_id in protection.link_ids)
    found = [_shown_order(one, at_ms) for one in own]
    protection.shown += found or [Shown(at_ms, PositionStop())]


def note_event(book: Book, order: Order, at_ms: int) -> None:
    """The stream delivered an order of the monitor's symbol."""
    protection = book.protection
    if protection.is_order and order.order_link_id in protection.link_ids:
        protection.events.append(_shown_order(order, at_ms))


def _shown_order(order: Order, at_ms: int) -> Shown:
    if not order.trigger_price or order.status is not OrderStatus.PENDING_TRIGGER:
        return Shown(at_ms, PositionStop())
    limit = order.price if order.order_type is OrderType.LIMIT else ZERO
    return Shown(at_ms, PositionStop(order.trigger_price, limit=limit), order.remaining)


def _shown(row: Mapping[str, Any], at_ms: int) -> Shown:
    if row["orderStatus"] != _WAITS:
        return Shown(at_ms, PositionStop())
    left = Decimal(row["qty"]) - Decimal(row["cumExecQty"] or ZERO)
    limit = Decimal(row["price"]) if row["orderType"] == "Limit" else ZERO
    return Shown(at_ms, PositionStop(Decimal(row["triggerPrice"]), limit=limit), left)
