"""The newest state of a position and of an order's fills, each by its sequence number."""

from dataclasses import dataclass
from decimal import Decimal

from ..copies import replace
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.order import Position
from .feed import FillEvent


@dataclass(frozen=True, slots=True)
class Fills:
    """The fills of one order.

    Attributes:
        filled: how much the order has filled in all.
        seq: of the latest fill.
        event_number: the sequence number of the stream event that brought it.
    """

    filled: Decimal
    seq: int
    event_number: int

    def merge_event(self, event: FillEvent, event_number: int) -> "Fills":
        """With another fill; one that is known already changes nothing."""
        filled, seq = max(event.filled, self.filled), max(event.seq, self.seq)
        if (filled, seq) == (self.filled, self.seq):
            return self
        return Fills(filled, seq, event_number)


@dataclass(frozen=True, slots=True)
class KnownPosition:
    """The newest record of a position.

    Attributes:
        seq: the position's own sequence number; -1 where the exchange gave none.
        position: None for a flat one.
        event_number: the sequence number of the stream event that brought it; for a record from
            a read, of the last event before the read was requested.
        is_ambiguous: whether two records of the same ``seq`` show different sizes.
        reads: how many reads in a row had a row that shows this side, or flat.
        is_streamed: whether an event showed it.
    """

    seq: int
    position: Position | None
    event_number: int
    is_ambiguous: bool = False
    reads: int = 0
    is_streamed: bool = False

    @property
    def side(self) -> Side | None:
        """The position's side; None for a flat one."""
        return self.position.side if self.position else None

    @property
    def side_and_size(self) -> tuple[Side | None, Decimal]:
        """Side and size; None and 0 for a flat one."""
        return (self.position.side, self.position.size) if self.position else (None, ZERO)

    def shows_same_as(self, other: "KnownPosition | None") -> bool:
        """Whether both show the same side, size and entry price; None is flat."""
        mine, theirs = self.position, other.position if other else None
        if mine is None or theirs is None:
            return mine is theirs
        return (mine.side, mine.size, mine.entry_price) == (
            theirs.side,
            theirs.size,
            theirs.entry_price,
        )

    def shows_stop_of(self, other: "KnownPosition | None") -> bool:
        """Whether both show the same stop, as far as both show any."""
        mine, theirs = self.position, other.position if other else None
        if mine is None or theirs is None or mine.stop is None or theirs.stop is None:
            return True
        return mine.stop == theirs.stop

    def overtakes(self, read: "KnownPosition") -> bool:
        """Whether this record shows another position than a read, and may be the later one.

        Nothing says that an event without a sequence number is the earlier one.
        """
        may_be_later = self.seq > read.seq or self.seq < 0
        return may_be_later and not self.shows_same_as(read)

    def merge_event(self, newer: "KnownPosition") -> "KnownPosition":
        """The newer of this record and one that arrived later; with one ``seq``, the later one."""
        if newer.seq < self.seq:
            return self
        differs = newer.side_and_size != self.side_and_size
        if newer.seq == self.seq and (self.is_ambiguous or differs):
            return replace(newer, is_ambiguous=True)
        return self.followed_by(newer)

    def followed_by(self, newer: "KnownPosition") -> "KnownPosition":
        """The newer record, with the evidence of this one where both show the same side."""
        if newer.side is not self.side:
            return newer
        return replace(
            newer,
            reads=self.reads + newer.reads,
            is_streamed=self.is_streamed or newer.is_streamed,
        )
