"""Stream faults: what happens to connections, subscriptions and messages, by rule."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .bounds import MOST_MS, within
from .rules import Rule, check_rule

MOST_COPIES = 10_000
"""The most copies of one message, and the most that are shuffled together."""
_LOWEST_CODE, _HIGHEST_CODE = 1000, 4999
_LOWEST_STATUS, _HIGHEST_STATUS = 400, 599


class StreamFaultKind(StrEnum):
    """What happens to a stream."""

    REFUSED = "refused"
    """The exchange refuses a connection: with HTTP `status`, or with a reset if that is 0."""
    AUTH_FAILED = "auth_failed"
    """An authentication fails; if there is a `code`, the connection is closed too."""
    SUBSCRIBE_FAILED = "subscribe_failed"
    """A subscription fails, and nothing is subscribed."""
    DROP = "drop"
    """The connection is closed with `code`, or cut without a close frame."""
    HALF_OPEN = "half_open"
    """The connection stays open, but no message comes any more, and no ping is answered."""
    SILENCE = "silence"
    """A message is lost; pings are still answered."""
    DUPLICATE = "duplicate"
    """A message comes `copies` times."""
    REORDER = "reorder"
    """Messages are held back and come in another order."""
    DELAY = "delay"
    """A message comes `delay_ms` virtual milliseconds later; others overtake it."""
    UNKNOWN_TOPIC = "unknown_topic"
    """A message of a topic that was not subscribed comes before the real one."""


class Step(StrEnum):
    """The step at which a stream can meet a fault."""

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
    """One rule: which step of which stream it matches, and what happens there.

    Attributes:
        kind: what happens.
        uid: the account, or "" for all. A connection has no account before it authenticates.
        topic: the topic of a message or subscription in its all-in-one form, or "" for all.
        symbol: the symbol of a message, or "" for all.
        skip: how many matching steps pass first.
        times: how many steps the fault hits; None for no limit.
        lasts_ms: virtual time from the injection to the end of the rule; None for no end.
        at_once: DROP and HALF_OPEN hit the connections that are open now, and leave no rule;
            otherwise they replace a message.
        code: for DROP and AUTH_FAILED: the code of the close frame; None for no frame.
        status: for REFUSED: the HTTP status.
        text: the ret_msg of AUTH_FAILED and SUBSCRIBE_FAILED; the topic of UNKNOWN_TOPIC.
        copies: for DUPLICATE: how often the message comes.
        window: for REORDER: how many messages are shuffled together; 0 for those of one effect.
        delay_ms: for DELAY: how late the message comes. For REORDER: how long messages wait for
            the window to fill; 0 to the end of the effect. Then they go out without the rest.
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

    def __post_init__(self) -> None:
        """Refuse figures that mean nothing.

        Raises:
            ValueError: a field is out of its bounds.
        """
        check_rule(self)
        within("copies", self.copies, 1, MOST_COPIES)
        within("window", self.window, highest=MOST_COPIES)
        within("delay_ms", self.delay_ms, highest=MOST_MS)
        within("code", self.code, _LOWEST_CODE, _HIGHEST_CODE)
        if self.status:
            within("status", self.status, _LOWEST_STATUS, _HIGHEST_STATUS)

    @property
    def step(self) -> Step:
        """The step at which a stream meets the fault."""
        return _STEPS.get(self.kind, Step.MESSAGE)

    @property
    def effective_text(self) -> str:
        """The text, or the default one of the kind."""
        return self.text or _TEXTS.get(self.kind, "")

    @property
    def is_immediate(self) -> bool:
        """Whether the fault hits the connections that are open now."""
        return self.at_once and self.kind in {StreamFaultKind.DROP, StreamFaultKind.HALF_OPEN}

    def matches(self, step: Step, uid: str, topics: Collection[str], symbol: str) -> bool:
        """Whether a step of a stream matches the rule."""
        return (
            self.step is step
            and self.uid in {"", uid}
            and (not self.topic or self.topic in topics)
            and self.symbol in {"", symbol}
        )


class StreamFaults:
    """The rules in force. A message meets every matching rule that is due, one of each kind."""

    def __init__(self) -> None:
        self._rules: list[Rule[StreamFault]] = []

    def add(self, fault: StreamFault, now_ms: int) -> None:
        """Put a rule in force."""
        self._rules.append(Rule(fault, now_ms))

    def clear(self) -> None:
        """Remove all rules."""
        self._rules.clear()

    def in_force(self, now_ms: int) -> Iterator[tuple[StreamFault, int | None]]:
        """Each rule that is not over, with how many steps it will hit."""
        yield from ((rule.fault, rule.left) for rule in self._rules if not rule.is_over(now_ms))

    def meet(
        self, now_ms: int, step: Step, uid: str, topics: Collection[str] = (), symbol: str = ""
    ) -> dict[StreamFaultKind, StreamFault]:
        """Return the faults that a step meets, by kind, and count the step."""
        met: dict[StreamFaultKind, StreamFault] = {}
        self._rules = [rule for rule in self._rules if not rule.is_over(now_ms)]
        for rule in self._rules:
            if rule.fault.matches(step, uid, topics, symbol):
                rule.seen += 1
                if rule.seen > rule.fault.skip:
                    met.setdefault(rule.fault.kind, rule.fault)
        return met
