"""What the ledger knows about one monitor."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.simulator import SimOrder, SimPosition

from .protection import Protection


@dataclass(frozen=True, slots=True)
class Claim:
    """What the database says about an order: it is ours, and stands for this part of a level."""

    key: MonitorKey
    level: int
    part: int


@dataclass(frozen=True, slots=True)
class TimedQuantity:
    """A quantity and the time at which it became true, in epoch milliseconds."""

    at_ms: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ShownSize(TimedQuantity):
    """A position size that the engine was shown, and as of when it knows the orders beside it.

    Attributes:
        orders_ms: when the list of orders was answered that it read before; its first page, where
            it has several, and however long the position took after it.
    """

    orders_ms: int


@dataclass(slots=True)
class FlatShown:
    """What the engine was shown of a position that is flat, since it was last shown open.

    An event that was delayed may show the position as it was before what the engine has seen since.
    By its ``seq`` the engine knows, and rightly ignores it; so nothing of it counts here, neither
    against the position's being flat nor for it. Nor does a read that shows the position as it was
    before, for as long as reads lag. That excuses none without a ``seq``, none of the same one, and
    no later read: where reads cannot lag any more, a smaller number is another count, and the
    engine acts on what it shows.

    A process that dies takes along what it knew; the next one knows the number on record.

    Attributes:
        reads: how many replies, to requests by symbol, had a row that says so.
        is_streamed: whether an event said so.
        seq: the latest that any of them had; -1 before that.
        seq_ms: when it was shown last that had the latest.
    """

    reads: int = 0
    is_streamed: bool = False
    seq: int = -1
    seq_ms: int = 0

    @property
    def is_enough(self) -> bool:
        """Whether two reads said so, or one read and an event."""
        return self.reads + self.is_streamed > 1 and self.reads > 0

    def note_read(self, seq: int, at_ms: int, lag_ms: int, *, is_flat: bool) -> None:
        """A reply had a row of the position, at a time when reads lag by no more than that."""
        if -1 < seq < self.seq and at_ms - self.seq_ms < lag_ms:
            return
        if seq >= self.seq:
            self.seq, self.seq_ms = seq, at_ms
        self.reads = self.reads + 1 if is_flat else 0
        self.is_streamed = self.is_streamed and is_flat

    def note_death(self, recorded: int) -> None:
        """The process died: of the numbers shown, only the one on record is known from now on."""
        self.seq = min(self.seq, recorded)

    def note_event(self, seq: int, at_ms: int, *, is_flat: bool) -> None:
        """An event showed the position."""
        if -1 < seq < self.seq:
            return
        if seq > self.seq:
            self.seq, self.seq_ms = seq, at_ms
        self.reads = self.reads if is_flat else 0
        self.is_streamed = is_flat


@dataclass(slots=True)
class Book:
    """One monitor: its true position and owned orders, and its record as last committed.

    Attributes:
        closing: the side of orders that close the position.
        index: the position index of the exchange (hedge mode has two).
        leaves: the unfilled quantity of all owned live orders: what they cover.
        size: the true position size.
        sizes: every size that the position had.
        shown: every position size that the exchange showed to the engine.
        orders_ms: when the engine last read the open orders; None since its last write of them.
        flat: what showed the engine that the position is flat.
        raised: quantities that others added to owned orders, or requests of ours that were held up.
        lost: quantities that others or the exchange took off owned orders.
        cut_late: quantities that requests of ours took off them that were held up.
        filled: quantities of owned orders that filled.
        wakes: when the monitor was woken.
        listed: when the engine read the open orders of the symbol or of the whole account.
        viewed: when the engine used the stream's view of the symbol.
        asked_ms: when the engine last read the position.
        recognised_ms: when the record last took the position for a new one.
        recovered_ms: when it last put orders or a ladder on record that it had found.
        targets: the quantity wanted for each level, from the last commit that stated one.
        announced: the writes that the last commit announced.
        unamendable: ids of owned orders of which the exchange said that they cannot be amended.
        given: the ladder that the caller gave last; None if the ladder has another source.
        live: the owned live orders.
        held: what the exchange holds under its index; None before anything.
        protection: what protected the position; kept where a stop is wanted.
    """

    key: MonitorKey
    closing: str
    index: int
    record: MonitorRecord
    leaves: Decimal = ZERO
    size: Decimal = ZERO
    sizes: list[TimedQuantity] = field(default_factory=list)
    shown: list[ShownSize] = field(default_factory=list)
    orders_ms: int | None = None
    flat: FlatShown = field(default_factory=FlatShown)
    raised: list[TimedQuantity] = field(default_factory=list)
    lost: list[TimedQuantity] = field(default_factory=list)
    cut_late: list[TimedQuantity] = field(default_factory=list)
    filled: list[TimedQuantity] = field(default_factory=list)
    wakes: list[int] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)
    viewed: set[int] = field(default_factory=set)
    asked_ms: int = 0
    recovered_ms: int = 0
    recognised_ms: int = 0
    targets: Mapping[int, Decimal] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    announced: tuple[Intent, ...] = ()
    unamendable: set[str] = field(default_factory=set)
    given: Ladder | None = None
    live: tuple[SimOrder, ...] = ()
    held: SimPosition | None = None
    protection: Protection = field(default_factory=Protection)

    def note_size(self, at_ms: int, size: Decimal) -> None:
        """The engine was shown the position: beside the orders of its last list.

        What it read before a write of its own says nothing of what that has made of them.
        """
        orders_ms = at_ms if self.orders_ms is None else self.orders_ms
        self.shown.append(ShownSize(at_ms, size, orders_ms))

    @property
    def opened_ms(self) -> int:
        """When the open position, or the last one, was opened: the trades say, not the engine."""
        return self.opened_by(self.sizes[-1].at_ms) if self.sizes else 0

    def opened_by(self, at_ms: int) -> int:
        """When the position was opened that was open then, or was the last one then."""
        opened_ms = 0
        for before, after in pairwise(self.sizes):
            if not before.quantity and after.at_ms <= at_ms:
                opened_ms = after.at_ms
        return opened_ms

    def viewed_as_of(self, at_ms: int) -> int:
        """Until when the position had the size that a view showed at this time.

        If no view was used at this time, that is the time itself.
        """
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

    def note_intents(self, intents: Collection[Intent]) -> None:
        """A commit has these; a run that was dropped may have used the same id."""
        new = [one for one in intents if one.status is IntentStatus.PLANNED]
        self.announced = tuple(
            one
            for one in new
            if (known := self.intents.get(one.id)) is None or known.created_at != one.created_at
        )
        self.intents |= {one.id: one for one in intents}

    def open_intents(self) -> tuple[Intent, ...]:
        """Committed intents that are not resolved yet."""
        return tuple(intent for intent in self.intents.values() if intent.status.is_open)
