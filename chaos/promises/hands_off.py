"""P6: what is not ours stays as it is, to the last field, unless the world itself changes it."""

from trueup.domain.model.record import MonitorRecord, OwnedStatus
from trueup.domain.ports import Step
from trueup.simulator import CancelType
from trueup.testing import ApiRequest

from ..checker.effects import Effect
from ..checker.ledger import Hand
from .promise import Promise


class HandsOff(Promise):
    """Held against the books, the wire and the record.

    The exchange itself sizes and clears stop-losses with their position: that is its own doing
    where a position moved in the same effect.
    """

    name = "P6 hands off"

    def on_effect(self, effect: Effect) -> None:
        """No foreign order changed."""
        if effect.hand is Hand.WORLD:
            return
        for one in effect.touched:
            if one.after.order_id not in self.ledger.foreign or one.before == one.after:
                continue
            by_us = one.after.cancel_type is CancelType.BY_USER
            if by_us or not effect.positions_moved:
                self.broken(one.uid, f"a foreign order changed: {one.before} became {one.after}")

    def before_request(self, asked: ApiRequest) -> None:
        """No request names a foreign order."""
        if not asked.is_write:
            return
        for item in asked.fields["request"]:
            if item.get("orderId") in self.ledger.foreign:
                self.broken(asked.uid, f"{asked.path} names the foreign order {item['orderId']}")

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """No foreign order is on record as ours."""
        del before, at_ms
        for order in step.record.orders:
            if order.order_id in self.ledger.foreign and order.status is not OwnedStatus.REJECTED:
                self.broken(step.record.key, f"a foreign order is on record as TP{order.level}")
