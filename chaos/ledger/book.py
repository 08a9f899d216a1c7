"""What the ledger knows of one monitor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.simulator import SimOrder


@dataclass(frozen=True, slots=True)
class Claim:
    """What the record says an order is: ours, for one part of one level."""

    key: MonitorKey
    level: int
    part: int


@dataclass(frozen=True, slots=True)
class TimedQuantity:
    """A quantity, and when it became so."""

    at_ms: int
    quantity: Decimal


@dataclass(slots=True)
class Book:
    """One monitor: its position and its owned orders as they are, its record as committed.

    Attributes:
        closing: the side of the orders that close the position.
        leaves: what its owned live orders may still fill.
        sizes: of the position, each time it changed.
        shown: of the position, as the exchange told it to the engine.
        raised: by how much other hands have enlarged owned orders.
        lost: what owned orders have lost to other hands and the exchange.
        filled: what owned orders have lost to fills.
        wakes: when it was woken.
        listed: when the orders of its symbol, or of its account, were asked for.
        viewed: when the engine looked at the view that a stream makes of it.
        asked_ms: when its position was last asked for.
        targets: what each level shall rest with, by the last commit that said so.
        unamendable: ids of owned orders whose amend the exchange refused.
    """

    key: MonitorKey
    closing: str
    index: int
    record: MonitorRecord
    leaves: Decimal = ZERO
    size: Decimal = ZERO
    sizes: list[TimedQuantity] = field(default_factory=list)
    shown: list[TimedQuantity] = field(default_factory=list)
    raised: list[TimedQuantity] = field(default_factory=list)
    lost: list[TimedQuantity] = field(default_factory=list)
    filled: list[TimedQuantity] = field(default_factory=list)
    wakes: list[int] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)
    viewed: set[int] = field(default_factory=set)
    asked_ms: int = 0
    targets: Mapping[int, Decimal] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    unamendable: set[str] = field(default_factory=set)
    given: Ladder | None = None
    live: tuple[SimOrder, ...] = ()

    def listed_before(self, at_ms: int) -> int:
        """When the orders were last asked for by then."""
        return next((listed for listed in reversed(self.listed) if listed <= at_ms), at_ms)

    def viewed_as_of(self, at_ms: int) -> int:
        """Until when the position had the size that a view showed then; what was read, then."""
        if at_ms not in self.viewed:
            return at_ms
        shown = next(one.quantity for one in reversed(self.shown) if one.at_ms == at_ms)
        until_ms = at_ms
        for size in reversed(self.sizes):
            if size.at_ms <= at_ms:
                if size.quantity == shown:
                    return until_ms
                until_ms = size.at_ms - 1
        return at_ms

    def open_intents(self) -> tuple[Intent, ...]:
        """Committed intents that are not settled."""
        return tuple(intent for intent in self.intents.values() if intent.status.is_open)
