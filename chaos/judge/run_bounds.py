"""What holds of every run: wakes are answered (P7), and its requests are bounded (P11)."""

from collections import Counter

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord, Origin, StateName
from trueup.domain.store import Step
from trueup.simulator import FaultKind
from trueup.testing import ApiRequest, ApiResponse

from ..scene.scene import Scene
from .promise import Promise

_LADDER, _REQUESTS = 4, 40
_LAST_CALL = 8
"""The last call of a run may take more pages than any before it, and be made twice."""


class NoWakeLost(Promise):
    """Checked against the commit that ends a run.

    One that the database held up was decided when it was tried first. A wake after that is the
    schedule's: it makes the next run begin at once.
    """

    name = "P7 no wake is lost"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """The run's last read came after the last wake, or the next try is due anyway."""
        del before
        last = step.transitions[-1] if step.transitions else None
        if last is None or last.target is not StateName.IDLE:
            return
        if step.record.next_try_at is not None:
            return
        book = self.ledger.books[step.record.key]
        at_ms = self.ledger.decided_ms(step.record.key, at_ms)
        began = self.ledger.runs[last.run_id].began_ms
        unanswered = [at for at in book.wakes if began <= at < at_ms and at > book.asked_ms]
        if unanswered:
            self.broken(step.record.key, "a wake arrived during the run and was not answered")


_LOOKED_FOR = {110001, 110072}
_FILLS = "/v5/execution/list"


class RunsAreBounded(Promise):
    """A run sends at most 40 requests for a ladder of four, and 10 more for each further level.

    Where more orders than that are on record during the run, they count instead of the levels.
    Requests of the run that name the monitor's symbol count, those of sweeps do not. Half as many
    more are allowed to a run that sets a stop, which takes a round of its own; and half as many to
    one that has to look for orders: it got no answer to a write, the answer that an order is gone
    or that its id is taken, or no list shows one.
    """

    name = "P11 runs are bounded"

    def set_scene(self, scene: Scene) -> None:
        """No answer was lost yet, and no stop was set."""
        del scene
        self._orders: Counter[MonitorKey] = Counter()
        self._protects: set[tuple[str, str, str]] = set()
        self._lost: set[tuple[str, str, str]] = set()

    def before_request(self, request: ApiRequest) -> None:
        """Counts the request for its symbol."""
        items = request.fields.get("request") or (request.fields,)
        symbol = items[0].get("symbol")
        if symbol:
            if request.path == _FILLS and (request.fields.keys() & {"orderId", "orderLinkId"}):
                self._lost.add(self.ledger.place_of(request.uid, symbol))
            self.ledger.requests[self.ledger.place_of(request.uid, symbol)] += 1

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Notes that the answer to a write was lost."""
        spoilt = reply.fault is not None and reply.fault.kind is not FaultKind.RET_CODE
        codes = {one.get("code") for one in reply.answer.extra.get("list", ())}
        if request.is_write and (spoilt or not received or codes & _LOOKED_FOR):
            items = request.fields.get("request") or (request.fields,)
            self._lost.add(self.ledger.place_of(request.uid, items[0].get("symbol", "")))

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Holds each run that ends against the bound."""
        del at_ms
        key = step.record.key
        known = {order.order_link_id for order in before.orders}
        adopted = [
            order
            for order in step.record.resting
            if order.origin is Origin.ADOPTED and order.order_link_id not in known
        ]
        # Those that it gives up in the same commit were on record beside those that it adopts.
        resting = max(len(step.record.resting), len(before.resting) + len(adopted))
        self._orders[key] = max(self._orders[key], resting)
        place = self.ledger.place_of(key.account, key.symbol)
        if step.stops:
            self._protects.add(place)
        last = step.transitions[-1] if step.transitions else None
        if last is None or (last.target is not StateName.IDLE and last.event != "again"):
            return
        sent = self.ledger.requests.pop(place, 0)
        levels = len(step.record.ladder.levels) if step.record.ladder else 0
        orders = max(_LADDER, levels, self._orders.pop(key))
        bound = _REQUESTS * orders // _LADDER
        bound += ((place in self._lost) + (place in self._protects)) * (bound // 2)
        self._lost.discard(place)
        self._protects.discard(place)
        if sent > bound + _LAST_CALL:
            self.broken(key, f"a run for {orders} orders sent {sent} requests")
