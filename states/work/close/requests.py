"""The requests of a close: announced, settled, and looked up until it is known what they did.

Each is a market order with an order link id of its own, whose intent is durable before it leaves.
Its outcome is never guessed: it is looked up by that id. Only once every list is known to lack it,
past the latest moment at which the exchange may still execute it, is another request made.
"""

from datetime import timedelta
from decimal import Decimal

from ....domain.closing.going_on import after_request, given_up
from ....domain.copies import replace
from ....domain.flow import Flow
from ....domain.model.close.closing import Closing
from ....domain.model.commands import Operation
from ....domain.model.instrument import ZERO, plain
from ....domain.model.intent import Intent, IntentStatus
from ....domain.model.order import Order
from ....domain.model.outcomes import Absent, Found
from ....domain.recognition.link_ids import make_close_id
from ....domain.tracking.settling import NOT_DONE
from ....domain.tracking.stored_time import age_of
from .. import calls
from ..run import Run
from .apart import NO_LEVEL, open_apart, put_apart

IN_NO_LIST = "the exchange has accepted the order, and no list shows it"


def put_closing(run: Run, closing: Closing) -> None:
    """Puts a close on record as it is now."""
    run.record = replace(run.record, closing=replace(run.record.closing, last=closing))


def announce_close(run: Run, closing: Closing, quantity: Decimal) -> Intent:
    """Adds the intent of the next request; the next commit makes it durable before it leaves."""
    exchange, now, size = run.ports.exchange, run.now(), run.record.position_size
    at_ms = int(now.timestamp() * 1000)
    link_id = make_close_id(
        exchange.link_ids, run.record.role, run.key.symbol, at_ms, run.ports.randomness.digits()
    )
    intent = Intent(
        id=f"{run.id}-close-{len(run.apart) + 1}",
        run_id=run.id,
        operation=Operation.CLOSE,
        level=NO_LEVEL,
        part=1,
        order_link_id=link_id,
        order_id="",
        price=None,
        quantity=quantity,
        created_at=now,
        covered=size,
        covers=size - quantity,
        generation=len(closing.link_ids) + 1,
        until=now + exchange.lateness.total,
        announced=run.moment(),
    )
    put_closing(run, replace(closing, link_ids=(*closing.link_ids, link_id)))
    put_apart(run, intent)
    run.decide(f"🔗 Generated OrderLinkID: {link_id}")
    return intent


def open_closes(run: Run) -> tuple[Intent, ...]:
    """The requests of which it is not known what they did, oldest first."""
    return open_apart(run, Operation.CLOSE)


def settle_close(
    run: Run, intent: Intent, status: IntentStatus, detail: str, *, filled: Decimal = ZERO
) -> None:
    """Ends a request; what it has closed counts for the close that it belongs to."""
    put_apart(run, replace(intent, status=status, detail=detail, resolved_at=run.now()))
    closing = run.record.closing.last
    if closing is not None and intent.order_link_id in closing.link_ids:
        put_closing(run, after_request(closing, filled))


def look_up_closes(run: Run) -> Flow[None]:
    """Looks up, once, what the open requests did; settles those of which that is known."""
    for intent in open_closes(run):
        if run.is_spent:
            return
        found = yield from calls.look_up(run, order_link_id=intent.order_link_id)
        if isinstance(found, Found):
            _found(run, intent, found.order)
        elif isinstance(found, Absent) and _age(run, intent) >= run.ports.exchange.lateness.total:
            _absent(run, intent, found.by_fills)


def await_closes(run: Run) -> Flow[None]:
    """Looks up until it is known what every request did, or no look-up can say so."""
    longest = run.ports.exchange.lateness.total + run.settings.grace
    tries = run.tries("what a close did is not known yet", longest)
    while (yield from tries.another()):
        yield from look_up_closes(run)
        if not open_closes(run):
            return


def _found(run: Run, intent: Intent, order: Order) -> None:
    """Settles a request by its order, once that has ended: a market order never rests."""
    if not order.status.is_final:
        return
    filled = order.filled
    is_whole = intent.quantity is not None and filled >= intent.quantity
    status = IntentStatus.CONFIRMED if is_whole else IntentStatus.RESOLVED
    why = "" if is_whole or order.closure is None else f": {order.closure.text}"
    run.decide(f"🚪 Closed {plain(filled)} of {plain(intent.quantity or ZERO)}{why}")
    settle_close(run, intent, status, f"filled {plain(filled)}{why}", filled=filled)


def _absent(run: Run, intent: Intent, by_fills: Order | None) -> None:
    """Settles a request whose order is in no list, past the time until which one may lack it.

    Its fills say what it did: it has ended since. One that the exchange has accepted and that left
    no trace is no reason for another: that might close twice what was asked for.
    """
    if by_fills is not None:
        settle_close(run, intent, IntentStatus.RESOLVED, IN_NO_LIST, filled=by_fills.filled)
        return
    if intent.status is IntentStatus.SENT:
        settle_close(run, intent, IntentStatus.RESOLVED, IN_NO_LIST)
        closing = run.record.closing.open
        if closing is not None:
            put_closing(run, given_up(closing, f"{intent.order_link_id}: {IN_NO_LIST}"))
        return
    run.decide(f"🗑️ {intent.order_link_id} never reached the exchange")
    settle_close(run, intent, IntentStatus.RESOLVED, NOT_DONE)


def _age(run: Run, intent: Intent) -> timedelta:
    return age_of(intent, run.moment(), run.now())
