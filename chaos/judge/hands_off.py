"""P6: external orders stay exactly as they are, unless somebody else changes them."""

from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.simulator import CancelType, OrderStatus
from trueup.testing import ApiRequest

from ..ledger.effects import ChangedOrder, Effect
from ..ledger.ledger import Cause
from ..ledger.protection import is_stop
from ..scene.scene import Scene
from .protection.entries import CANCELS, EntryPromise

_CANCELLED = (OrderStatus.CANCELLED, OrderStatus.DEACTIVATED)


class HandsOff(EntryPromise):
    """No write of ours changes or names an external order, and none is on record as ours.

    The exchange itself resizes and removes the stop-loss of a position: that is excused where a
    position moved in the same effect. Where a monitor has a stop, the position's own is its
    business, whoever set it first (P12). An entry that the user has named may be cancelled once its
    level has filled: the request is held against what is true as it leaves, and the effect against
    the requests that were right.
    """

    name = "P6 hands off"

    def set_scene(self, scene: Scene) -> None:
        """Also begins with no entry that a request was right to cancel."""
        super().set_scene(scene)
        self._let_go: set[str] = set()

    def on_effect(self, effect: Effect) -> None:
        """No external order changed."""
        if effect.cause is Cause.WORLD:
            return
        for one in effect.changed_orders:
            if one.after.order_id not in self.ledger.external or one.before == one.after:
                continue
            if is_stop(one.after) and self._has_a_stop(one):
                continue
            if one.after.order_id in self._let_go and _is_cancelled(one):
                continue
            by_us = one.after.cancel_type is CancelType.BY_USER
            if by_us or not effect.positions_moved:
                self.broken(one.uid, f"an external order changed: {one.before} became {one.after}")

    def _has_a_stop(self, changed: ChangedOrder) -> bool:
        """Whether a monitor of ours wants a stop for the position of that order."""
        books = self.ledger.books_of(changed.uid, changed.after.symbol)
        index = changed.after.position_idx
        return any(book.record.stop is not None and book.index == index for book in books)

    def before_request(self, request: ApiRequest) -> None:
        """No request names an external order."""
        if not request.is_write:
            return
        for item in request.fields.get("request", (request.fields,)):
            if item.get("orderId") in self.ledger.external:
                if request.path == CANCELS and self.is_to_go(
                    request.uid, item["orderId"], request.stamp_ms
                ):
                    self._let_go.add(item["orderId"])
                    continue
                self.broken(
                    request.uid, f"{request.path} names the external order {item['orderId']}"
                )

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """No external order is on record as ours."""
        del before, at_ms
        for order in step.record.orders:
            if order.order_id in self.ledger.external:
                self.broken(step.record.key, f"an external order is on record as TP{order.level}")


def _is_cancelled(changed: ChangedOrder) -> bool:
    """Whether nothing but a cancel of ours happened to the order."""
    before, after = changed.before, changed.after
    is_equal = before is not None and (before.filled, before.price) == (after.filled, after.price)
    return is_equal and after.status in _CANCELLED and after.cancel_type is CancelType.BY_USER
