"""What discovery finds on an account: positions with their orders, monitors without a position."""

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
from ...domain.recognition.stops import FoundOrder, protected_quantity, waiting_orders
from ...domain.tracking.beside import closing_beside


@dataclass(frozen=True, slots=True)
class Orders:
    """The open orders at a position, divided by owner.

    Attributes:
        owned: orders on record that are TPs by their fields.
        adoptable: orders that are not on record, and that a run would adopt; empty while
            owned orders rest.
        native: the exchange's own TP/SL orders, which it sizes and ends itself; trueup leaves
            them alone.
        foreign: all other (external) orders; trueup leaves them alone.
        missed: the external orders that a run would adopt if no owned ones rested.
        conflicts: one line for each order whose id says something else than its fields.
    """

    owned: tuple[Order, ...] = ()
    adoptable: tuple[Order, ...] = ()
    native: tuple[Order, ...] = ()
    foreign: tuple[Order, ...] = ()
    missed: tuple[Order, ...] = ()
    conflicts: tuple[str, ...] = ()

    @property
    def covered(self) -> Decimal:
        """Quantity of the TPs that are owned, or would be after a run."""
        return remaining(self.owned) + remaining(self.adoptable)

    @property
    def foreign_covered(self) -> Decimal:
        """Quantity of the external TPs."""
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
        key: the key that its monitor has, or would have.
        position: the position as read.
        source: how its monitor came under watch; None where none is on record.
        orders: the orders at the position; None where they could not be read.
        ladder: the ladder on record, or the one that a monitor would take over; None if neither
            exists, or it is by rule and its prices are not reckoned yet.
        ladder_source: where the ladder comes from: ``given``, ``rule``, ``live orders`` or the main
            account's name.
        why_not: why a monitor would find no ladder; empty if it would.
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
        """Whether a monitor of it is on record and watched."""
        return self.source not in (None, Source.UNWATCHED)

    @property
    def others_close(self) -> Decimal:
        """What external orders close like a TP, where that is too much beside the TPs; else 0."""
        if self.orders is None:
            return ZERO
        others = closing_beside(self.position, (*self.orders.foreign, *self.orders.native))
        quantity = remaining(others)
        together = self.orders.covered + quantity
        return quantity if self.orders.covered and together > self.position.size else ZERO

    @property
    def waiting(self) -> tuple[FoundOrder, ...]:
        """What waits for a trigger at the position, stops and all else; empty where unread."""
        if self.orders is None:
            return ()
        return waiting_orders(self.position, (*self.orders.foreign, *self.orders.native))

    @property
    def protected(self) -> Decimal:
        """How much of the position the stops at it close at most, whoever made them."""
        return protected_quantity(self.position, self.waiting)

    @property
    def can_be_watched(self) -> bool:
        """Whether discovery may put it under watch: it had no monitor, and there is a ladder."""
        return self.source is None and not self.why_not

    @property
    def is_true(self) -> bool:
        """Whether it is watched, and owned or adoptable TPs cover it exactly."""
        return (
            self.watched and self.orders is not None and self.orders.covered == self.position.size
        )


@dataclass(frozen=True, slots=True)
class AbsentPosition:
    """A watched monitor whose position does not exist: its row, asked for by symbol, says so.

    Attributes:
        key: the monitor.
        leftovers: owned orders that still rest; the next run cancels them.
    """

    key: MonitorKey
    leftovers: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True)
class Discovered:
    """One account, as far as it could be read.

    Attributes:
        account: the account's name.
        at: when it was read.
        positions: the open positions, by symbol and side.
        absent: the watched monitors whose position does not exist.
        unconfirmed: the watched monitors whose position may or may not exist (promise P5).
        elsewhere: open orders without an open position.
        unread: what could not be read and why; empty if everything was read.
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
        """Whether all was read, each position is watched and covered, and no order is left."""
        return (
            not self.unread
            and all(found.is_true for found in self.positions)
            and not any(gone.leftovers for gone in self.absent)
        )


def remaining(orders: Iterable[Order]) -> Decimal:
    """The quantity that the orders may still fill together."""
    return sum((order.remaining for order in orders), ZERO)
