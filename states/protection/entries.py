"""Validating's part: do entries rest that the user has named, though their level has filled?

They are orders of others, and the only ones that trueup ever cancels (promise P6): by a whole read
alone, by the order's own fields and its whole link id, and one by one by the exchange's id of it.
"""

from collections.abc import Sequence
from datetime import timedelta

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.observation import Observation, OrdersUnread
from ...domain.model.order import Order, OrderStatus
from ...domain.model.outcomes import Absent, Found
from ...domain.model.protection import CancelledEntry
from ...domain.protection.entries import entries_to_cancel
from ...domain.tracking.settling import NOT_DONE
from ...domain.tracking.stored_time import age_of
from ..work import calls
from ..work.close.apart import NO_LEVEL, open_apart, put_apart
from ..work.findings import Findings, Result
from ..work.run import Run
from .deciding import cancel_left_over

_ENDED = (IntentStatus.CONFIRMED, IntentStatus.RESOLVED)
_IN_NO_LIST = "it is in no list any more"


def cancel_others(
    run: Run, found: Findings, reading: Observation | OrdersUnread
) -> Flow[tuple[Findings, Result | None]]:
    """The result of Validating where a stop's order, or an entry, has to be cancelled; else None.

    What an earlier request did is looked up first. One that may not have arrived is sent again at
    once: to cancel an order twice does no harm.
    """
    left_over = cancel_left_over(run, found)
    if left_over is not None or not isinstance(reading, Observation):
        return found, left_over
    resting = _resting(run, found, reading)
    there = {order.order_id for order in resting}
    gone = [one for one in open_entries(run) if one.order_id not in there | found.tried]
    yield from settle_entries(run, gone)
    found = replace(found, entries_left=tuple(one.order_link_id for one in resting))
    asked = [order for order in resting if order.order_id not in found.tried]
    if not asked:
        return found, None
    intents = {one.order_id: one for one in open_entries(run)}
    ids = [(intents.get(one.order_id) or _announce(run, one)).id for one in asked]
    found = replace(found, entries=frozenset(ids))
    return found, Result("drifted", f"entries to cancel: {len(ids)}", found)


def open_entries(run: Run) -> tuple[Intent, ...]:
    """The cancels of entries of which it is not known what they did."""
    return open_apart(run, Operation.CANCEL_ENTRY)


def settle_entries(run: Run, intents: Sequence[Intent]) -> Flow[None]:
    """Looks up, once, what became of the entries; settles the cancels of which that is known."""
    for intent in intents:
        if run.is_spent:
            return
        found = yield from calls.look_up(run, order_id=intent.order_id)
        if isinstance(found, Found):
            _found(run, intent, found.order)
        elif isinstance(found, Absent) and _age(run, intent) >= _patience(run, intent):
            settle_entry(run, intent, IntentStatus.RESOLVED, _IN_NO_LIST)


def is_gone(intent: Intent) -> bool:
    """Whether it is the cancel of an entry that is known not to be open any more."""
    is_over = intent.status in _ENDED and intent.detail != NOT_DONE
    return is_over and intent.operation is Operation.CANCEL_ENTRY


def settle_entry(run: Run, intent: Intent, status: IntentStatus, detail: str) -> None:
    """Ends the cancel of an entry."""
    put_apart(run, replace(intent, status=status, detail=detail, resolved_at=run.now()))


def _resting(run: Run, found: Findings, reading: Observation) -> tuple[Order, ...]:
    """The entries that are to go; none while nobody knows whose the position is.

    Of one whose cancel has ended in this run a read shows no more than that it lags.
    """
    if found.unsure:
        return ()
    ended = {one.order_id for one in run.apart if is_gone(one)}
    index = run.ports.exchange.position_mode.position_index(run.key.side)
    named = entries_to_cancel(run.record, reading.orders_of(run.key.symbol), index)
    return tuple(order for order in named if order.order_id not in ended)


def _announce(run: Run, order: Order) -> Intent:
    """Adds the intent of a cancel; the next commit makes it durable before it leaves."""
    now = run.now()
    intent = Intent(
        id=f"{run.id}-entry-{len(run.apart) + 1}",
        run_id=run.id,
        operation=Operation.CANCEL_ENTRY,
        level=NO_LEVEL,
        part=1,
        order_link_id=order.order_link_id,
        order_id=order.order_id,
        price=None,
        quantity=None,
        created_at=now,
        price_before=order.price,
        quantity_before=order.quantity,
        until=now + run.ports.exchange.lateness.total,
        announced=run.moment(),
    )
    put_apart(run, intent)
    rule = run.record.stop.wanted.cancel_entries if run.record.stop else None
    after = rule.after_level if rule else NO_LEVEL
    run.decide(
        f"🧹 The entry {order.order_link_id} of {plain(order.remaining)} at {plain(order.price)} "
        f"goes: TP{after} has filled"
    )
    return intent


def _found(run: Run, intent: Intent, order: Order) -> None:
    """Settles a cancel by the entry, once that has ended."""
    filled, name = plain(order.filled), order.order_link_id
    if not order.status.is_final:
        if _age(run, intent) >= run.ports.exchange.lateness.total:
            settle_entry(run, intent, IntentStatus.RESOLVED, NOT_DONE)
        return
    if order.status is OrderStatus.FILLED:
        run.decide(f"🔄 The entry {name} had filled before it could be cancelled: {filled}")
        run.warn(f"🧹 the entry {name} had filled before it could be cancelled: {filled}")
        settle_entry(run, intent, IntentStatus.RESOLVED, f"the entry had filled {filled}")
        return
    before = f"{filled} of it had filled" if order.filled else ""
    run.decide(f"🧹 The entry {name} is cancelled{f': {before}' if before else ''}")
    settle_entry(run, intent, IntentStatus.CONFIRMED, before)
    stop, left = run.record.stop, max(order.quantity - order.filled, ZERO)
    if stop is not None:
        cancelled = (*stop.cancelled, CancelledEntry(name, left))
        run.record = replace(run.record, stop=replace(stop, cancelled=cancelled))


def _age(run: Run, intent: Intent) -> timedelta:
    return age_of(intent, run.moment(), run.now())


def _patience(run: Run, intent: Intent) -> timedelta:
    """How long an entry may be in no list though it is open."""
    late = run.ports.exchange.lateness
    return late.reads if intent.status.is_sent else late.total
