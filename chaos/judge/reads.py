"""P5: no place and no cancel leaves while the last read of the symbol failed or was partial.

This is checked on the wire, not on what the adapter made of it: a list is read whole when the
engine received every page up to the one that names no further page. A stream's view counts as a
whole read at the moment when the engine uses it, provided that the stream is open and the account
or the symbol was read whole since it was opened. To use any other view breaks the promise. A run
is held to its own reads: while it waits, one of the other side in the same contract may read, too.

An amend may leave while the orders are unread, but not while the position is: it names an order on
record, leaves it no smaller than it may be already, and the run's alert says that it is unverified.
That it keeps the most that may be covered within the position is checked with every other write
(:mod:`.cover.pending_cover`).

A list may lack rows and look whole. So no owned order is cancelled because the position is flat,
unless the engine was shown so: by two replies to requests by symbol with a row that says it, or by
one and an event of the stream.
"""

from enum import StrEnum
from typing import Any

from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.intent import Intent
from trueup.domain.model.record import MonitorRecord, StateName
from trueup.domain.store import Step
from trueup.testing import ApiRequest, ApiResponse

from ..ledger.book import Book
from ..ledger.stream_coverage import list_of
from ..scene.scene import Scene
from .cover.pending_cover import announced
from .promise import Promise

_GUARDED = ("/v5/order/create-batch", "/v5/order/cancel-batch")
_AMEND = "/v5/order/amend-batch"
_MARK = "UNVERIFIED"


class _Walk(StrEnum):
    WHOLE = "whole"
    FAILED = "failed"
    PARTIAL = "partial"


class _Reads(Promise):
    """What each run knows of the lists of a symbol: how the last read of each one ended."""

    def set_scene(self, scene: Scene) -> None:
        """Takes the lists that the engine has to read; none has been read yet."""
        conditional = ("conditional orders",) if scene.conditional_orders else ()
        self.lists = ("positions", "orders", *conditional)
        self._walks: dict[tuple[MonitorKey | None, str, str], dict[str, _Walk]] = {}

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Records how far the read of a list got."""
        name = list_of(request)
        if name is None:
            return
        walks = self._walks_of(request.uid, str(request.fields.get("symbol", "")))
        if not received or reply.answer.code:
            walks[name] = _Walk.FAILED
        else:
            result = reply.answer.result
            ends = not result.get("nextPageCursor") or not result["list"]
            walks[name] = _Walk.WHOLE if ends else _Walk.PARTIAL

    def on_view(self, uid: str, symbol: str) -> None:
        """A view that is synced counts as a whole read."""
        if self.ledger.streams.is_synced(uid, symbol, self.lists):
            self._walks_of(uid, symbol).update(dict.fromkeys(self.lists, _Walk.WHOLE))

    def unread(self, uid: str, symbol: str) -> dict[str, str]:
        """How the last read of each list ended that is not whole."""
        walks = self._walks_of(uid, symbol)
        stand = {name: walks.get(name, _Walk.FAILED) for name in self.lists}
        return {name: walk.value for name, walk in stand.items() if walk is not _Walk.WHOLE}

    def _walks_of(self, uid: str, symbol: str) -> dict[str, _Walk]:
        return self._walks.setdefault((self.ledger.running, uid, symbol), {})


class UnknownIsNotEmpty(_Reads):
    """Positions, open orders and conditional orders were all read whole before each write."""

    name = "P5 unknown is not empty"

    def on_view(self, uid: str, symbol: str) -> None:
        """The view must be synced."""
        super().on_view(uid, symbol)
        if not self.ledger.streams.is_synced(uid, symbol, self.lists):
            self.broken(f"{uid} {symbol}", "the engine used a view that is not synced")

    def before_request(self, request: ApiRequest) -> None:
        """Checks a place or cancel that is about to leave."""
        if request.path not in _GUARDED:
            return
        for symbol in sorted({item["symbol"] for item in request.fields["request"]}):
            for name, stands in self.unread(request.uid, symbol).items():
                verb = request.path.rsplit("/", 1)[1]
                self.broken(
                    f"{request.uid} {symbol}", f"{verb} left while the {name} were {stands}"
                )


class AmendedUnread(_Reads):
    """No amend leaves without the position, and without the orders only one that can do no harm."""

    name = "P5 amended unread"

    def set_scene(self, scene: Scene) -> None:
        """No run has amended anything unread."""
        super().set_scene(scene)
        self._unverified: dict[str, str] = {}

    def before_request(self, request: ApiRequest) -> None:
        """Checks each amend that is about to leave."""
        if request.path != _AMEND:
            return
        for item in request.fields["request"]:
            unread = self.unread(request.uid, item["symbol"])
            if unread:
                self._check(request.uid, item, unread)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """The alert of a run that amended anything unread says so."""
        del before, at_ms
        for transition in step.transitions:
            if transition.target is not StateName.IDLE and transition.event != "again":
                continue
            key, why = step.record.key, self._unverified.pop(transition.run_id, "")
            if not self.unread(key.account, key.symbol):
                continue  # A resumed run has read everything since.
            alerts = self.ledger.runs[transition.run_id].alerts
            if why and not all(_MARK in alert.text for alert in alerts):
                self.broken(key, f"an alert does not say that {why}")

    def _check(self, uid: str, item: dict[str, Any], unread: dict[str, str]) -> None:
        named = str(item.get("orderId") or item.get("orderLinkId"))
        state = ", ".join(f"the {name} were {stands}" for name, stands in unread.items())
        claim = self.ledger.claims.get((uid, named))
        book = self.ledger.books.get(claim.key) if claim else None
        write = _newest_amend(book, named) if book else None
        if "positions" in unread or book is None or write is None:
            self.broken(f"{uid} {item['symbol']}", f"an amend of {named} left while {state}")
            return
        self._unverified[write.run_id] = f"{named} was amended while {state}"
        for order in announced(book, {write.id}):
            if order.order.order_link_id == write.order_link_id and order.shrinks:
                self.broken(book.key, f"an amend that may shrink {named} left while {state}")


def _newest_amend(book: Book, named: str) -> Intent | None:
    """The amend of that order that was announced last."""
    amends = [
        intent
        for intent in book.open_intents()
        if intent.operation is Operation.AMEND and named in (intent.order_id, intent.order_link_id)
    ]
    return amends[-1] if amends else None


class FlatIsShown(Promise):
    """No cancel leaves for a closed position that no row has shown to be closed."""

    name = "P5 flat is a row"

    def before_request(self, request: ApiRequest) -> None:
        """Checks cancels of owned orders whose record says that the position is flat."""
        if request.path != "/v5/order/cancel-batch":
            return
        for item in request.fields["request"]:
            name = item.get("orderId") or item.get("orderLinkId")
            claim = self.ledger.claims.get((request.uid, name))
            book = self.ledger.books.get(claim.key) if claim else None
            if book is None or book.record.position_size or book.flat.is_enough:
                continue
            self.broken(
                book.key,
                f"a cancel left for a flat position that {book.flat.reads} reads by symbol showed"
                f"{' and an event' if book.flat.is_streamed else ''}",
            )
