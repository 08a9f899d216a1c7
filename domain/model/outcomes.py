"""What became of a request to the exchange, as values.

A reply to a place, amend or cancel is an acknowledgement, not a state: :class:`Accepted` says no
more than that.
"""

from dataclasses import dataclass
from enum import StrEnum

from .observation import Unknown
from .order import Order


class OutcomeClass(StrEnum):
    """What a refusal means to the engine; the adapter knows which code is of which class.

    ``VALUES``: a price or a quantity breaks a rule of the contract, so the rules on hand may be
    out of date. ``NOT_AMENDABLE``: this order cannot be amended, whatever the values.
    ``CROSSED``: the market is already past the price that was to trigger a stop.
    """

    OK = "ok"
    ALREADY_GONE = "already-gone"
    DUPLICATE_LINK_ID = "duplicate-link-id"
    TRANSIENT = "transient"
    RATE_LIMIT = "rate-limit"
    AUTH = "auth"
    INVALID = "invalid"
    VALUES = "values"
    NOT_AMENDABLE = "not-amendable"
    CROSSED = "crossed"
    INSUFFICIENT = "insufficient"
    REDUCE_ONLY = "reduce-only"
    POSITION_MODE = "position-mode"
    MAINTENANCE = "maintenance"
    TIMESTAMP = "timestamp"
    NOTHING_CHANGED = "nothing-changed"

    @property
    def retry(self) -> "Retry":
        """Whether a request refused for this reason is worth sending again."""
        return _RETRIES.get(self, Retry.NEVER)


class Retry(StrEnum):
    """Whether a request that was refused is worth sending again as it is.

    ``NOW``: at once, because it does no harm and may succeed. ``LATER``: after a pause, because
    the refusal concerns the moment, not the order. ``NEVER``: the same request would be refused
    again.
    """

    NOW = "now"
    LATER = "later"
    NEVER = "never"


_RETRIES = {
    OutcomeClass.ALREADY_GONE: Retry.NOW,
    OutcomeClass.NOTHING_CHANGED: Retry.NOW,
    OutcomeClass.TRANSIENT: Retry.LATER,
    OutcomeClass.RATE_LIMIT: Retry.LATER,
    OutcomeClass.TIMESTAMP: Retry.LATER,
    OutcomeClass.MAINTENANCE: Retry.LATER,
}


class Effect(StrEnum):
    """Whether the request that got this answer may have been executed."""

    NONE = "none"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The exchange acknowledged the request; the effect is still to be confirmed."""

    order_id: str
    order_link_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange refused the request; nothing was executed."""

    kind: OutcomeClass
    code: int
    message: str

    @property
    def retry(self) -> Retry:
        """Whether the request is worth sending again."""
        return self.kind.retry


@dataclass(frozen=True, slots=True)
class Unsure:
    """The request may or may not have been executed: look the order up.

    Attributes:
        kind: the class of the answer, if there was one.
    """

    reason: str
    code: int | None = None
    kind: OutcomeClass = OutcomeClass.TRANSIENT


@dataclass(frozen=True, slots=True)
class Held:
    """The request never left: what it was decided by is no longer known to be so."""

    reason: str


WriteOutcome = Accepted | Refused | Unsure | Held


@dataclass(frozen=True, slots=True)
class Found:
    """The order looked for, with its state, open or closed.

    Attributes:
        unlisted: whether no list has it yet, and only an event has shown it: another read will not
            list it either.
    """

    order: Order
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """Every list was read and none has the order; proves nothing within the grace time.

    Attributes:
        by_fills: the order as its last fill left it, where it has fills: so it did exist.
    """

    by_fills: Order | None = None


LookUp = Found | Absent | Unknown
