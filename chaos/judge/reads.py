"""P5: no place and no cancel leaves while the last read of the symbol failed or was partial.

This is checked on the wire, not on what the adapter made of it: a list is read whole when the
engine received every page up to the one that names no further page. A stream's view counts as a
whole read at the moment when the engine uses it, provided that the stream is open and the account
or the symbol was read whole since it was opened. To use any other view breaks the promise.

A list may lack rows and look whole. So no owned order is cancelled because the position is flat,
unless the engine was shown so: by two replies to requests by symbol with a row that says it, or by
one and an event of the stream.
"""

from enum import StrEnum

from trueup.testing import ApiRequest, ApiResponse

from ..ledger.stream_coverage import list_of
from ..scene.scene import Scene
from .promise import Promise

_GUARDED = ("/v5/order/create-batch", "/v5/order/cancel-batch")


class _Walk(StrEnum):
    WHOLE = "whole"
    FAILED = "failed"
    PARTIAL = "partial"


class UnknownIsNotEmpty(Promise):
    """Positions, open orders and conditional orders were all read whole before each write."""

    name = "P5 unknown is not empty"

    def set_scene(self, scene: Scene) -> None:
        """Takes the lists that the engine has to read; none has been read yet."""
        conditional = ("conditional orders",) if scene.conditional_orders else ()
        self._lists = ("positions", "orders", *conditional)
        self._walks: dict[tuple[str, str], dict[str, _Walk]] = {}

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Records how far the read of a list got."""
        name = list_of(request)
        if name is None:
            return
        walks = self._walks.setdefault((request.uid, str(request.fields.get("symbol", ""))), {})
        if not received or reply.answer.code:
            walks[name] = _Walk.FAILED
        else:
            result = reply.answer.result
            ends = not result.get("nextPageCursor") or not result["list"]
            walks[name] = _Walk.WHOLE if ends else _Walk.PARTIAL

    def on_view(self, uid: str, symbol: str) -> None:
        """The view must be synced; it then counts as a whole read."""
        if not self.ledger.streams.is_synced(uid, symbol, self._lists):
            self.broken(f"{uid} {symbol}", "the engine used a view that is not synced")
            return
        walks = self._walks.setdefault((uid, symbol), {})
        walks.update(dict.fromkeys(self._lists, _Walk.WHOLE))

    def before_request(self, request: ApiRequest) -> None:
        """Checks a place or cancel that is about to leave."""
        if request.path not in _GUARDED:
            return
        for symbol in sorted({item["symbol"] for item in request.fields["request"]}):
            walks = self._walks.get((request.uid, symbol), {})
            for name in self._lists:
                stands = walks.get(name, _Walk.FAILED)
                if stands is not _Walk.WHOLE:
                    verb = request.path.rsplit("/", 1)[1]
                    self.broken(
                        f"{request.uid} {symbol}",
                        f"{verb} left while the {name} were {stands.value}",
                    )


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
