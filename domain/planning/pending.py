"""What open writes may still do to an order: what it covers at least, and at most.

A write is *open* from before its request leaves until a read has shown what became of it. Until
then its order covers an interval. Cover is within the position where the sum of all that the orders
may cover is (promise P3), and none is lost where the sum of what they cover at least does not fall
(promise P4). Nothing else asks whether a write may have happened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..model.commands import Operation
from ..model.instrument import ZERO
from ..model.intent import Intent, IntentStatus
from ..model.record import OwnedOrder, OwnedStatus


class PendingStatus(StrEnum):
    """What an order waits for; the names follow FIX (tag 39, OrdStatus)."""

    NEW = "pending_new"
    REPLACE = "pending_replace"
    CANCEL = "pending_cancel"


@dataclass(frozen=True, slots=True)
class Cover:
    """How much of a position is covered: at least, and at most."""

    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class PendingChange:
    """An order with the open writes of it, oldest first.

    Attributes:
        order: as it is on record: as a read last showed it.
        writes: at least one.
    """

    order: OwnedOrder
    writes: tuple[Intent, ...]

    @property
    def status(self) -> PendingStatus:
        """What the order waits for, by the newest write."""
        match self.writes[-1].operation:
            case Operation.PLACE | Operation.CLOSE:
                return PendingStatus.NEW
            case Operation.AMEND:
                return PendingStatus.REPLACE
            case Operation.CANCEL | Operation.CANCEL_ENTRY:
                return PendingStatus.CANCEL

    @property
    def is_acknowledged(self) -> bool:
        """Whether the exchange accepted each of the writes."""
        return all(write.status is IntentStatus.SENT for write in self.writes)

    @property
    def moves(self) -> bool:
        """Whether one of the writes changes the order's price."""
        return any(write.price is not None for write in self.writes)

    @property
    def cover(self) -> Cover:
        """What the order covers at least, and at most.

        ====================  ===============================  =====  ====
        on record             open writes                      least  most
        ====================  ===============================  =====  ====
        open 40               amend to 60                      40     60
        open 60, 10 filled    amend to 40                      30     50
        open 40               amend to 60, then to 30          30     60
        open 40               cancel                           0      40
        sent, not shown       place 20                         0      20
        sent, not shown       place 20, again as 30            0      30
        ====================  ===============================  =====  ====
        """
        may_cover = [self.order.remaining, *(self._covers(write) for write in self.writes)]
        return Cover(min(may_cover), max(may_cover))

    @property
    def asked(self) -> Decimal:
        """What the order covers where the newest write has grown it; else what is on record."""
        return max(self.order.remaining, self._covers(self.writes[-1]))

    @property
    def most_asked(self) -> Decimal:
        """The most that one of the writes leaves the order covering."""
        return max(self._covers(write) for write in self.writes)

    def _covers(self, write: Intent) -> Decimal:
        if write.operation is Operation.CANCEL:
            return ZERO
        total = self.order.quantity if write.quantity is None else write.quantity
        return max(total - self.order.filled, ZERO)


Pending = Mapping[str, PendingChange]
"""The changes that are pending, by order link id."""


def pending_changes(orders: Iterable[OwnedOrder], writes: Iterable[Intent]) -> Pending:
    """The orders that may rest and of which a write is open, by order link id."""
    of_order: dict[str, list[Intent]] = {}
    for write in writes:
        if write.status.is_open:
            of_order.setdefault(write.order_link_id, []).append(write)
    return {
        order.order_link_id: PendingChange(order, tuple(of_order[order.order_link_id]))
        for order in orders
        if order.status.may_rest and order.order_link_id in of_order
    }


def cover_of(order: OwnedOrder, pending: Pending) -> Cover:
    """What the order covers at least and at most."""
    change = pending.get(order.order_link_id)
    return Cover(order.remaining, order.remaining) if change is None else change.cover


def cover(orders: Iterable[OwnedOrder], pending: Pending) -> Cover:
    """What the orders cover together, at least and at most."""
    covers = [cover_of(order, pending) for order in orders]
    return Cover(sum([each.least for each in covers], ZERO), sum([c.most for c in covers], ZERO))


def is_unseen_place(order: OwnedOrder) -> bool:
    """Whether the order was sent, and no read has shown it."""
    return order.status is OwnedStatus.PENDING_NEW
