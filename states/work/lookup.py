"""Looking up what became of orders; it is never guessed.

110001 says that an order is not open, but not why. That an order is found nowhere proves nothing
until the grace time is over. And it never proves that an order is gone that did exist: a list may
lack its row for longer (promise P5). Such an order has *vanished* until the exchange refuses a
write of it because it is not open.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ...domain.model.intent import Intent
from ...domain.model.order import Closure, Order
from ...domain.model.outcomes import Absent, Found
from ...domain.model.record import OwnedOrder, OwnedStatus, StateName
from ...domain.recognition.contest import cancel_by_others
from ...domain.tracking.matching import can_be_tp_of, is_outdated, updated_from, without_trace
from . import calls
from .run import Run


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of orders, by order link id.

    Attributes:
        orders: as they are on record now; None where a look-up failed and nothing is known.
        why_closed: why the exchange closed those that it shows closed; None if it does not say.
        vanished: those that did exist, and of which there is no trace.
    """

    orders: Mapping[str, OwnedOrder | None]
    why_closed: Mapping[str, Closure | None]
    vanished: frozenset[str] = frozenset()


def query_orders(
    run: Run,
    orders: Sequence[OwnedOrder],
    *,
    patient: bool = False,
    not_open: Collection[str] = (),
    searched: bool = False,
) -> Answers:
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
        not_open: link ids of orders that the exchange has just said are not open.
        searched: look once only, for the orders had vanished before the exchange said so.
    """
    found: dict[str, OwnedOrder | None] = {}
    why_closed: dict[str, Closure | None] = {}
    waiting = list(orders)
    worth_waiting = {
        owned.order_link_id
        for owned in orders
        if patient or owned.order_id or owned.status is not OwnedStatus.PENDING_NEW
    }
    removed = 0
    exists = patient or any(owned.status is OwnedStatus.OPEN for owned in orders)
    patience = run.settings.vanishing if exists else run.settings.grace
    for _ in run.tries(timedelta(0) if searched else patience):
        for owned in list(waiting):
            answer = _look_up(run, owned)
            if isinstance(answer, Found) and not is_outdated(owned, answer.order):
                waiting.remove(owned)
                shown = found[owned.order_link_id] = _apply(run, owned, answer.order)
                removed += _was_removed(run, shown)
                if shown.status is OwnedStatus.CANCELLED:
                    why_closed[owned.order_link_id] = answer.order.closure
            else:
                ended = owned.status is OwnedStatus.OPEN and owned.order_link_id in not_open
                still = without_trace(owned) if ended else owned
                found[owned.order_link_id] = still if isinstance(answer, Absent) else None
        answered = all(
            found[owned.order_link_id] is not None and owned.order_link_id not in worth_waiting
            for owned in waiting
        )
        if answered:
            break
    vanished: set[str] = set()
    for owned in waiting:
        became = found[owned.order_link_id]
        if became is not None and became.status is not owned.status:
            run.record = run.record.with_order(became)
            _report_stale(run, owned, "not found on exchange")
            removed += 1
        elif became is not None and (patient or owned.status is OwnedStatus.OPEN):
            vanished.add(owned.order_link_id)
    if removed:
        run.decide(f"🧹 Removed {removed} stale TP orders from monitor data")
    return Answers(found, why_closed, frozenset(vanished))


def _look_up(run: Run, owned: OwnedOrder) -> object:
    if owned.order_id:
        return calls.look_up(run, order_id=owned.order_id)
    return calls.look_up(run, order_link_id=owned.order_link_id)


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
        run.saw_change(cancel_by_others(became, order.closure, run.writes))
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
