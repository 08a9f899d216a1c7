"""P1: no two live owned orders stand for one level part, and no close is done twice."""

from collections.abc import Callable
from decimal import Decimal

from trueup.domain.model.close.closing import CloseEnd, Closing
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord, RunOutcome, StateName
from trueup.domain.store import Step
from trueup.simulator import SimOrder
from trueup.testing import ApiRequest, ApiResponse

from ..ledger.book import Book
from ..ledger.effects import Effect
from ..ledger.ledger import Ledger
from ..scene.scene import Scene
from .promise import Promise

_KEY = "/v5/user/query-api"
_ZERO = Decimal(0)
_IS_CLOSE = "_CLOSE_"


class NeverTwice(Promise):
    """Checked at every change of the exchange.

    Owned is every order whose id the database ever held, whatever became of its record: an order
    that trueup gave up and that rests all the same still counts. One that arrives later than the
    engine is told a request may be is excused until the monitor's next run that ends well.
    """

    name = "P1 never twice"

    def __init__(self, ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> None:
        super().__init__(ledger, found)
        self._too_late: dict[MonitorKey, set[str]] = {}

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """A run that ends well has put right what came too late."""
        del before, at_ms
        last = step.transitions[-1] if step.transitions else None
        if last is not None and last.target is StateName.IDLE and _ended_well(step.record):
            self._too_late.pop(step.record.key, None)

    def on_effect(self, effect: Effect) -> None:
        """Looks for two live orders of one level part."""
        for impact in effect.impacts:
            book = impact.book
            if len(book.live) < 2:  # noqa: PLR2004 - one order cannot stand twice
                continue
            excused = self._excused(effect, book.key)
            seen: dict[tuple[int, int], SimOrder] = {}
            for order in book.live:
                claim = self.ledger.claim_on(book.key.account, order)
                if claim is None:
                    continue
                other = seen.setdefault((claim.level, claim.part), order)
                if other is not order and not excused & {order.order_id, other.order_id}:
                    self.broken(
                        book.key,
                        f"TP{claim.level}.{claim.part} rests twice: "
                        f"{_name(other)} and {_name(order)}",
                    )

    def _excused(self, effect: Effect, key: MonitorKey) -> set[str]:
        """The ids of the monitor's orders that came too late, with those of this effect."""
        if self.ledger.is_too_late(key.account, effect.at_ms):
            placed = {o.after.order_id for o in effect.changed_orders if o.before is None}
            self._too_late.setdefault(key, set()).update(placed)
        return self._too_late.get(key, set())


class IdentifiedFirst(Promise):
    """No write leaves for an account before the exchange has shown once whose its key is.

    Two names for one UID can be told apart by nothing else.
    """

    name = "P1 identified first"

    def set_scene(self, scene: Scene) -> None:
        """No key has been shown yet, but for the one that is on record from the start."""
        self._is_asked = scene.asks_key
        self._shown = set() if scene.twin is None else {scene.accounts[0].name}

    def on_reply(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """Notes an account whose key was shown."""
        if request.path == _KEY and received and not reply.answer.code:
            self._shown.add(request.uid)

    def before_request(self, request: ApiRequest) -> None:
        """Checks a write that is about to leave."""
        if self._is_asked and request.is_write and request.uid not in self._shown:
            self.broken(request.uid, f"{request.path} left before the key was identified")


class ClosedOnce(Promise):
    """Held against what the exchange says that our market orders have filled.

    A close never fills more than its quantity on record; one that has ended says how much it
    filled; and every such order belongs to a close that is on record.
    """

    name = "P1 closed once"

    def __init__(self, ledger: Ledger, found: Callable[[str, MonitorKey | str, str], None]) -> None:
        super().__init__(ledger, found)
        self._filled: dict[str, Decimal] = {}
        self._closes: dict[MonitorKey, dict[tuple[str, ...], Closing]] = {}

    def on_effect(self, effect: Effect) -> None:
        """Notes what orders of closes have filled, and holds it against the record."""
        for changed in effect.changed_orders:
            order = changed.after
            if _IS_CLOSE in order.link_id:
                self._filled[order.link_id] = order.filled
                self._check(order.link_id)

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Notes the close on record."""
        del before, at_ms
        last = step.record.closing.last
        if last is not None and last.link_ids:
            self._closes.setdefault(step.record.key, {})[last.link_ids[:1]] = last

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Every close has ended, and says what its orders filled."""
        del at_ms
        for closing in self._closes.get(book.key, {}).values():
            filled = self._of(closing)
            if closing.is_open:
                self.broken(book.key, f"a close never ended: {closing}")
            elif filled != closing.filled:
                self.broken(book.key, f"{filled} was closed, and the record says {closing.filled}")
            if closing.end is CloseEnd.DONE and filled != closing.quantity:
                self.broken(book.key, f"{filled} was closed of {closing.quantity}")

    def _check(self, link_id: str) -> None:
        for key, closes in self._closes.items():
            for closing in closes.values():
                if link_id in closing.link_ids and self._of(closing) > closing.quantity:
                    self.broken(key, f"{self._of(closing)} was closed of {closing.quantity}")
                    return
                if link_id in closing.link_ids:
                    return
        self.broken("", f"{link_id} is of no close on record")

    def _of(self, closing: Closing) -> Decimal:
        return sum((self._filled.get(one, _ZERO) for one in closing.link_ids), _ZERO)


def _ended_well(record: MonitorRecord) -> bool:
    return record.last_outcome in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


def _name(order: SimOrder) -> str:
    return f"{order.link_id or order.order_id[:8]} ({order.leaves} at {order.price})"
