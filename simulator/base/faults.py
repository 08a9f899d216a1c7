"""Faults: what the network and the exchange do to requests, by rule or by schedule."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .params import Params


class FaultKind(StrEnum):
    """What a request meets."""

    REQUEST_LOST = "request_lost"
    """No effect; the connection is dropped."""
    REPLY_LOST = "reply_lost"
    """Took effect; the connection is dropped."""
    LATE_REPLY = "late_reply"
    """Took effect; answered after `delay_ms` real milliseconds."""
    LATE_EFFECT = "late_effect"
    """The connection is dropped; the request arrives `delay_ms` virtual milliseconds later."""
    STALE_READ = "stale_read"
    """A read sees the state before the last `effects_back` effects, or `delay_ms` ago."""
    SERVER_ERROR = "server_error"
    """HTTP `status`, with or without `effect`."""
    RATE_LIMITED = "rate_limited"
    """10006 without effect, with or without `reset_header`."""
    TIMESTAMP = "timestamp"
    """10002 without effect."""
    TRUNCATED = "truncated"
    """The body is cut while Content-Length promises more; with or without `effect`."""
    NOT_JSON = "not_json"
    """HTTP 200 with a body that is no JSON; with or without `effect`."""
    EMPTY_OBJECT = "empty_object"
    """HTTP 200 with `{}`; with or without `effect`."""
    RET_CODE = "ret_code"
    """HTTP 200 with `code` and `text`, with or without `effect`."""


_ALWAYS = frozenset({FaultKind.REPLY_LOST, FaultKind.LATE_REPLY, FaultKind.STALE_READ})
_NEVER = frozenset(
    {
        FaultKind.REQUEST_LOST,
        FaultKind.LATE_EFFECT,
        FaultKind.RATE_LIMITED,
        FaultKind.TIMESTAMP,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: which requests it is for, and what they meet.

    Attributes:
        kind: what happens.
        path: a part of the path, as "order/create" or "/v5/order"; "" is every path.
        method: "GET", "POST" or "" for both.
        uid: the account, "" for all.
        symbol: the symbol asked for (any item of a batch), "" for all.
        link_id: the orderLinkId (any item of a batch), "" for all.
        skip: how many matching requests pass before it begins (the n-th has skip n - 1).
        times: how many requests it meets; None has no end.
        effect: whether the request takes effect, for SERVER_ERROR, NOT_JSON, EMPTY_OBJECT, RET_CODE
            (by default it does not) and TRUNCATED (by default it does).
        delay_ms: see the kinds LATE_REPLY, LATE_EFFECT, STALE_READ.
        effects_back: for STALE_READ without delay.
        status: for SERVER_ERROR.
        code: for RET_CODE.
        text: for RET_CODE.
        reset_header: for RATE_LIMITED: whether X-Bapi-Limit-Reset-Timestamp is there.
    """

    kind: FaultKind
    path: str = ""
    method: str = ""
    uid: str = ""
    symbol: str = ""
    link_id: str = ""
    skip: int = 0
    times: int | None = 1
    effect: bool | None = None
    delay_ms: int = 0
    effects_back: int = 1
    status: int = 502
    code: int = 10016
    text: str = "Server error."
    reset_header: bool = True

    @property
    def takes_effect(self) -> bool:
        """Whether the request does what it asks for, when it is met."""
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
        """Whether a request is meant."""
        return (
            self.path in path
            and self.method in {"", method}
            and self.uid in {"", uid}
            and (not self.symbol or self.symbol in _named(params, "symbol"))
            and (not self.link_id or self.link_id in _named(params, "orderLinkId"))
            and (self.kind is not FaultKind.STALE_READ or method == "GET")
        )


def _named(params: Params, name: str) -> Iterator[Any]:
    yield params.get(name)
    items = params.get("request")
    if isinstance(items, list):
        yield from (item.get(name) for item in items if isinstance(item, dict))


@dataclass(slots=True)
class _Rule:
    fault: Fault
    seen: int = 0


class Faults:
    """The rules and the schedule in force.

    A request meets one fault at most: the schedule's next entry if that is for it, else the first
    rule that is due.
    """

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._schedule: list[Fault | None] = []

    def add(self, *faults: Fault) -> None:
        """Put rules in force."""
        self._rules.extend(_Rule(fault) for fault in faults)

    def schedule(self, *entries: Fault | None) -> None:
        """Say what the next requests meet, in order; None is a healthy one.

        An entry with a matcher waits for a request that it is meant for; others pass by.
        """
        self._schedule.extend(entries)

    def clear(self) -> None:
        """Forget all rules and the schedule."""
        self._rules.clear()
        self._schedule.clear()

    def meet(self, method: str, path: str, uid: str, params: Params) -> Fault | None:
        """The fault that a request meets, counted as met."""
        if self._schedule:
            head = self._schedule[0]
            if head is None or head.matches(method, path, uid, params):
                return self._schedule.pop(0)
        met: Fault | None = None
        if not self._rules:
            return None
        for rule in self._rules:
            if not rule.fault.matches(method, path, uid, params):
                continue
            if rule.seen < rule.fault.skip or met is None:
                rule.seen += 1
            if rule.seen > rule.fault.skip and met is None:
                met = rule.fault
        self._rules = [rule for rule in self._rules if not _spent(rule)]
        return met


def _spent(rule: _Rule) -> bool:
    times = rule.fault.times
    return times is not None and rule.seen >= rule.fault.skip + times
