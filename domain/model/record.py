"""What is on record of a monitor: its ladder, its orders, the state of its machine."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import count
from operator import attrgetter

from ..copies import replace
from .close.closing import NO_CLOSE, ClosingRecord
from .events import NOTHING_REALISED, Realised
from .identity import MonitorKey, Role
from .instrument import ZERO
from .ladder import Ladder, Withheld
from .protection import StopRecord
from .stop import RuleRecord


class StateName(StrEnum):
    """The six states of a monitor's machine."""

    IDLE = "Idle"
    VALIDATING = "Validating"
    RECOVERING = "Recovering"
    CANCELLING = "Cancelling"
    PLACING = "Placing"
    ALERTING = "Alerting"


class Source(StrEnum):
    """Who watched a monitor last.

    ``configured``: a file; ``discovered``: the discovery; ``imported``: another bot's records;
    ``commanded``: a command; ``caller``: a program. An ``unwatched`` monitor is no longer run: its
    orders stay on the exchange, its record and history in the database.
    """

    CONFIGURED = "configured"
    DISCOVERED = "discovered"
    IMPORTED = "imported"
    COMMANDED = "commanded"
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
    """How an order came to be owned: placed by trueup, or recognised by rule and adopted."""

    PLACED = "placed"
    ADOPTED = "adopted"


class Purpose(StrEnum):
    """What an owned order is for. What each purpose covers of the position is a value of its own.

    ``take_profit``: it closes a part of the position at a gain.
    """

    TAKE_PROFIT = "take_profit"


class OwnedStatus(StrEnum):
    """What is known of an owned order; the names follow FIX.

    ``PENDING_NEW``: sent, and no read or event has shown it yet. ``OPEN``: seen resting.
    ``FILLED``: filled completely. ``CANCELLED``: closed with less than its quantity filled.
    ``REJECTED``: it never reached the book, or is no take-profit of this position after all.
    """

    PENDING_NEW = "pending_new"
    OPEN = "open"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"

    @cached_property
    def may_rest(self) -> bool:
        """Whether an order of this status rests, or may rest, on the book."""
        return self in _MAY_REST


_MAY_REST = (OwnedStatus.PENDING_NEW, OwnedStatus.OPEN)
_PLACE = attrgetter("level", "part", "generation")


@dataclass(frozen=True, slots=True)
class OwnedOrder:
    """An owned order, for one part of one level.

    Attributes:
        level: number of the level it stands for; 0 if the ladder no longer has that level, -1 if
            it belonged to the last position.
        part: 1, or more if the level is split at the exchange's maximum quantity.
        order_link_id: unique in the record; an adopted order without one has its order id here.
        order_id: the exchange's id; empty until the exchange has answered.
        price: as the exchange last showed it.
        asked_price: as last asked for; differs if the exchange clipped the price.
        quantity: total quantity, the filled part included.
        filled: how much of the quantity has filled.
        generation: counts the ids drawn for this level part, from 1.
        updated_ms: the exchange's time of the newest state that a read or event has shown
            (``updatedTime``, epoch milliseconds); 0 before that. A read that shows an older state
            is outdated.
        purpose: what it is for.
        reported: how much of ``filled`` events have reported; of an adopted order all that had
            filled before it came on record.
        value: what ``filled`` came to, in the quote coin; None if it is not known. It does not
            count when orders are compared, nor does the fee: that it becomes known is no change.
        fee: what was paid for it, in the coin that the contract settles in; None if it is not
            known.
        adopted_ms: of an adopted order, when the exchange had last changed the position as it was
            known then: fills until that time are none of an order on record; else 0.
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
    purpose: Purpose = Purpose.TAKE_PROFIT
    reported: Decimal = ZERO
    value: Decimal | None = field(default=None, compare=False)
    fee: Decimal | None = field(default=None, compare=False)
    adopted_ms: int = 0

    @property
    def remaining(self) -> Decimal:
        """The quantity that it covers, by the record: 0 until a read has shown it open."""
        return self.quantity - self.filled if self.status is OwnedStatus.OPEN else ZERO

    def ended_by(self, at_ms: float) -> bool:
        """Whether it is known to have ended by that time of the exchange's, epoch milliseconds."""
        return not self.status.may_rest and 0 < self.updated_ms <= at_ms


@dataclass(frozen=True, slots=True)
class PositionAnchor:
    """The position when it was last known whose it is: the fills on record belong to that one.

    Attributes:
        size: 0 where it was flat.
        at_ms: when the exchange had last changed it, or when it was read to be flat, epoch
            milliseconds; 0 if that is not known.
        seq: of the position then (see :class:`~.order.Position`); -1 if it is not known.
        opened_ms: when the position opened, or was last read to be flat, epoch milliseconds; 0 if
            that is not known. Orders that ended until then are of the last one.
        unsure: whether a run since then could not tell whose the position is, and a later one
            still may. Orders that were placed since prove nothing.
    """

    size: Decimal
    at_ms: int = 0
    seq: int = -1
    opened_ms: int = 0
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """What events have reported of a monitor: what happens next is compared with it.

    Attributes:
        size: of the position when an event, or its absence, last said what it was.
        filled: what owned orders are reported to have filled of it since then.
        cycle: the position's.
        ladder: the ladder that was followed then.
        uncovered_since: since when it is reported to be uncovered; None if it is not.
        others: ids of the orders of others that are reported to close the position too.
        others_close: what they close.
        diverged: how a mirror is reported to have parted from its main; empty if it is not.
        entry: the position's entry price when its size was said; 0 if that is not known.
        value: what ``filled`` came to, in the quote coin; None if it is not known.
        realised: what closing the position has brought so far, without what ``filled`` has.
    """

    size: Decimal = ZERO
    filled: Decimal = ZERO
    cycle: int = 1
    ladder: Ladder | None = None
    uncovered_since: datetime | None = None
    others: tuple[str, ...] = ()
    others_close: Decimal = ZERO
    diverged: str = ""
    entry: Decimal = ZERO
    value: Decimal | None = ZERO
    realised: Realised = NOTHING_REALISED


@dataclass(frozen=True, slots=True)
class MonitorRecord:
    """A monitor as the database holds it; changed only through the store.

    Attributes:
        id: the database's number for it.
        ladder: None if none was given and none could be recovered.
        ladder_source: where the ladder is from: ``given``, ``rule``, ``live orders``, or the main
            account's name.
        version: counts commits; a commit that expects another version is refused.
        cycle: counts positions: it grows with each new position, for which filled quantities
            start from 0.
        position_size: as last observed; what it is now is not known after a run that could not
            read it, see :attr:`position_known`.
        position_read_at: when the last run ended that read the position; None before that.
        position_seq: of the position as last observed (see :class:`~.order.Position`); -1 if it is
            not known. A read that shows a smaller one is older.
        position_read: when it was read, since the machine started: nobody sets that clock; None
            before that, and on a record from before trueup recorded it.
        orders: owned orders of this cycle, closed ones included: their fills count.
        attempts: failed runs since the last one that ended in sync or repaired the orders, or found
            the monitor stopped by a person.
        next_try_at: when the next run is due; None when nothing is due.
        recovered_at: when its ladder or orders were last recovered.
        wakes: counts wakes; a run that sees the count grow makes another round.
        contests: how many times in a row somebody else changed orders of this monitor's, see
            :mod:`...recognition.contest`.
        contested_at: when that last happened; None where it never did, or is over.
        source: who watched it last; a commit leaves it unchanged.
        expires_at: when its contract ends, as the last run read it; None for never.
        expiry_alerted_at: when people were last alerted that it will end.
        anchor: since when trades decide whether the position is still the same; None before the
            position was first read.
        room_taken: the quantity of external reduce-only orders beside which the exchange refused
            or cut what would raise the cover of this position; None if it did not.
        instead_of: the ladder that was given, or copied, before prices of somebody else were
            adopted; None if none were. Where it is given again, nothing has changed.
        reported: what events have reported; None before the first run, and on a record from before
            trueup reported any.
        withheld: what the last plan withheld: levels that the market had passed, and the runner.
        stop: the stop-loss that is wanted, or was, and what is known of it; see :attr:`wants_stop`.
        ladder_rule: the ladder by rule that is wanted; None where its prices are.
        closing: what is on record of closes of its position.
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
    position_read_at: datetime | None = None
    position_seq: int = -1
    position_read: timedelta | None = None
    wakes: int = 0
    contests: int = 0
    contested_at: datetime | None = None
    source: Source = Source.CALLER
    expires_at: datetime | None = None
    expiry_alerted_at: datetime | None = None
    anchor: PositionAnchor | None = None
    room_taken: Decimal | None = None
    instead_of: Ladder | None = None
    reported: Reported | None = None
    withheld: tuple[Withheld, ...] = ()
    stop: StopRecord | None = None
    ladder_rule: RuleRecord | None = None
    closing: ClosingRecord = NO_CLOSE

    @property
    def is_watched(self) -> bool:
        """Whether the monitor may be run."""
        return self.source is not Source.UNWATCHED

    @property
    def wants_stop(self) -> bool:
        """Whether a stop is wanted: one was, and nobody took it off."""
        return self.stop is not None and self.stop.ended is None

    def is_running(self, run_id: str) -> bool:
        """Whether that run of the monitor is under way: its writes are needed to resume it."""
        return self.state is not StateName.IDLE and run_id == self.last_run_id

    @property
    def position_known(self) -> bool:
        """Whether the last run read the position."""
        return self.last_run_at is not None and self.position_read_at == self.last_run_at

    @property
    def covered(self) -> Decimal:
        """The quantity that owned open orders cover, as far as the record knows."""
        return sum([order.remaining for order in self.orders], ZERO)

    @property
    def trails(self) -> bool:
        """Whether the last read of the position showed that its stop trails."""
        seen = self.stop.seen if self.stop else None
        return seen is not None and seen.trailing > ZERO

    @property
    def runner(self) -> Decimal:
        """What the last plan left to the trailing stop, if the last read showed one."""
        left = sum([one.quantity for one in self.withheld if one.is_runner], ZERO)
        return min(left, max(self.position_size - self.covered, ZERO)) if self.trails else ZERO

    @property
    def covered_with_runner(self) -> Decimal:
        """What owned open orders cover, and the runner's part: what reports call covered."""
        return self.covered + self.runner

    @property
    def resting(self) -> tuple[OwnedOrder, ...]:
        """Owned orders that rest, or may rest, on the book."""
        return tuple([order for order in self.orders if order.status.may_rest])

    @property
    def was_stopped(self) -> bool:
        """Whether the last run left its monitor as it was because a person had stopped it."""
        return not self.attempts and self.last_outcome in (RunOutcome.PARTIAL, RunOutcome.SKIPPED)

    @property
    def has_progress(self) -> bool:
        """Whether anything has filled that counts for a level in this cycle."""
        return any(order.level > 0 and order.filled for order in self.orders)

    def filled(self, level: int) -> Decimal:
        """What the level's orders have filled in this cycle."""
        return sum([order.filled for order in self.orders if order.level == level], ZERO)

    def has_filled_order(self, level: int) -> bool:
        """Whether an order of the level has filled completely."""
        return any(o.level == level and o.status is OwnedStatus.FILLED for o in self.orders)

    def is_done(self, level: int) -> bool:
        """Whether an order of the level has filled completely, and no other may still rest."""
        own = [order.status for order in self.orders if order.level == level]
        return OwnedStatus.FILLED in own and not any(status.may_rest for status in own)

    def free_part(self, level: int) -> int:
        """The first part of the level that no resting order holds, nor one that may rest."""
        held = {order.part for order in self.resting if order.level == level}
        return next(part for part in count(1) if part not in held)

    def with_order(self, changed: OwnedOrder) -> "MonitorRecord":
        """The record with that order added, or in place of the one with the same link id."""
        if changed in self.orders:
            return self
        others = [o for o in self.orders if o.order_link_id != changed.order_link_id]
        orders = sorted((*others, changed), key=_PLACE)
        return replace(self, orders=tuple(orders))

    def without_rejected(self) -> "MonitorRecord":
        """The record without rejected orders, except the newest of each level part.

        An order that never reached the book has no fills, and the exchange can no longer accept
        its id. The newest of a level part stays, because it counts the generations. A rejected
        order with an order id stays too: it turned out not to be one of ours, and must not be
        taken for a new one.
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
