"""Looking up what became of orders; it is never guessed.

110001 says that an order is not open, but not why. That an order is found nowhere proves nothing
until the grace time is over. And it never proves that an order is gone that did exist: a list may
lack its row for longer (promise P5). Such an order has *vanished* until the exchange refuses a
write of it because it is not open, or its contract has ended and its position is flat.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ...domain.flow import Flow
from ...domain.model.intent import Intent
from ...domain.model.order import Order
from ...domain.model.outcomes import Absent, Found
from ...domain.model.record import OwnedOrder, OwnedStatus, StateName
from ...domain.recognition.contest import cancel_by_others
from ...domain.tracking.matching import (
    can_be_tp_of,
    is_outdated,
    updated_from,
    with_fills,
    without_trace,
)
from . import calls
from .by_hand import note_cancelled
from .run import Run


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of orders, by order link id.

    Attributes:
        orders: as they are on record now; None where a look-up failed and nothing is known.
        vanished: those that did exist, and of which there is no trace.
        unlisted: those that an event has shown open, and no list yet.
    """

    orders: Mapping[str, OwnedOrder | None]
    vanished: frozenset[str] = frozenset()
    unlisted: frozenset[str] = frozenset()


def query_orders(
    run: Run,
    orders: Sequence[OwnedOrder],
    *,
    patient: bool = False,
    not_open: Collection[str] = (),
    searched: bool = False,
) -> Flow[Answers]:
    """Looks up what became of these orders, and puts it into the record.

    An open order that leaves no trace for long enough has vanished; where the exchange has said
    that it is not open, it is gone. An order that was sent and that no
    read has shown stays as it is: its request may still be in flight, and can be sent again under
    the same id at once. The look-up waits for such an order only where the exchange accepted it.

    Args:
        run: the run.
        orders: on record, as they may rest.
        patient: wait for orders in flight too: the exchange says that it knows their ids, and
            whether a new id is needed depends on the answer.
        not_open: link ids of orders that the exchange has just said are not open, as each of a
            contract that has ended with its position.
        searched: look once only, for the orders had vanished before the exchange said so.
    """
    exists = patient or any(owned.status is OwnedStatus.OPEN for owned in orders)
    patience = run.ports.exchange.lateness.reads if exists else run.settings.grace
    searched = searched or run.searched.issuperset(owned.order_link_id for owned in orders)
    if searched:
        patience = timedelta(0)
    at_last = not_open if searched else ()
    search = _Search(run, orders, patient=patient, even_if_spent=at_last)
    until = run.moment() + patience
    tries = run.tries("an order is in no list", patience)
    while (yield from tries.another()):
        if (yield from search.is_answered()):
            break
    is_over = run.moment() >= until
    yield from search.end(is_over=is_over, patient=patient, not_open=not_open)
    if is_over and exists:
        run.has_searched(search.vanished)
    if search.removed:
        run.decide(f"🧹 Removed {search.removed} stale TP orders from monitor data")
    return Answers(search.orders, frozenset(search.vanished), frozenset(search.unlisted))


class _Search:
    """A look-up of orders under way.

    Reads lag for all orders alike. So while one is waited for, no other is asked for: one look-up
    a try is enough, however long the ladder is.

    Attributes:
        orders: what became of them, by order link id.
        vanished: those that did exist, and of which there is no trace.
        unlisted: those that an event has shown open, and no list yet.
        removed: how many turned out to be closed.
    """

    def __init__(
        self,
        run: Run,
        orders: Sequence[OwnedOrder],
        *,
        patient: bool,
        even_if_spent: Collection[str],
    ) -> None:
        self.orders: dict[str, OwnedOrder | None] = {}
        self.vanished: set[str] = set()
        self.unlisted: set[str] = set()
        self.removed = 0
        self._run = run
        self._even_if_spent = even_if_spent
        self._worth_waiting = {
            owned.order_link_id
            for owned in orders
            if patient or owned.order_id or owned.status is not OwnedStatus.PENDING_NEW
        }
        self._absent: set[str] = set(run.searched) - self._worth_waiting
        first = sorted(orders, key=lambda owned: owned.order_link_id not in self._worth_waiting)
        self._waiting = {owned.order_link_id: owned for owned in first}

    def is_answered(self) -> Flow[bool]:
        """Asks for one order after the other; stops at one that has to be asked for again."""
        for link_id in tuple(self._waiting):
            yield from self._ask(link_id)
            if link_id in self._waiting and not self._is_given_up(link_id):
                return False
        return True

    def end(self, *, is_over: bool, patient: bool, not_open: Collection[str]) -> Flow[None]:
        """Settles the orders that were not found.

        Args:
            is_over: whether the time is over after which nobody waits for an order any more.
                Otherwise nothing is known of those that are still waited for.
            patient: the exchange says that it knows their ids.
            not_open: link ids of orders that the exchange has just said are not open.
        """
        if is_over:
            for link_id in tuple(self._waiting)[1:]:
                yield from self._ask(link_id)
        for link_id, owned in self._waiting.items():
            is_open = owned.status is OwnedStatus.OPEN
            known = link_id in self._absent and (is_over or self._is_given_up(link_id))
            became = without_trace(owned) if is_open and link_id in not_open else owned
            self.orders[link_id] = became if known else None
            if known and became.status is not owned.status:
                self._run.record = self._run.record.with_order(became)
                _report_stale(self._run, owned, "not found on exchange")
                self.removed += 1
            elif known and (patient or is_open):
                self.vanished.add(link_id)

    def _is_given_up(self, link_id: str) -> bool:
        """Whether every list was read, and waiting for the order is of no use."""
        return link_id in self._absent and link_id not in self._worth_waiting

    def _ask(self, link_id: str) -> Flow[None]:
        """Looks the order up, unless the run is spent, or has done so once its time was over.

        One that was searched before, and that the exchange says is not open, is looked up all the
        same, once: whether it is gone is decided on the answer.
        """
        owned = self._waiting[link_id]
        if link_id in self._run.searched and self._is_given_up(link_id):
            return
        may_ask = link_id in self._even_if_spent or not self._run.is_spent
        answer = (yield from _look_up(self._run, owned)) if may_ask else None
        self._absent.discard(link_id)
        if isinstance(answer, Absent):
            self._absent.add(link_id)
            self._count_fills(owned, answer.by_fills)
            if link_id in self._worth_waiting:
                self._run.note_search()
            elif link_id not in self._run.pending:
                self._run.has_searched((link_id,))
        elif isinstance(answer, Found) and not is_outdated(owned, answer.order):
            del self._waiting[link_id]
            became = self.orders[link_id] = _apply(self._run, owned, answer.order)
            self.removed += _was_removed(self._run, became)
            self.unlisted |= {link_id} if answer.unlisted else set()
            self._run.created_ms[link_id] = answer.order.created_ms
            if became.status is OwnedStatus.CANCELLED:
                self._run.why_closed[link_id] = answer.order.closure

    def _count_fills(self, owned: OwnedOrder, order: Order | None) -> None:
        """Puts what has filled of an order in no list into the record: it did exist.

        Its fills don't say whether it is closed, nor whether it is reduce-only.
        """
        if order is None or not can_be_tp_of(replace(order, reduce_only=True), self._run.key):
            return
        became = self._waiting[owned.order_link_id] = with_fills(owned, order)
        self._run.record = self._run.record.with_order(became)


def _look_up(run: Run, owned: OwnedOrder) -> Flow[object]:
    if owned.order_id:
        return (yield from calls.look_up(run, order_id=owned.order_id))
    return (yield from calls.look_up(run, order_link_id=owned.order_link_id))


def _apply(run: Run, owned: OwnedOrder, order: Order) -> OwnedOrder:
    """Puts an order that was found into the record, and returns it as recorded."""
    if not can_be_tp_of(order, run.key):
        disowned = replace(owned, status=OwnedStatus.REJECTED)
        run.record = run.record.with_order(disowned)
        report_disowned(run, owned)
        return disowned
    became = updated_from(owned, order)
    run.record = run.record.with_order(became)
    if became.status is OwnedStatus.FILLED:
        run.decide(f"💰 TP{owned.level} filled: {became.filled} of {became.quantity}")
    elif _was_removed(run, became):
        note_cancelled(run, became, cancel_by_others(became, order.closure, run.writes))
        why = order.closure.text if order.closure else ""
        _report_stale(run, owned, f"{order.status.value}: {why}")
    return became


def _was_removed(run: Run, became: OwnedOrder) -> bool:
    """Whether the order is closed without this run having cancelled it."""
    closed = became.status is OwnedStatus.CANCELLED
    return closed and run.record.state is not StateName.CANCELLING


def _report_stale(run: Run, owned: OwnedOrder, why: str) -> None:
    name = short_id(owned.order_id or owned.order_link_id)
    run.decide(f"🗑️ Removing stale TP order {name} ({why})")


def report_gone(run: Run, intent: Intent) -> None:
    """Writes into the journal that an order was closed before a write reached it."""
    name = short_id(intent.order_id or intent.order_link_id)
    run.decide(f"🔄 Order {name} already cancelled or filled (handled gracefully)")


def report_disowned(run: Run, owned: OwnedOrder) -> None:
    """Writes into the journal that an order is no longer tracked, and left alone."""
    run.decide(
        f"⚠️ {owned.order_link_id} is not a TP of this position: "
        "trueup stops tracking it and leaves it alone"
    )


def short_id(order_id: str) -> str:
    """An order's id as logs show it: ``017053f0...``."""
    return f"{order_id[:8]}..."
