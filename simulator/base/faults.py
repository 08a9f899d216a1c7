"""Request faults: what the network and the exchange do to requests, by rule or by schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .bounds import MOST_MS, one_of, within
from .params import Params
from .rules import Rule, check_rule


class FaultKind(StrEnum):
    """What happens to a request."""

    REQUEST_LOST = "request_lost"
    """The request has no effect, and the connection is dropped."""
    REPLY_LOST = "reply_lost"
    """The request takes effect, and the connection is dropped."""
    LATE_REPLY = "late_reply"
    """The request takes effect; the reply comes after `delay_ms` real milliseconds."""
    LATE_EFFECT = "late_effect"
    """The connection is dropped; the request arrives `delay_ms` virtual milliseconds later."""
    STALE_READ = "stale_read"
    """A read shows the state before the last `effects_back` effects, or `delay_ms` ago."""
    SERVER_ERROR = "server_error"
    """The reply is HTTP `status`; the request takes effect if `effect` is true."""
    RATE_LIMITED = "rate_limited"
    """The reply is 10006, with or without `reset_header`; the request has no effect."""
    TIMESTAMP = "timestamp"
    """The reply is 10002; the request has no effect."""
    TRUNCATED = "truncated"
    """Half the body comes; the request takes effect unless `effect` is false."""
    NOT_JSON = "not_json"
    """The reply is HTTP 200 with HTML; the request takes effect if `effect` is true."""
    EMPTY_OBJECT = "empty_object"
    """The reply is HTTP 200 with `{}`; the request takes effect if `effect` is true."""
    RET_CODE = "ret_code"
    """The reply has `code` and `text`; the request takes effect if `effect` is true."""
    ROWS_LEFT_OUT = "rows_left_out"
    """A list of an account comes without the rows of `leaves_out`, as if it were complete."""


_ALWAYS = frozenset(
    {
        FaultKind.REPLY_LOST,
        FaultKind.LATE_REPLY,
        FaultKind.STALE_READ,
        FaultKind.ROWS_LEFT_OUT,
    }
)
_NEVER = frozenset(
    {
        FaultKind.REQUEST_LOST,
        FaultKind.LATE_EFFECT,
        FaultKind.RATE_LIMITED,
        FaultKind.TIMESTAMP,
    }
)
_METHODS = ("", "GET", "POST")
_LOWEST_STATUS, _HIGHEST_STATUS = 200, 599
_LISTS = (
    "/v5/order/realtime",
    "/v5/order/history",
    "/v5/execution/list",
    "/v5/position/list",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: which requests it matches, and what happens to them.

    Attributes:
        kind: what happens.
        path: a part of the path, as "order/create" or "/v5/order"; "" matches every path.
        method: "GET", "POST", or "" for both.
        uid: the account, or "" for all.
        symbol: the symbol of the request or of any item of a batch, or "" for all.
        link_id: the orderLinkId of the request or of any item of a batch, or "" for all.
        skip: how many matching requests pass first: to hit the third, skip 2.
        times: how many requests the fault hits; None for no limit.
        lasts_ms: virtual time from the injection to the end of the rule; None for no end. A
            scheduled fault has none.
        effect: whether the request takes effect, for SERVER_ERROR, NOT_JSON, EMPTY_OBJECT, RET_CODE
            (by default it does not) and TRUNCATED (by default it does).
        delay_ms: for LATE_REPLY, LATE_EFFECT and STALE_READ: how late, in milliseconds.
        effects_back: for STALE_READ without `delay_ms`: how many effects are not seen yet.
        status: for SERVER_ERROR: the HTTP status.
        code: for RET_CODE: the retCode.
        text: for RET_CODE: the retMsg.
        leaves_out: for ROWS_LEFT_OUT: the symbol whose rows are missing, or "" for all.
        reset_header: for RATE_LIMITED: whether X-Bapi-Limit-Reset-Timestamp is sent.
        oldest_ms: for STALE_READ without `delay_ms`: older effects are seen; None for no limit.
    """

    kind: FaultKind
    path: str = ""
    method: str = ""
    uid: str = ""
    symbol: str = ""
    link_id: str = ""
    skip: int = 0
    times: int | None = 1
    lasts_ms: int | None = None
    effect: bool | None = None
    delay_ms: int = 0
    effects_back: int = 1
    status: int = 502
    code: int = 10016
    text: str = "Server error."
    leaves_out: str = ""
    reset_header: bool = True
    oldest_ms: int | None = None

    def __post_init__(self) -> None:
        """Refuse figures that mean nothing.

        Raises:
            ValueError: a field is out of its bounds.
        """
        one_of("method", self.method, _METHODS)
        check_rule(self)
        within("effects_back", self.effects_back)
        within("delay_ms", self.delay_ms, highest=MOST_MS)
        within("oldest_ms", self.oldest_ms)
        within("status", self.status, _LOWEST_STATUS, _HIGHEST_STATUS)

    @property
    def takes_effect(self) -> bool:
        """Whether a request that meets the fault takes effect."""
        if self.kind in _ALWAYS:
            return True
        if self.kind in _NEVER:
            return False
        return self.kind is FaultKind.TRUNCATED if self.effect is None else self.effect

    def lets_serve(self, method: str) -> bool:
        """Whether the endpoint is served when a request meets the fault.

        Reads are served unless the fault never lets a request through: serving one changes nothing.
        """
        return self.takes_effect or (method == "GET" and self.kind not in _NEVER)

    def matches(self, method: str, path: str, uid: str, params: Params) -> bool:
        """Whether a request matches the rule."""
        return (
            self.path in path
            and self.method in {"", method}
            and self.uid in {"", uid}
            and (not self.symbol or self.symbol in _named(params, "symbol"))
            and (not self.link_id or self.link_id in _named(params, "orderLinkId"))
            and (self.kind is not FaultKind.STALE_READ or method == "GET")
            and (self.kind is not FaultKind.ROWS_LEFT_OUT or path in _LISTS)
        )


def _named(params: Params, name: str) -> Iterator[Any]:
    yield params.get(name)
    items = params.get("request")
    if isinstance(items, list):
        yield from (item.get(name) for item in items if isinstance(item, dict))


class Faults:
    """The rules and the schedule in force.

    A request meets at most one fault: the schedule's next entry if that matches the request,
    otherwise the first matching rule that is due.
    """

    def __init__(self) -> None:
        self._rules: list[Rule[Fault]] = []
        self._schedule: list[Fault | None] = []

    def add(self, fault: Fault, now_ms: int) -> None:
        """Put a rule in force."""
        self._rules.append(Rule(fault, now_ms))

    def schedule(self, *entries: Fault | None) -> None:
        """Choose the faults of the next requests, in order; None lets a request pass.

        A fault with a matcher waits for a request that it matches; other requests pass.
        """
        self._schedule.extend(entries)

    def clear(self, *faults: Fault) -> None:
        """Remove the rules of these faults, or else all rules and the schedule."""
        if faults:
            self._rules = [rule for rule in self._rules if rule.fault not in faults]
            return
        self._rules.clear()
        self._schedule.clear()

    def in_force(self, now_ms: int) -> Iterator[tuple[Fault, int | None]]:
        """Each rule that is not over, then the schedule; with how many requests it will hit."""
        yield from ((rule.fault, rule.left) for rule in self._rules if not rule.is_over(now_ms))
        yield from ((entry, 1) for entry in self._schedule if entry is not None)

    def meet(self, method: str, path: str, uid: str, params: Params, now_ms: int) -> Fault | None:
        """Return the fault that a request meets, if any, and count the request."""
        if self._schedule:
            head = self._schedule[0]
            if head is None or head.matches(method, path, uid, params):
                return self._schedule.pop(0)
        met: Fault | None = None
        if not self._rules:
            return None
        for rule in self._rules:
            if rule.is_over(now_ms) or not rule.fault.matches(method, path, uid, params):
                continue
            if rule.seen < rule.fault.skip or met is None:
                rule.seen += 1
            if rule.seen > rule.fault.skip and met is None:
                met = rule.fault
        self._rules = [rule for rule in self._rules if not rule.is_over(now_ms)]
        return met
