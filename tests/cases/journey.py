"""The way from what rested to what rests: how much was covered after every single change."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from tests.cases.values import ZERO
from trueup.simulator import Change, SimOrder, StopOrderType


class Journey:
    """Listens to a simulator and follows the cover of the orders that are not protected.

    Args:
        size: the position, which doesn't move while a case is played.
        orders: what rests when the journey begins, by order id.
        protected: ids of orders that nobody may touch: they cover nothing.

    Attributes:
        lowest: the least that was covered at any time.
        overshoots: every change that raised the cover and left it above the position.
    """

    def __init__(
        self, size: Decimal, orders: Mapping[str, SimOrder], protected: Collection[str]
    ) -> None:
        self._size = size
        self._protected = frozenset(protected)
        self._leaves = {key: o.leaves for key, o in orders.items() if key not in self._protected}
        self.lowest = self.cover
        self.overshoots: list[str] = []

    @property
    def cover(self) -> Decimal:
        """What is covered now."""
        return sum(self._leaves.values(), ZERO)

    def listen(self, changes: tuple[Change, ...]) -> None:
        """Takes the changes of one effect."""
        for change in changes:
            order = change.subject
            if isinstance(order, SimOrder) and self._covers(order):
                self._take(order)

    def _covers(self, order: SimOrder) -> bool:
        """Whether it is a take-profit of the case's: a stop of the position covers nothing."""
        is_stop = order.stop_order_type is StopOrderType.STOP_LOSS
        return order.order_id not in self._protected and not is_stop

    def _take(self, order: SimOrder) -> None:
        before = self.cover
        self._leaves[order.order_id] = order.leaves
        self.lowest = min(self.lowest, self.cover)
        if self.cover > max(before, self._size):
            self.overshoots.append(f"{order.order_id} raised the cover to {self.cover:f}")
