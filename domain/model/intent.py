"""The durable record of one exchange write, committed before the request leaves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from .commands import Operation
from .instrument import ZERO


class IntentStatus(StrEnum):
    """How far the write is.

    ``planned``: committed; the request may or may not have left. ``sent``: the exchange
    acknowledged it. ``confirmed``: a read or an event has shown its effect. ``refused``: the
    exchange refused it. ``held``: it never left, because what it was decided by had changed or was
    too old. ``unknown``: nobody knows whether it took effect. ``resolved``: it ended in another
    way, which ``detail`` describes.
    """

    PLANNED = "planned"
    SENT = "sent"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    HELD = "held"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"

    @cached_property
    def is_open(self) -> bool:
        """Whether the write still has to be settled."""
        return self in _OPEN

    @cached_property
    def is_sent(self) -> bool:
        """Whether the exchange has acknowledged the write, and nothing has shown its effect."""
        return self is IntentStatus.SENT

    @cached_property
    def had_no_effect(self) -> bool:
        """Whether the write certainly changed nothing."""
        return self in _WITHOUT_EFFECT


_OPEN = (IntentStatus.PLANNED, IntentStatus.SENT, IntentStatus.UNKNOWN)
_WITHOUT_EFFECT = (IntentStatus.REFUSED, IntentStatus.HELD)


@dataclass(frozen=True, slots=True)
class Intent:
    """One write, with everything needed to send it, look it up or send it again.

    Attributes:
        id: unique; the run's id and a number.
        level: the level it serves.
        part: the part of the level.
        order_link_id: of the order; the idempotency key of a place.
        order_id: of an existing order; empty for a place.
        price: asked for; None if it stays the same.
        quantity: total quantity asked for; None if it stays the same.
        covered: what the level part's order covered before, in base coin.
        covers: what the order should cover afterwards.
        generation: of the order's id.
        again: whether an earlier request carried the same order link id. A refusal of this
            request then proves nothing about the earlier one.
        price_before: of the order, when the write was announced; None for a place.
        quantity_before: its total quantity then; None for a place.
        until: when nobody waits for its effect any more, by the wall clock, for people; None for
            one from before trueup recorded it.
        announced: when it was announced, or its request left last, since the machine started:
            nobody sets that clock; None for one from before trueup recorded it.
        code: the exchange's error code of a refusal.
        detail: what became of the write, in words.
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
    price_before: Decimal | None = None
    quantity_before: Decimal | None = None
    until: datetime | None = None
    announced: timedelta | None = None
    status: IntentStatus = IntentStatus.PLANNED
    code: int | None = None
    detail: str = ""
    resolved_at: datetime | None = None

    @property
    def command(self) -> tuple[object, ...]:
        """What it asks for, whichever order link id a place has for it."""
        order = "" if self.operation is Operation.PLACE else self.order_link_id
        return self.operation, self.level, self.part, order, self.price, self.quantity

    @property
    def shrinks(self) -> bool:
        """Whether the write leaves less covered than before."""
        return self.covers < self.covered
