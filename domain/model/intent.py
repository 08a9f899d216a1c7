"""The durable record of one exchange write, committed before the request leaves."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from .commands import Operation
from .instrument import ZERO


class IntentStatus(StrEnum):
    """Where the write stands.

    ``planned`` is committed and may or may not have left. ``sent``: the exchange acknowledged
    it. ``confirmed``: its effect was seen. ``refused``: the exchange said no. ``unknown``: it
    is not known whether it took effect. ``resolved``: it came to another end, which ``detail``
    tells.
    """

    PLANNED = "planned"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"

    @property
    def is_open(self) -> bool:
        """Whether it still has to be settled."""
        return self in _OPEN


_OPEN = (IntentStatus.PLANNED, IntentStatus.SENT, IntentStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Intent:
    """One write, with all that is needed to send it, look it up or send it again.

    Attributes:
        id: unique; the run's id and a number.
        level: the level it serves.
        part: the part of the level.
        order_link_id: of the order; for a place it is the idempotency key.
        order_id: of an existing order; empty for a place.
        price: asked for; None where it stays.
        quantity: total quantity asked for; None where it stays.
        covered: what the level part's order covered before, in base coin.
        covers: what it shall cover afterwards.
        generation: of the order's id.
        again: whether an earlier request carried the same order link id: a refusal of this
            one then proves nothing about that one.
        code: the exchange's, of a refusal.
        detail: what became of it, in words.
    """

    id: str
    run_id: str
    operation: Operation
    level: int
    part: int
    order_link_id: str
    order_id: str
    price: Decimal | None
    quantity: Decimal | None
    created_at: datetime
    covered: Decimal = ZERO
    covers: Decimal = ZERO
    generation: int = 1
    again: bool = False
    status: IntentStatus = IntentStatus.PLANNED
    code: int | None = None
    detail: str = ""
    resolved_at: datetime | None = None

    @property
    def shrinks(self) -> bool:
        """Whether the write leaves less covered than before."""
        return self.covers < self.covered
