"""What is on record of a monitor: its ladder, its orders, where its machine stands."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import count

from .identity import MonitorKey, Role
from .instrument import ZERO
from .ladder import Ladder


class StateName(StrEnum):
    """The six states of a monitor's machine."""

    IDLE = "Idle"
    VALIDATING = "Validating"
    RECOVERING = "Recovering"
    CANCELLING = "Cancelling"
    PLACING = "Placing"
    ALERTING = "Alerting"


class Source(StrEnum):
    """How a monitor came under watch, by the last word on it.

    ``configured`` by a configuration file, ``discovered`` by a look at the account, ``imported``
    from another bot's records, ``caller`` by a program. ``unwatched`` is no longer run: its
    orders stay on the exchange, its record and history in the database.
    """

    CONFIGURED = "configured"
    DISCOVERED = "discovered"
    IMPORTED = "imported"
    CALLER = "caller"
    UNWATCHED = "unwatched"


class RunOutcome(StrEnum):
    """How a run ended."""

    IN_SYNC = "IN_SYNC"
    SUCCESS = "SUCCESS"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class Origin(StrEnum):
    """How an order came to be ours: placed by us, or recognised by rule and taken over."""

    PLACED = "placed"
    ADOPTED = "adopted"


class OwnedStatus(StrEnum):
    """What is known of an owned order.

    ``LIVE`` was seen resting, ``SENT`` was sent and not yet seen, ``FILLED`` filled whole,
    ``CANCELLED`` is closed with less than its quantity filled, ``DEAD`` never reached the book.
    """

    PENDING_NEW = "sent"
    OPEN = "live"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "dead"

    @property
    def may_rest(self) -> bool:
        """Whether such an order is, or may be, on the book."""
        return self in _MAY_REST


_MAY_REST = (OwnedStatus.PENDING_NEW, OwnedStatus.OPEN)


@dataclass(frozen=True, slots=True)
class OwnedOrder:
    """An order of ours, for one part of one level.

    Attributes:
        level: number of the level it stands for; 0 where a new ladder has no such level.
        part: 1, or more where a level is split at the exchange's maximum quantity.
        order_link_id: unique in the record; for an adopted order without one, its order id.
        order_id: Bybit's id; empty until the exchange answered.
        price: as the exchange last showed it.
        asked_price: as last asked for; differs where the exchange clipped the price.
        quantity: total quantity, the filled part included.
        filled: what it has filled of it.
        generation: counts the ids drawn for this level part, from 1.
        updated_ms: the exchange's time of the newest state that was seen of it (``updatedTime``,
            epoch milliseconds); 0 before it was seen. What is older is an old read's.
    """

    level: int
    part: int
    order_link_id: str
    order_id: str
    price: Decimal
    asked_price: Decimal
    quantity: Decimal
    filled: Decimal
    status: OwnedStatus
    origin: Origin
    generation: int = 1
    updated_ms: int = field(default=0, compare=False)

    @property
    def remaining(self) -> Decimal:
        """What it covers, as far as the record knows: nothing before it was seen to rest."""
        return self.quantity - self.filled if self.status is OwnedStatus.OPEN else ZERO


@dataclass(frozen=True, slots=True)
class MonitorRecord:
    """A monitor as the database holds it; changed only through the store.

    Attributes:
        id: the database's number for it.
        ladder: None where none was given and none could be recovered.
        ladder_source: who said so: ``given``, ``live orders``, or the main account's name.
        version: counts commits; a commit that finds another one is fenced off.
        cycle: counts positions: it grows when the position is seen flat, and with it the
            filled quantities start from nothing.
        position_size: as last observed.
        orders: owned orders of this cycle, closed ones included: their fills count.
        attempts: runs since the last that ended in sync or repaired.
        next_try_at: when the next run is due; None when nothing is due.
        recovered_at: when its ladder or orders were last recovered.
        wakes: counts wakes; a run that sees it grow goes round again.
        source: how it came under watch; a commit leaves it as it is.
    """

    id: int
    key: MonitorKey
    role: Role
    follows: str | None
    ladder: Ladder | None
    ladder_source: str = "given"
    state: StateName = StateName.IDLE
    version: int = 0
    cycle: int = 1
    position_size: Decimal = ZERO
    entry_price: Decimal = ZERO
    orders: tuple[OwnedOrder, ...] = ()
    last_outcome: RunOutcome | None = None
    last_run_id: str | None = None
    last_run_at: datetime | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    recovered_at: datetime | None = None
    wakes: int = 0
    source: Source = Source.CALLER

    @property
    def is_watched(self) -> bool:
        """Whether it may be run."""
        return self.source is not Source.UNWATCHED

    @property
    def covered(self) -> Decimal:
        """Quantity that owned resting orders cover, as far as the record knows."""
        return sum((order.remaining for order in self.orders), ZERO)

    @property
    def resting(self) -> tuple[OwnedOrder, ...]:
        """Owned orders that are, or may be, on the book."""
        return tuple(order for order in self.orders if order.status.may_rest)

    def filled(self, level: int) -> Decimal:
        """What the level's orders have filled in this cycle."""
        return sum((order.filled for order in self.orders if order.level == level), ZERO)

    def is_done(self, level: int) -> bool:
        """Whether the level is finished: an order of it filled whole and none may rest."""
        own = [order for order in self.orders if order.level == level]
        return any(order.status is OwnedStatus.FILLED for order in own) and not any(
            order.status.may_rest for order in own
        )

    def free_part(self, level: int) -> int:
        """The first part of the level that no order holds which rests, or may."""
        held = {order.part for order in self.resting if order.level == level}
        return next(part for part in count(1) if part not in held)

    def with_order(self, changed: OwnedOrder) -> "MonitorRecord":
        """The record with that order in place of the one with its link id, or added."""
        if changed in self.orders:
            return self
        others = [o for o in self.orders if o.order_link_id != changed.order_link_id]
        orders = sorted((*others, changed), key=lambda o: (o.level, o.part, o.generation))
        return replace(self, orders=tuple(orders))

    def without_rejected(self) -> "MonitorRecord":
        """The record without ids that were given up, but for the newest of each level part.

        An order that never reached the book has no fill that counts, and its id lands no more;
        the newest keeps the count of generations. One that is known by an order id, for it
        turned out to be none of ours, stays: it shall not be taken for new.
        """
        newest = {(o.level, o.part): o.generation for o in self.orders}
        for order in self.orders:
            place = order.level, order.part
            newest[place] = max(newest[place], order.generation)
        orders = tuple(
            order
            for order in self.orders
            if order.status is not OwnedStatus.REJECTED
            or order.order_id
            or order.filled
            or order.generation == newest[order.level, order.part]
        )
        return self if orders == self.orders else replace(self, orders=orders)

    def order(self, *, order_link_id: str = "", order_id: str = "") -> OwnedOrder | None:
        """The owned order with either id, or None."""
        for order in self.orders:
            if (order_id and order.order_id == order_id) or (
                order_link_id and order.order_link_id == order_link_id
            ):
                return order
        return None
