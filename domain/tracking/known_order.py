"""An order as it is known from several records of it, in whatever sequence they came.

A record is a whole order at one moment, so any two can be put in sequence: what is filled never
shrinks, what is closed stays closed, ``updatedTime`` never goes back. Only two changes within
one millisecond cannot, for orders have no sequence number (docs/v5/websocket/private/order.mdx).
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.instrument import ZERO
from ..model.order import Order


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """The newest record of an order.

    Attributes:
        order: that record.
        heard: the number of the news that brought it; for one from a read, of the last news
            before the read was asked for.
        explained: the ``cumExecQty`` whose fills a read of the position has taken in.
        same: other records of the same moment.
        is_torn: which of the records of this moment is the newest cannot be told.
    """

    order: Order
    received: int
    explained: Decimal = ZERO
    same: tuple[Order, ...] = ()
    is_torn: bool = False

    def meet(self, order: Order, received: int) -> "KnownOrder":
        """With a record that came later, by news or by a read: the newer of the two."""
        age = _age(order, self.order)
        if age < 0 or _is_among(order, (self.order, *self.same)):
            return self
        if age > 0:
            return KnownOrder(order, received, self.explained)
        others = (self.order, *self.same)
        torn = not order.status.is_final
        return replace(self, order=order, received=received, same=others, is_torn=torn)

    def read(self, order: Order, mark: int) -> "KnownOrder":
        """With a record of a read that was asked for after the news ``mark``.

        Between records of one moment it decides, unless one of them came after the read began.
        """
        if not self.same and _is_among(order, (self.order,)):
            return self if self.received > mark else KnownOrder(self.order, mark, self.explained)
        met = self.meet(order, mark)
        if self.received > mark or _age(order, met.order):
            return met
        others = tuple(o for o in (met.order, *met.same) if not _is_among(o, (order,)))
        return KnownOrder(order, mark, met.explained, others)

    def explains(self, filled: Decimal) -> "KnownOrder":
        """With the fills up to there taken in by a read of the position."""
        return self if filled <= self.explained else replace(self, explained=filled)

    def is_newer_than(self, order: Order) -> bool:
        """Whether a record is surely older than what is known."""
        return _age(order, self.order) < 0


def _age(order: Order, other: Order) -> int:
    """Above 0 if ``order`` is the later record of the two, below if it is the earlier one."""
    for one, two in (
        (order.status.is_final, other.status.is_final),
        (order.filled, other.filled),
        (order.updated_ms, other.updated_ms),
    ):
        if one != two:
            return 1 if one > two else -1
    return 0


def _is_among(order: Order, others: tuple[Order, ...]) -> bool:
    """Whether it is one of these records; records of one moment compare by what they say."""
    return any(order == other and order.updated_ms == other.updated_ms for other in others)
