"""What became of the stop's order where a read did not list it: it is looked up, never guessed.

That an order is in no list never proves that one is gone that did exist (promise P5). So it is
amended to what it has to be, and counts as gone once the exchange says that it is not open.
"""

from datetime import timedelta

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.intent import IntentStatus
from ...domain.model.observation import Observation, Reading
from ...domain.model.order import Order
from ...domain.model.outcomes import Absent, Found, LookUp
from ...domain.model.protection import StopOrder, StopRecord
from ...domain.protection.setting import with_stop_asked
from ...domain.protection.stop_orders import (
    CLOSED_SINCE,
    may_rest,
    shows_effect,
    with_found,
    without_order,
)
from ..work import calls
from ..work.run import Run
from .settling import settle_stop


def settled_stop(run: Run, reading: Reading) -> Flow[None]:
    """Settles what a read shows of the stop; looks its order up where a whole read lacks it.

    An order that never existed, and that no request may still bring, is not looked for; nor is one
    that the run has looked for to the end. Where the orders could not be read, only what became of
    a request is looked up.
    """
    stop = run.record.stop
    if stop is not None and stop.order is not None:
        is_searched = stop.order.order_link_id in run.searched
        may_be_found = may_rest(stop, stop.order) and not is_searched
        if may_be_found and isinstance(reading, Observation):
            yield from search_order(run)
        elif may_be_found and stop.is_order and stop.intents and not run.is_spent:
            yield from _look_up(run, stop, stop.order)
    settle_stop(run)


def search_order(run: Run, *, patience: timedelta = timedelta(0)) -> Flow[bool]:
    """Looks the stop's order up, unless the last read listed it.

    Args:
        run: the run.
        patience: how long it is looked for where it is in no list; it is once only, where the run
            has done that already.

    Returns:
        Whether it is in no list, though it was looked for to the end.
    """
    own = run.record.stop.order if run.record.stop else None
    name = own.order_link_id if own else ""
    if name in run.searched:
        patience = timedelta(0)
    tries = run.tries("the order of the stop is in no list", patience)
    while not run.is_spent and (yield from tries.another()):
        stop = run.record.stop
        if stop is None or stop.order is None or stop.order.is_listed:
            return False
        found = yield from _look_up(run, stop, stop.order)
        if not isinstance(found, Absent):
            return False
        if patience:
            run.note_search()
    if not run.is_spent and patience:
        run.has_searched({name})
    return not run.is_spent


def _look_up(run: Run, stop: StopRecord, order: StopOrder) -> Flow[LookUp]:
    """Asks for the order alone, and puts it on record if it is found."""
    found = yield from calls.look_up(
        run,
        order_id=order.order_id,
        order_link_id="" if order.order_id else order.order_link_id,
    )
    if isinstance(found, Found):
        _put(run, stop, found.order)
    return found


def give_up_order(run: Run) -> None:
    """The stop's order is gone: the exchange says that it is not open, and no list has it."""
    if run.record.stop is not None and run.record.stop.order is not None:
        run.decide(f"🗑️ {run.record.stop.order.order_link_id} is gone: the stop's order is closed")
        run.record = replace(run.record, stop=without_order(run.record.stop))


def believe_order(run: Run) -> None:
    """The stop's order exists: the exchange says that its link id is taken."""
    stop = run.record.stop
    if stop is not None and stop.order is not None:
        run.decide(f"👻 {stop.order.order_link_id} is taken, but its order is in no list")
        run.record = replace(run.record, stop=replace(stop, order=replace(stop.order, exists=True)))


def _put(run: Run, stop: StopRecord, order: Order) -> None:
    run.record = replace(run.record, stop=with_found(stop, order))
    if not order.status.is_open:
        _note_effects(run, stop, order)
        why = f": {order.closure.text}" if order.closure else ""
        run.decide(f"🗑️ The stop's order {order.order_link_id} is {order.status.value}{why}")


def _note_effects(run: Run, stop: StopRecord, order: Order) -> None:
    """A closed order shows where it was at last: a request that had it there has taken effect."""
    for intent in stop.intents:
        if shows_effect(order, intent):
            run.record = with_stop_asked(run.record, intent)
            resolved = replace(intent, status=IntentStatus.RESOLVED, detail=CLOSED_SINCE)
            run.put_stop(replace(resolved, resolved_at=run.now()))
