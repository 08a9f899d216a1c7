"""P5: no cancel and no place while the last read of the symbol failed or was partial.

Held against the wire, not against what the adapter made of it: a list is read when its pages
were walked to one that names no further page, and every page was heard. A view of a private stream
counts as a whole read at the moment when the engine looks at it, where the stream is open and the
account, or the symbol, was read whole since it was opened; any other view proves nothing.
"""

from enum import StrEnum

from trueup.testing import ApiRequest, ApiResponse

from ..checker.stream_coverage import list_of
from ..exchange.scene import Scene
from .promise import Promise

_GUARDED = ("/v5/order/create-batch", "/v5/order/cancel-batch")


class _Walk(StrEnum):
    WHOLE = "whole"
    FAILED = "failed"
    PARTIAL = "partial"


class UnknownIsNotEmpty(Promise):
    """Positions, open orders and conditional orders were all read whole, and last so."""

    name = "P5 unknown is not empty"

    def take_scene(self, scene: Scene) -> None:
        """Nothing was read yet; takes what there is to read."""
        conditional = ("conditional orders",) if scene.conditional_orders else ()
        self._lists = ("positions", "orders", *conditional)
        self._walks: dict[tuple[str, str], dict[str, _Walk]] = {}

    def on_reply(self, asked: ApiRequest, told: ApiResponse, *, received: bool) -> None:
        """Takes down how a walk stands."""
        name = list_of(asked)
        if name is None:
            return
        walks = self._walks.setdefault((asked.uid, str(asked.fields.get("symbol", ""))), {})
        if not received or told.answer.code:
            walks[name] = _Walk.FAILED
        else:
            result = told.answer.result
            ends = not result.get("nextPageCursor") or not result["list"]
            walks[name] = _Walk.WHOLE if ends else _Walk.PARTIAL

    def on_view(self, uid: str, symbol: str) -> None:
        """What was looked at must be proven; then it is known like after a whole read."""
        if not self.ledger.earshot.is_synced(uid, symbol, self._lists):
            self.broken(f"{uid} {symbol}", "a view was used that nothing proves")
            return
        walks = self._walks.setdefault((uid, symbol), {})
        walks.update(dict.fromkeys(self._lists, _Walk.WHOLE))

    def before_request(self, asked: ApiRequest) -> None:
        """A place or cancel leaves."""
        if asked.path not in _GUARDED:
            return
        for symbol in sorted({item["symbol"] for item in asked.fields["request"]}):
            walks = self._walks.get((asked.uid, symbol), {})
            for name in self._lists:
                stands = walks.get(name, _Walk.FAILED)
                if stands is not _Walk.WHOLE:
                    verb = asked.path.rsplit("/", 1)[1]
                    self.broken(
                        f"{asked.uid} {symbol}", f"{verb} left while the {name} were {stands.value}"
                    )
