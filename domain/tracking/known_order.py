"""The newest state of an order, from several records of it that arrive in any sequence.

A record shows the whole order at one moment, so any two of them can be put in sequence: fills
never shrink, a closed order stays closed, and ``updatedTime`` never goes back. The exception is
two changes within one millisecond, because orders have no sequence number
(docs/v5/websocket/private/order.mdx).
"""

from dataclasses import dataclass
from decimal import Decimal

from ..copies import replace
from ..model.instrument import ZERO
from ..model.order import Order


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """The newest record of an order.

    Attributes:
        order: that record.
        event_number: the sequence number of the stream event that brought it; for a record from
            a read, of the last event before the read was requested.
        explained: the ``cumExecQty`` whose fills a read of the position already includes.
        same_moment: other records of the same moment.
        is_ambiguous: whether it is unknown which record of this moment is the newest.
    """

    order: Order
    event_number: int
    explained: Decimal = ZERO
    same_moment: tuple[Order, ...] = ()
    is_ambiguous: bool = False

    def merge_event(self, order: Order, event_number: int) -> "KnownOrder":
        """The newer of this record and one that arrived later.

        Starting from 10, of which 3 have filled, as of 05.000 s:

        =====================================  ==================================================
        the event shows                        result
        =====================================  ==================================================
        12, 3 filled, as of 06.000 s           the event: it is later
        10, 4 filled, as of 05.000 s           the event: fills never shrink
        10, 3 filled, cancelled, 05.000 s      the event: closed orders stay closed
        10, 2 filled, as of 07.000 s           unchanged: the event is outdated
        12, 3 filled, as of 05.000 s           the event, but ambiguous: neither is provably newer
        =====================================  ==================================================
        """
        age = _age(order, self.order)
        if age < 0 or _is_among(order, (self.order, *self.same_moment)):
            return self
        if age > 0:
            return KnownOrder(order, event_number, self.explained)
        return replace(
            self,
            order=order,
            event_number=event_number,
            same_moment=(self.order, *self.same_moment),
            is_ambiguous=not order.status.is_final,
        )

    def merge_read(self, order: Order, as_of_event: int) -> "KnownOrder":
        """The newer of this record and that of a read requested after event ``as_of_event``.

        The read decides between records of one moment, unless one of them arrived after the read
        was requested.
        """
        if not self.same_moment and _is_among(order, (self.order,)):
            if self.event_number > as_of_event:
                return self
            return KnownOrder(self.order, as_of_event, self.explained)
        merged = self.merge_event(order, as_of_event)
        if self.event_number > as_of_event or _age(order, merged.order):
            return merged
        records = (merged.order, *merged.same_moment)
        others = tuple(each for each in records if not _is_among(each, (order,)))
        return KnownOrder(order, as_of_event, merged.explained, others)

    def with_explained(self, filled: Decimal) -> "KnownOrder":
        """The same, where a read of the position includes the fills up to ``filled``."""
        return self if filled <= self.explained else replace(self, explained=filled)

    def is_newer_than(self, order: Order) -> bool:
        """Whether that record is certainly older than this one."""
        return _age(order, self.order) < 0


def _age(order: Order, other: Order) -> int:
    """Above 0 if ``order`` is the later record of the two, below 0 if it is the earlier one."""
    for one, two in (
        (order.status.is_final, other.status.is_final),
        (order.filled, other.filled),
        (order.updated_ms, other.updated_ms),
    ):
        if one != two:
            return 1 if one > two else -1
    return 0


def _is_among(order: Order, others: tuple[Order, ...]) -> bool:
    """Whether it is one of these records: the same content and the same time."""
    return any(order == other and order.updated_ms == other.updated_ms for other in others)
