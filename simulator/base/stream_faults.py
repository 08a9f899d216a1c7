"""Faults of the private stream: what connections, subscriptions and messages meet, by rule."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class StreamFaultKind(StrEnum):
    """What a stream meets."""

    REFUSED = "refused"
    """A connection is refused: HTTP `status`, or a reset where that is 0."""
    AUTH_FAILED = "auth_failed"
    """An auth is answered with a failure, and the connection closed if there is a `code`."""
    SUBSCRIBE_FAILED = "subscribe_failed"
    """A subscription is answered with a failure, and nothing is subscribed."""
    DROP = "drop"
    """The connection is closed with `code`, or cut without a close frame."""
    HALF_OPEN = "half_open"
    """The connection stays, but nothing comes any more, and no ping is answered."""
    SILENCE = "silence"
    """A message is lost; pings are answered."""
    DUPLICATE = "duplicate"
    """A message comes `copies` times."""
    REORDER = "reorder"
    """Messages are kept back and come in another order."""
    DELAY = "delay"
    """A message comes `delay_ms` virtual milliseconds later; others overtake it."""
    UNKNOWN_TOPIC = "unknown_topic"
    """Before a message comes another, of a topic that nobody subscribed."""


class Step(StrEnum):
    """Where on its way a stream can meet a fault."""

    CONNECT = "connect"
    AUTH = "auth"
    SUBSCRIBE = "subscribe"
    MESSAGE = "message"


_STEPS: Mapping[StreamFaultKind, Step] = {
    StreamFaultKind.REFUSED: Step.CONNECT,
    StreamFaultKind.AUTH_FAILED: Step.AUTH,
    StreamFaultKind.SUBSCRIBE_FAILED: Step.SUBSCRIBE,
}
_TEXTS: Mapping[StreamFaultKind, str] = {
    StreamFaultKind.AUTH_FAILED: "Params Error",
    StreamFaultKind.SUBSCRIBE_FAILED: "error:handler not found",
    StreamFaultKind.UNKNOWN_TOPIC: "notice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFault:
    """One rule: which part of which stream it is for, and what that meets.

    Attributes:
        kind: what happens.
        uid: the account, "" for all. A connection has none before its auth.
        topic: the topic of a message or subscription in its all-in-one form, "" for all.
        symbol: the symbol of a message, "" for all.
        skip: how many of what it is for pass before it begins.
        times: how many it meets; None has no end.
        lasts_ms: virtual time from its injection to its end, None for no end.
        at_once: DROP and HALF_OPEN come to the connections that there are, and leave no rule;
            otherwise they come in place of a message.
        code: of the close frame, for DROP and AUTH_FAILED; None for no frame.
        status: for REFUSED.
        text: the ret_msg of AUTH_FAILED and SUBSCRIBE_FAILED, the topic of UNKNOWN_TOPIC.
        copies: for DUPLICATE.
        window: for REORDER: how many messages are shuffled together; 0 for those of one effect.
        delay_ms: for DELAY. For REORDER: how long messages wait for the window to fill, with 0 to
            the end of the effect; then they go without the rest.
    """

    kind: StreamFaultKind
    uid: str = ""
    topic: str = ""
    symbol: str = ""
    skip: int = 0
    times: int | None = 1
    lasts_ms: int | None = None
    at_once: bool = True
    code: int | None = None
    status: int = 503
    text: str = ""
    copies: int = 2
    window: int = 0
    delay_ms: int = 0

    @property
    def step(self) -> Step:
        """Where it is met."""
        return _STEPS.get(self.kind, Step.MESSAGE)

    @property
    def effective_text(self) -> str:
        """The text, or the usual one of its kind."""
        return self.text or _TEXTS.get(self.kind, "")

    @property
    def is_immediate(self) -> bool:
        """Whether it comes to the connections that there are."""
        return self.at_once and self.kind in {StreamFaultKind.DROP, StreamFaultKind.HALF_OPEN}

    def matches(self, step: Step, uid: str, topics: Collection[str], symbol: str) -> bool:
        """Whether a step of a stream is meant."""
        return (
            self.step is step
            and self.uid in {"", uid}
            and (not self.topic or self.topic in topics)
            and self.symbol in {"", symbol}
        )


@dataclass(slots=True)
class _Rule:
    fault: StreamFault
    ends_ms: int | None
    seen: int = 0

    def is_over(self, now_ms: int) -> bool:
        times = self.fault.times
        spent = times is not None and self.seen >= self.fault.skip + times
        return spent or (self.ends_ms is not None and now_ms >= self.ends_ms)


class StreamFaults:
    """The rules in force. A message meets all that are due for it; one of a kind is enough."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def add(self, fault: StreamFault, now_ms: int) -> None:
        """Put a rule in force."""
        lasts = fault.lasts_ms
        self._rules.append(_Rule(fault, None if lasts is None else now_ms + lasts))

    def clear(self) -> None:
        """Forget all rules."""
        self._rules.clear()

    def meet(
        self, now_ms: int, step: Step, uid: str, topics: Collection[str] = (), symbol: str = ""
    ) -> dict[StreamFaultKind, StreamFault]:
        """The faults that a step meets, counted as met."""
        met: dict[StreamFaultKind, StreamFault] = {}
        self._rules = [rule for rule in self._rules if not rule.is_over(now_ms)]
        for rule in self._rules:
            if rule.fault.matches(step, uid, topics, symbol):
                rule.seen += 1
                if rule.seen > rule.fault.skip:
                    met.setdefault(rule.fault.kind, rule.fault)
        return met
