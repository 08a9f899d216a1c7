"""What became of a request to the exchange, as values.

A reply to a place, amend or cancel is an acknowledgement, not a state: :class:`Accepted` says no
more than that.
"""

from dataclasses import dataclass
from enum import StrEnum

from .observation import Unknown
from .order import Order


class OutcomeClass(StrEnum):
    """What a refusal means to the engine; the adapter knows which code is of which class."""

    OK = "ok"
    ALREADY_GONE = "already-gone"
    DUPLICATE_LINK_ID = "duplicate-link-id"
    TRANSIENT = "transient"
    RATE_LIMIT = "rate-limit"
    AUTH = "auth"
    INVALID = "invalid"
    INSUFFICIENT = "insufficient"
    REDUCE_ONLY = "reduce-only"
    POSITION_MODE = "position-mode"
    MAINTENANCE = "maintenance"
    TIMESTAMP = "timestamp"
    NOTHING_CHANGED = "nothing-changed"


class Effect(StrEnum):
    """Whether the request that got this answer may have been executed."""

    NONE = "none"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The exchange took the request; the effect is still to be confirmed."""

    order_id: str
    order_link_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The exchange refused the request; nothing was executed."""

    kind: OutcomeClass
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """The request may or may not have been executed: look the order up.

    Attributes:
        kind: of the answer, where one came.
    """

    reason: str
    code: int | None = None
    kind: OutcomeClass = OutcomeClass.TRANSIENT


WriteOutcome = Accepted | Refused | Unsure


@dataclass(frozen=True, slots=True)
class Found:
    """The order looked for, with its state, open or closed."""

    order: Order


@dataclass(frozen=True, slots=True)
class Absent:
    """Every place was read and none knows the order; proves nothing within the grace time."""


LookUp = Found | Absent | Unknown
