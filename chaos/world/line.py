"""The line between the engine and the exchange, watched at both ends."""

from collections.abc import Callable
from typing import Any

from trueup.testing import ApiRequest, ApiResponse, Network

from ..judging.judge import Judge

_MANY = 3


class WatchedLine(Network):
    """A network that tells the judge and the diary.

    Args:
        latency_ms: how long a request is under way, and its reply.
        judge: sees every request and reply.
        reach: told the crash point between a write's effect and its reply.
        wrote: told that a write has met the exchange.
        tell: takes lines for the diary; None if nobody reads it.
    """

    def __init__(
        self,
        latency_ms: int,
        judge: Judge,
        reach: Callable[[str], None],
        wrote: Callable[[], None],
        tell: Callable[[str], None] | None,
    ) -> None:
        super().__init__(latency_ms)
        self.faults = 0
        self._judge = judge
        self._reach = reach
        self._wrote = wrote
        self._tell = tell

    def before_send(self, request: ApiRequest) -> None:
        """A request is about to leave."""
        self._judge.leaves(request)

    def before_effect(self, request: ApiRequest) -> None:
        """A request has arrived at the exchange."""
        self._judge.arrives(request)

    def after_effect(self, request: ApiRequest, response: ApiResponse, *, received: bool) -> None:
        """The exchange has responded; a process that dies now never receives the response."""
        self._judge.told(request, response, received=received)
        self.faults += response.fault is not None
        if self._tell is not None:
            self._tell(_line_of(request, response))
        if request.is_write:
            self._wrote()
            self._reach(f"{verb_of(request)}.in-flight")


def verb_of(asked: ApiRequest) -> str:
    """``place``, ``amend`` or ``cancel``."""
    return {"create": "place"}.get(word := asked.path.split("/")[-1].removesuffix("-batch"), word)


def _line_of(asked: ApiRequest, told: ApiResponse) -> str:
    fault = "" if told.fault is None else f"  ⚡ {told.fault.kind.value}"
    code = "" if not told.answer.code else f" → {told.answer.code}"
    if not asked.is_write:
        return f"    reads {asked.path.removeprefix('/v5/')}{code}{fault}"
    verdicts = told.answer.extra.get("list", [])
    items = ", ".join(_item(item) for item in asked.fields["request"])
    codes = [str(verdict["code"]) for verdict in verdicts if verdict["code"]]
    return f"    {verb_of(asked)}s {items}{code}{' → ' + ' '.join(codes) if codes else ''}{fault}"


def _item(item: dict[str, Any]) -> str:
    named = item.get("orderLinkId") or item["orderId"][:8]
    values = (item.get("qty"), item.get("price"))
    return " ".join(["…" + named[-_MANY * 6 :], *(f"{v}" for v in values if v is not None)])
