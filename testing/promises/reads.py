"""P5: no cancel and no place while the last read of the symbol failed or was partial.

Held against the wire, not against what the adapter made of it: a list is read when its pages
were walked to one that names no further page, and every page was heard.
"""

from enum import StrEnum

from ..face import Asked, Told
from ..scene import Scene
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

    def on_reply(self, asked: Asked, told: Told, *, heard: bool) -> None:
        """Takes down how a walk stands."""
        name = _list_of(asked)
        if name is None:
            return
        walks = self._walks.setdefault((asked.uid, str(asked.fields.get("symbol", ""))), {})
        if not heard or told.answer.code:
            walks[name] = _Walk.FAILED
        else:
            result = told.answer.result
            ends = not result.get("nextPageCursor") or not result["list"]
            walks[name] = _Walk.WHOLE if ends else _Walk.PARTIAL

    def before_request(self, asked: Asked) -> None:
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


def _list_of(asked: Asked) -> str | None:
    if asked.path == "/v5/position/list":
        return "positions"
    if asked.path != "/v5/order/realtime":
        return None
    if asked.fields.get("orderId") or asked.fields.get("orderLinkId"):
        return None
    return "conditional orders" if asked.fields.get("orderFilter") else "orders"
