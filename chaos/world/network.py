"""The network between engine and exchange, observed at both ends."""

from collections.abc import Callable, Mapping
from typing import Any

from trueup.testing import ApiRequest, ApiResponse, Network

from ..judge.judge import Judge
from ..ledger.stop_requests import SET_STOP

_MANY = 3
_SET = ("positionIdx", "stopLoss", "trailingStop", "activePrice")


class ObservedNetwork(Network):
    """Delays requests and replies, and reports them to the judge and the log.

    Attributes:
        faults: how many requests met a fault.

    Args:
        latency_ms: how long a request travels, and its reply.
        judge: sees every request and reply.
        reach: called at the crash point between a write's effect and its reply.
        wrote: called when a write has reached the exchange.
        log: receives lines for the history's log; None if none is kept.
    """

    def __init__(
        self,
        latency_ms: int,
        judge: Judge,
        reach: Callable[[str], None],
        wrote: Callable[[], None],
        log: Callable[[str], None] | None,
    ) -> None:
        super().__init__(latency_ms)
        self.faults = 0
        self._judge = judge
        self._reach = reach
        self._wrote = wrote
        self._log = log

    def before_send(self, request: ApiRequest) -> None:
        """A request is about to leave."""
        self._judge.request_leaves(request)

    def before_effect(self, request: ApiRequest) -> None:
        """A request reached the exchange."""
        self._judge.request_arrives(request)

    def after_effect(self, request: ApiRequest, response: ApiResponse, *, received: bool) -> None:
        """The exchange answered; a process that dies now never receives the reply."""
        self._judge.request_answered(request, response, received=received)
        self.faults += response.fault is not None
        if self._log is not None:
            self._log(_describe(request, response))
        if request.is_write:
            self._wrote()
            self._reach(f"{verb_of(request)}.in-flight")


def verb_of(request: ApiRequest) -> str:
    """``place``, ``amend`` or ``cancel``."""
    return {"create": "place"}.get(word := request.path.split("/")[-1].removesuffix("-batch"), word)


def _describe(request: ApiRequest, reply: ApiResponse) -> str:
    fault = "" if reply.fault is None else f"  ⚡ {reply.fault.kind.value}"
    code = "" if not reply.answer.code else f" → {reply.answer.code}"
    if not request.is_write:
        return f"    reads {request.path.removeprefix('/v5/')}{code}{fault}"
    if "request" not in request.fields:
        fields = request.fields
        if request.path == SET_STOP:
            given = " ".join(f"{name}={fields[name]}" for name in _SET if name in fields)
            return f"    sets the stop of {fields['symbol']}: {given}{code}{fault}"
        return f"    {verb_of(request)}s {_describe_item(fields)}{code}{fault}"
    verdicts = reply.answer.extra.get("list", [])
    items = ", ".join(_describe_item(item) for item in request.fields["request"])
    codes = [str(verdict["code"]) for verdict in verdicts if verdict["code"]]
    return f"    {verb_of(request)}s {items}{code}{' → ' + ' '.join(codes) if codes else ''}{fault}"


def _describe_item(item: Mapping[str, Any]) -> str:
    named = item.get("orderLinkId") or item["orderId"][:8]
    trigger = item.get("triggerPrice")
    values = (item.get("qty"), item.get("price"), trigger and f"at {trigger}")
    return " ".join(["…" + named[-_MANY * 6 :], *(f"{v}" for v in values if v is not None)])
