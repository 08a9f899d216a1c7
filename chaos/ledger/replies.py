"""Recording the exchange's replies: what each one showed to the engine."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from trueup.domain.model.instrument import ZERO
from trueup.domain.venue.exchange_facts import Lateness
from trueup.simulator import FaultKind
from trueup.testing import ApiRequest, ApiResponse

from .book import Book
from .ledger import Ledger
from .stop_requests import SETS, forget_asked
from .stop_shown import note_shown_orders, note_shown_row
from .stream_coverage import list_of

_SHOWING = {
    "/v5/order/realtime": "qty",
    "/v5/order/history": "qty",
    "/v5/execution/list": "orderQty",
}
"""The replies that show orders, and their field with the order's quantity."""

_CANNOT_BE_AMENDED = 110022
_DUPLICATE = 110072
_PARAMETER = 10001
"""A parameter is refused: an unknown symbol, a stop on the wrong side of the market."""
_REFUSALS = (_PARAMETER, 110092, 110093)
"""A stop is refused for its price: an order's trigger has codes of its own."""
_TRADES = "/v5/execution/list"
_RULES = "/v5/market/instruments-info"


class ReplyRecorder:
    """Records replies in a ledger.

    Args:
        ledger: where they are recorded.
        effect_delay_ms: how long the exchange takes until an acknowledged write takes effect.
        lateness: how late the engine is told that requests and reads may be.
    """

    def __init__(self, ledger: Ledger, effect_delay_ms: int, lateness: Lateness) -> None:
        self._ledger = ledger
        self._latest_ms = lateness.total // timedelta(milliseconds=1)
        self._reads_ms = lateness.reads // timedelta(milliseconds=1)
        self._effect_delay_ms = effect_delay_ms
        self._noted: dict[int, Sequence[Mapping[str, Any]]] = {}

    def record(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Records one reply, and whether the engine received it."""
        self._note_fault(request, reply)
        if _hides_something(request, reply, received=received):
            self._ledger.hidden_ms[request.uid] = reply.at_ms
        if request.path == "/v5/position/list":
            self._note_positions(request, reply, received=received)
        elif request.path == _RULES:
            self._note_statuses(request, reply, received=received)
        elif request.path == "/v5/order/amend-batch":
            self._note_refused_amends(request, reply)
        elif request.path in SETS and received and reply.answer.code in _REFUSALS:
            forget_asked(self._ledger, request)
        elif request.path in _SHOWING and received and not reply.answer.code:
            self._note_shown_orders(reply.answer.result["list"], _SHOWING[request.path])
        if list_of(request) == "orders":
            self._note_order_read(request, reply, received=received)
        self._note_written(request)
        note_shown_orders(self._ledger, request, reply, received=received)

    def _note_fault(self, request: ApiRequest, reply: ApiResponse) -> None:
        fault, uid = reply.fault, request.uid
        if fault is None:
            return
        if fault.kind is FaultKind.LATE_EFFECT and request.is_write:
            until = reply.at_ms + fault.delay_ms + self._effect_delay_ms
            self._ledger.late_until[uid] = max(self._ledger.late_until.get(uid, 0), until)
            if fault.delay_ms >= self._latest_ms:
                arrives_ms = reply.at_ms + fault.delay_ms
                self._ledger.too_late.setdefault(uid, []).append(arrives_ms)
        elif fault.kind is FaultKind.STALE_READ:
            self._ledger.stale.setdefault(uid, []).append((reply.at_ms, reply.as_of_ms))
            self._ledger.streams.stale_read(uid, reply.at_ms, reply.as_of_ms)

    def _note_statuses(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Records the statuses of contracts that the engine was shown.

        No row for the symbol that was asked for: there is no such contract. A list of all
        contracts lacks those that do not trade.
        """
        if not received or reply.answer.code not in (0, _PARAMETER):
            return
        rows = () if reply.answer.code else reply.answer.result["list"]
        shown = {row["symbol"]: _takes_orders(row) for row in rows}
        if "symbol" in request.fields:
            shown.setdefault(request.fields["symbol"], False)
        for symbol, takes_orders in shown.items():
            if takes_orders:
                self._ledger.halt_shown.pop(symbol, None)
            else:
                shown_to = self._ledger.halt_shown.setdefault(symbol, (reply.at_ms, set()))[1]
                shown_to.add(self._ledger.running)
        self._ledger.takes_orders |= shown

    def _note_positions(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        if "symbol" not in request.fields and received and not reply.answer.code:
            self._note_open_positions(request.uid, reply)
        for book in self._ledger.books_of(request.uid, str(request.fields.get("symbol"))):
            book.asked_ms = reply.at_ms
            if not received or reply.answer.code:
                continue
            for row in reply.answer.result["list"]:
                if row["positionIdx"] == book.index:
                    is_held = row["side"] == book.key.side.value
                    size = Decimal(row["size"]) if is_held else ZERO
                    book.note_size(reply.at_ms, size)
                    if size:
                        note_shown_row(book, row, reply.at_ms)
                    self._note_flat(book, row, reply, is_flat=not size)

    def _note_flat(
        self, book: Book, row: Mapping[str, Any], reply: ApiResponse, *, is_flat: bool
    ) -> None:
        book.flat.note_read(row["seq"], reply.at_ms, self._reads_ms, is_flat=is_flat)

    def _note_open_positions(self, uid: str, reply: ApiResponse) -> None:
        """A list of a whole account has rows of open positions: one of the other side says flat."""
        for row in reply.answer.result["list"]:
            for book in self._ledger.books_of(uid, row["symbol"]):
                if row["positionIdx"] == book.index and Decimal(row["size"]):
                    is_held = row["side"] == book.key.side.value
                    self._note_flat(book, row, reply, is_flat=not is_held)

    def _note_written(self, request: ApiRequest) -> None:
        """A request of ours was about orders of a ladder: what was read before it is overtaken."""
        for item in request.fields.get("request", ()) if request.is_write else ():
            for name in ("orderLinkId", "orderId"):
                claim = self._ledger.claims.get((request.uid, item.get(name, "")))
                book = self._ledger.books.get(claim.key) if claim else None
                if book is not None:
                    book.orders_ms = None

    def _note_order_read(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Records that the engine is reading the orders of a symbol, or of the whole account.

        A list that lacks rows, or has one that nobody understands, shows no more of the symbol than
        the last one that was whole.
        """
        symbol, ledger = request.fields.get("symbol"), self._ledger
        lacks_rows = reply.fault is not None and reply.fault.kind is FaultKind.ROWS_LEFT_OUT
        for book in ledger.books.values():
            if book.key.account != request.uid or symbol not in (None, book.key.symbol):
                continue
            has_odd = any(o.shown_as for o in ledger.open_orders(request.uid, book.key.symbol))
            if lacks_rows or has_odd:
                whole_ms = book.listed[-1] if book.listed else 0
                ledger.stale.setdefault(request.uid, []).append((reply.at_ms, whole_ms))
            elif not request.fields.get("cursor"):
                book.listed.append(reply.at_ms)
                if received and not reply.answer.code:
                    book.orders_ms = reply.at_ms

    def _note_shown_orders(self, rows: Sequence[Mapping[str, Any]], quantity: str) -> None:
        """Records the quantities with which orders were shown; identical rows once."""
        if self._noted.get(id(rows)) is rows:
            return
        self._noted[id(rows)] = rows
        for row in rows:
            self._ledger.shown.setdefault(row["orderId"], set()).add(Decimal(row[quantity]))

    def _note_refused_amends(self, request: ApiRequest, reply: ApiResponse) -> None:
        """Records the amends that were refused, and which orders cannot be amended at all."""
        items = request.fields["request"]
        verdicts = [one["code"] for one in reply.answer.extra.get("list", [])] or [1] * len(items)
        refused = [item for item, verdict in zip(items, verdicts, strict=False) if verdict]
        self._ledger.request_items = refused
        fault = reply.fault
        code = fault.code if fault is not None and fault.kind is FaultKind.RET_CODE else 0
        for item, verdict in zip(items, verdicts, strict=False):
            for book in self._ledger.books_of(request.uid, item["symbol"]):
                if _CANNOT_BE_AMENDED in (verdict, code):
                    book.unamendable.add(item.get("orderId", ""))


def _hides_something(request: ApiRequest, reply: ApiResponse, *, received: bool) -> bool:
    """Whether the reply lacks trades, or says of an id that it is taken though no list has it."""
    fault = reply.fault
    if request.path == _TRADES:
        lacks_rows = fault is not None and fault.kind is FaultKind.ROWS_LEFT_OUT
        return lacks_rows or bool(reply.answer.code) or not received
    return fault is not None and fault.kind is FaultKind.RET_CODE and fault.code == _DUPLICATE


def _takes_orders(row: Mapping[str, Any]) -> bool:
    phase = (row["preListingInfo"] or {}).get("curAuctionPhase")
    is_pre_market = row["status"] == "PreLaunch" and phase == "ContinuousTrading"
    return row["status"] == "Trading" or is_pre_market
