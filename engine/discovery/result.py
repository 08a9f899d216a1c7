"""What discovery found on an account: positions with their cover, monitors without a position."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import ZERO
from ...domain.model.ladder import Ladder
from ...domain.model.order import Order, Position
from ...domain.model.record import Source
from ...domain.recognition.classify import Kind, native


@dataclass(frozen=True, slots=True)
class Orders:
    """The open orders at a position, by whose they are.

    Attributes:
        owned: on record, and TPs by their own fields.
        adoptable: not on record; a run would take them over. None while owned ones rest.
        native: the exchange's own TP/SL; it sizes and ends them, and they are left alone.
        foreign: everything else; left alone.
        missed: those of the foreign that would be adoptable, if no owned ones rested.
        conflicts: what is one thing by its id and another by its fields, a line each.
    """

    owned: tuple[Order, ...] = ()
    adoptable: tuple[Order, ...] = ()
    native: tuple[Order, ...] = ()
    foreign: tuple[Order, ...] = ()
    missed: tuple[Order, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def covered(self) -> Decimal:
        """Quantity of the TPs that are ours, or would be after a run."""
        return remaining(self.owned) + remaining(self.adoptable)

    @property
    def foreign_covered(self) -> Decimal:
        """Quantity of other resting TPs."""
        return remaining(order for order in self.foreign if order.is_take_profit)

    @property
    def native_take_profit(self) -> Decimal:
        """Quantity of the exchange's own TPs."""
        return remaining(o for o in self.native if native(o) is Kind.TAKE_PROFIT)

    @property
    def native_stop_loss(self) -> Decimal:
        """Quantity of the exchange's own SLs, trailing stops included."""
        return remaining(o for o in self.native if native(o) is Kind.STOP_LOSS)


@dataclass(frozen=True, slots=True)
class FoundPosition:
    """One open position.

    Attributes:
        source: how its monitor came under watch; None where none is on record for it.
        orders: at the position; None where they could not be read.
        ladder: the one on record, or the one that a monitor could take over; None if neither.
        ladder_source: where that ladder is from: ``given``, ``live orders``, the main's name.
        why_not: why no ladder can be taken over; empty where one can.
    """

    key: MonitorKey
    position: Position
    source: Source | None
    orders: Orders | None
    ladder: Ladder | None = None
    ladder_source: str = ""
    why_not: str = ""

    @property
    def watched(self) -> bool:
        """Whether a monitor that may be run is on record for it."""
        return self.source not in (None, Source.UNWATCHED)

    @property
    def can_be_watched(self) -> bool:
        """Whether a monitor may be started for it: it never had one, and would find a ladder."""
        return self.source is None and not self.why_not

    @property
    def is_true(self) -> bool:
        """Whether it is watched, and TPs that are ours, or will be, cover it exactly."""
        return (
            self.watched and self.orders is not None and self.orders.covered == self.position.size
        )


@dataclass(frozen=True, slots=True)
class AbsentPosition:
    """A monitor whose position is not there, by two complete reads.

    Attributes:
        leftovers: owned orders that still rest; the next run cancels them.
    """

    key: MonitorKey
    leftovers: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovered:
    """One account, as far as it could be read.

    Attributes:
        at: when it was read.
        positions: open ones, by symbol and side.
        absent: watched monitors whose position is not there.
        unconfirmed: monitors of whose position that is not known (promise P5).
        elsewhere: open orders at no open position.
        unread: what could not be read and why; empty where all was.
    """

    account: str
    at: datetime
    positions: tuple[FoundPosition, ...] = ()
    absent: tuple[AbsentPosition, ...] = ()
    unconfirmed: tuple[MonitorKey, ...] = ()
    elsewhere: tuple[Order, ...] = ()
    unread: str = ""

    @property
    def is_true(self) -> bool:
        """Whether everything was read, every position is watched and covered, nothing is left."""
        return (
            not self.unread
            and all(found.is_true for found in self.positions)
            and not any(gone.leftovers for gone in self.absent)
        )


def remaining(orders: Iterable[Order]) -> Decimal:
    """What the orders may still fill together."""
    return sum((order.remaining for order in orders), ZERO)
