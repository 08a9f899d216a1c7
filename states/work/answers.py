"""What the exchange's answers to amends and places mean for their intents.

Acceptance is only an acknowledgement: the intent stays open until a read confirms it. After 110001
and 110072 the order is looked up; every other refusal ends the intent.
"""

from dataclasses import replace

from ...domain.model.instrument import plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.outcomes import Accepted, OutcomeClass, Refused, Retry, Unsure, WriteOutcome
from ...domain.model.record import OwnedOrder, OwnedStatus
from .findings import NOTHING_REFUSED, Refusals
from .lookup import query_orders, report_gone
from .run import Run


def apply_amend_answer(run: Run, intent: Intent, outcome: WriteOutcome) -> Refusals:
    """Settles the intent of an amend by its answer; returns what was refused."""
    match outcome:
        case Accepted() | Refused(kind=OutcomeClass.NOTHING_CHANGED):
            run.settle(intent, IntentStatus.SENT)
        case Unsure():
            run.settle(intent, IntentStatus.UNKNOWN, outcome.reason, outcome.code)
            return Refusals(must_pause=True)
        case Refused(kind=OutcomeClass.ALREADY_GONE):
            return _gone(run, intent, outcome)
        case Refused(kind=OutcomeClass.REDUCE_ONLY):
            _position_moved(run, intent, outcome)
        case Refused() if (general := _general_refusal(outcome)) is not None:
            run.settle(intent, IntentStatus.REFUSED, outcome.message, outcome.code)
            return general
        case Refused():
            return _not_amendable(run, intent, outcome)
    return NOTHING_REFUSED


def apply_place_answer(run: Run, intent: Intent, outcome: WriteOutcome) -> Refusals:
    """Settles the intent of a place by its answer; returns what was refused."""
    match outcome:
        case Accepted(order_id=order_id):
            owned = run.owned(intent)
            run.record = run.record.with_order(replace(owned, order_id=order_id))
            run.settle(intent, IntentStatus.SENT)
        case Unsure():
            run.settle(intent, IntentStatus.UNKNOWN, outcome.reason, outcome.code)
            return Refusals(must_pause=True)
        case Refused(kind=OutcomeClass.DUPLICATE_LINK_ID):
            _duplicate(run, intent, outcome)
        case Refused(kind=OutcomeClass.REDUCE_ONLY):
            _position_moved(run, intent, outcome)
            never_left(run, intent)
        case Refused():
            run.settle(intent, IntentStatus.REFUSED, outcome.message, outcome.code)
            never_left(run, intent)
            general = _general_refusal(outcome)
            for_good = Refusals(unplaceable=frozenset({(intent.level, intent.part)}))
            return for_good if general is None else general
    return NOTHING_REFUSED


def never_left(run: Run, intent: Intent) -> None:
    """Abandons the id of a place that did not reach the book.

    An id that an earlier request carried is kept: that request may still be in flight.
    """
    if not intent.again:
        run.record = run.record.with_order(replace(run.owned(intent), status=OwnedStatus.REJECTED))


def _gone(run: Run, intent: Intent, refusal: Refused) -> Refusals:
    """110001 on an amend: the order filled, was cancelled, is not visible yet or left no trace.

    Only a vanished order is amended to what it is.
    """
    owned = run.owned(intent)
    had_vanished = intent.price is None and intent.covers == intent.covered
    answers = query_orders(run, [owned], not_open=(owned.order_link_id,), searched=had_vanished)
    became = answers.orders[owned.order_link_id]
    if became is None:
        run.settle(intent, IntentStatus.UNKNOWN, refusal.message, refusal.code)
    elif became.status is OwnedStatus.OPEN:
        run.settle(intent, IntentStatus.REFUSED, "the order is still open", refusal.code)
        return Refusals(must_pause=True)
    else:
        run.settle(intent, IntentStatus.RESOLVED, _end_of(became), refusal.code)
        report_gone(run, intent)
    return NOTHING_REFUSED


def _not_amendable(run: Run, intent: Intent, refusal: Refused) -> Refusals:
    """An amend refused for good: the order changed meanwhile, or has to be replaced."""
    owned = run.owned(intent)
    answers = query_orders(run, [owned])
    became = answers.orders[owned.order_link_id] if not answers.vanished else None
    moved = became is not None and (
        became.filled > owned.filled or became.status is not OwnedStatus.OPEN
    )
    if became is None:
        run.settle(intent, IntentStatus.REFUSED, refusal.message, refusal.code)
    elif moved:
        run.settle(intent, IntentStatus.RESOLVED, _end_of(became), refusal.code)
    else:
        run.settle(intent, IntentStatus.REFUSED, refusal.message, refusal.code)
        run.decide(
            f"♻️ TP{intent.level} cannot be amended ({refusal.code}): a new order will replace it"
        )
        return Refusals(not_amendable=frozenset({owned.order_id}))
    return NOTHING_REFUSED


def _duplicate(run: Run, intent: Intent, refusal: Refused) -> None:
    """110072: the exchange knows the id already; the order that carries it is looked up.

    A live order is ours and is adopted; the next read decides whether it must be amended. The fill
    of a closed order counts. Where the order is not ours, the next place uses a new id. One that is
    found nowhere for as long as reads may lag exists all the same, as the exchange says: it is on
    record as open, and has vanished.
    """
    owned = run.owned(intent)
    answers = query_orders(run, [owned], patient=True)
    became = answers.orders[owned.order_link_id]
    if answers.vanished:
        run.record = run.record.with_order(replace(owned, status=OwnedStatus.OPEN))
        run.decide(f"👻 {owned.order_link_id} is taken, but its order is in no list")
        run.settle(intent, IntentStatus.RESOLVED, "the order is in no list", refusal.code)
        return
    if became is None:
        run.settle(intent, IntentStatus.UNKNOWN, refusal.message, refusal.code)
        return
    if became.status is OwnedStatus.OPEN:
        run.settle(intent, IntentStatus.RESOLVED, "the order already rests: adopted", refusal.code)
        run.decide(f"🤝 {owned.order_link_id} already rests: adopted")
        return
    run.settle(intent, IntentStatus.RESOLVED, _end_of(became), refusal.code)


def _general_refusal(refusal: Refused) -> Refusals | None:
    """What a refusal of the account or of the moment means; None for one of the order itself."""
    if refusal.kind is OutcomeClass.AUTH:
        return Refusals(key_refused=True)
    return Refusals(must_pause=True) if refusal.retry is Retry.LATER else None


def _position_moved(run: Run, intent: Intent, refusal: Refused) -> None:
    """110017: the position has no room for the order; the next read shows what it has."""
    detail = f"the position moved: {refusal.message}"
    run.settle(intent, IntentStatus.RESOLVED, detail, refusal.code)


def _end_of(became: OwnedOrder) -> str:
    match became.status:
        case OwnedStatus.FILLED:
            return f"the order had filled {plain(became.filled)}"
        case OwnedStatus.CANCELLED:
            return f"the order had been cancelled, {plain(became.filled)} filled"
        case OwnedStatus.OPEN:
            return f"the order had filled {plain(became.filled)} meanwhile"
        case _:
            return "the order link id is taken: the next place uses a new one"
