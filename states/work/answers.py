"""What the exchange's answers to amends and places mean for their intents.

Acceptance is only an acknowledgement: the intent stays open until a read confirms it. After 110001
and 110072 the order is looked up; every other refusal ends the intent. An answer that is not of the
moment, and that the same command gets twice in a run, ends the action: the run sends it no more.
"""

from collections.abc import Sequence
from dataclasses import replace

from ...domain.flow import Flow
from ...domain.model.commands import Operation
from ...domain.model.instrument import plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.outcomes import (
    Accepted,
    Held,
    OutcomeClass,
    Refused,
    Retry,
    Unsure,
    WriteOutcome,
)
from ...domain.model.record import OwnedOrder, OwnedStatus
from ...domain.tracking.settling import NOT_DONE
from .findings import NOTHING_REFUSED, Refusals
from .lookup import Answers, query_orders, report_gone
from .run import Run


def apply_amend_answer(
    run: Run, intent: Intent, outcome: WriteOutcome, *, reread: bool, has_vanished: bool
) -> Flow[Refusals]:
    """Settles the intent of an amend by its answer; returns what was refused.

    Args:
        run: the run.
        intent: of the amend.
        outcome: the exchange's answer.
        reread: whether the run read the contract's rules again after values were refused.
        has_vanished: whether the order had left no trace before.
    """
    match outcome:
        case Accepted() | Refused(kind=OutcomeClass.NOTHING_CHANGED):
            run.settle(intent, IntentStatus.SENT)
        case Held():
            run.settle(intent, IntentStatus.HELD, outcome.reason)
        case Unsure():
            lasts = _is_lasting(run, intent, outcome)
            run.settle(intent, IntentStatus.UNKNOWN, outcome.reason, outcome.code)
            return _stays(run, intent) if lasts else Refusals(must_pause=True)
        case Refused(kind=OutcomeClass.ALREADY_GONE):
            return (yield from _gone(run, intent, outcome, has_vanished=has_vanished))
        case Refused(kind=OutcomeClass.REDUCE_ONLY):
            lasts = _is_lasting(run, intent, outcome)
            return _no_room(run, intent, outcome) | (
                _stays(run, intent) if lasts else NOTHING_REFUSED
            )
        case Refused() if (general := _general_refusal(outcome)) is not None:
            run.settle(intent, IntentStatus.REFUSED, outcome.message, outcome.code)
            return general
        case Refused():
            return (yield from _not_amended(run, intent, outcome, reread=reread))
    return NOTHING_REFUSED


def apply_place_answer(
    run: Run, intent: Intent, outcome: WriteOutcome, *, reread: bool
) -> Refusals:
    """Settles the intent of a place by its answer; returns what was refused.

    Args:
        run: the run.
        intent: of the place.
        outcome: the exchange's answer.
        reread: whether the run read the contract's rules again after values were refused.
    """
    match outcome:
        case Accepted(order_id=order_id):
            owned = run.owned(intent)
            run.record = run.record.with_order(replace(owned, order_id=order_id))
            run.settle(intent, IntentStatus.SENT)
        case Held():
            run.settle(intent, IntentStatus.HELD, outcome.reason)
            never_left(run, intent)
        case Unsure():
            lasts = _is_lasting(run, intent, outcome)
            run.settle(intent, IntentStatus.UNKNOWN, outcome.reason, outcome.code)
            return _is_not_placed(intent) if lasts else Refusals(must_pause=True)
        case Refused(kind=OutcomeClass.REDUCE_ONLY):
            lasts = _is_lasting(run, intent, outcome)
            never_left(run, intent)
            return _no_room(run, intent, outcome) | (
                _is_not_placed(intent) if lasts else NOTHING_REFUSED
            )
        case Refused(kind=OutcomeClass.VALUES) if not reread:
            never_left(run, intent)
            return _rules_stale(run, intent, outcome)
        case Refused():
            run.settle(intent, IntentStatus.REFUSED, outcome.message, outcome.code)
            never_left(run, intent)
            general = _general_refusal(outcome)
            return _is_not_placed(intent) if general is None else general
    return NOTHING_REFUSED


def never_left(run: Run, intent: Intent) -> None:
    """Abandons the id of a place that did not reach the book.

    An id that an earlier request carried is kept: that request may still be in flight, so its
    intent is open again. By its time the order is given up, once no plan wants it any more.
    """
    if not intent.again:
        run.record = run.record.with_order(replace(run.owned(intent), status=OwnedStatus.REJECTED))
        return
    earlier = [each for each in run.writes if _is_of_same_place(each, intent)]
    if earlier:
        run.settle(earlier[-1], IntentStatus.UNKNOWN, "sent again under its id, in vain")


def _is_of_same_place(earlier: Intent, later: Intent) -> bool:
    """Whether it is an earlier request for that order, which may have had an effect."""
    return (
        earlier.id != later.id
        and earlier.order_link_id == later.order_link_id
        and earlier.operation is Operation.PLACE
        and not earlier.status.had_no_effect
    )


def _gone(run: Run, intent: Intent, refusal: Refused, *, has_vanished: bool) -> Flow[Refusals]:
    """110001 on an amend: the order filled, was cancelled, is not visible yet or left no trace.

    One that had left no trace before has been looked for already: it is not waited for again.
    """
    owned = run.owned(intent)
    answers = yield from query_orders(
        run, [owned], not_open=(owned.order_link_id,), searched=has_vanished
    )
    became = answers.orders[owned.order_link_id]
    if became is None:
        run.settle(intent, IntentStatus.UNKNOWN, refusal.message, refusal.code)
    elif became.status is OwnedStatus.OPEN:
        lasts = _is_lasting(run, intent, refusal)
        run.settle(intent, IntentStatus.REFUSED, "the order is still open", refusal.code)
        return _stays(run, intent) if lasts else Refusals(must_pause=True)
    else:
        run.settle(intent, IntentStatus.RESOLVED, _end_of(became), refusal.code)
        report_gone(run, intent)
    return NOTHING_REFUSED


def _rules_stale(run: Run, intent: Intent, refusal: Refused) -> Refusals:
    """A price or quantity refused by rules that this run knows from a cache: they are read anew.

    Nothing is cancelled for it: what rests stays, and the plan is drawn anew by the fresh rules.
    """
    run.settle(
        replace(intent, covers=intent.covered),
        IntentStatus.RESOLVED,
        f"{refusal.message}: the contract's rules were read again",
        refusal.code,
    )
    run.decide(f"📐 TP{intent.level}: {refusal.code} {refusal.message}: reading the rules again")
    return Refusals(rules_stale=True)


def _not_amended(run: Run, intent: Intent, refusal: Refused, *, reread: bool) -> Flow[Refusals]:
    """An amend refused for good: the order changed meanwhile, or it stays, or is replaced.

    Only where the exchange says that the order cannot be amended is it replaced. Any other refusal
    would meet the new order too: the order stays as it is until the next run. Where its values may
    have been refused by rules that changed, those are read first.
    """
    if refusal.kind is OutcomeClass.VALUES and not reread:
        return _rules_stale(run, intent, refusal)
    owned = run.owned(intent)
    answers = yield from query_orders(run, [owned])
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
        if refusal.kind is not OutcomeClass.NOT_AMENDABLE:
            run.decide(f"⏸️ TP{intent.level} was not amended ({refusal.code}): it stays as it is")
            return _unchangeable(run, intent)
        run.decide(
            f"♻️ TP{intent.level} cannot be amended ({refusal.code}): a new order will replace it"
        )
        return Refusals(not_amendable=frozenset({owned.order_id}))
    return NOTHING_REFUSED


def resolve_duplicates(run: Run, taken: Sequence[tuple[Intent, Refused]]) -> Flow[Refusals]:
    """110072: the exchange knows the ids already; the orders that carry them are looked up.

    A live order is ours and is adopted; the next read decides whether it must be amended. The fill
    of a closed order counts. Where the order is not ours, the next place uses a new id. One that is
    found nowhere for as long as reads may lag exists all the same, as the exchange says: it is on
    record as open, and has vanished. All are looked up together: waiting for one after the other
    would take the run as much longer, with as many more requests.
    """
    lasting = [intent for intent, refusal in taken if _is_lasting(run, intent, refusal)]
    refusals = NOTHING_REFUSED
    for intent in lasting:
        refusals |= _is_not_placed(intent)
    new = [run.owned(intent) for intent, _ in taken if intent not in lasting]
    answers = (yield from query_orders(run, new, patient=True)) if new else Answers({})
    for intent, refusal in taken:
        link_id = intent.order_link_id
        became, is_vanished = answers.orders.get(link_id), link_id in answers.vanished
        _duplicate(run, intent, refusal, became, is_vanished=is_vanished)
    _wait_again(run, frozenset(intent.order_link_id for intent, _ in taken))
    return refusals


def _wait_again(run: Run, known: frozenset[str]) -> None:
    """Waits again for places that the run gave up, where the exchange knows one that it did.

    By then no read can have lagged behind their requests any more. So the lists lacked the row of
    that one for longer, and may have lacked those of the others. The next complete read decides.
    """
    ended = [w for w in run.writes if w.operation is Operation.PLACE and w.detail == NOT_DONE]
    if known.isdisjoint(write.order_link_id for write in ended):
        return
    for write in [each for each in ended if each.order_link_id not in known]:
        order = run.record.order(order_link_id=write.order_link_id)
        if order is not None and order.status is OwnedStatus.REJECTED:
            part = run.record.free_part(order.level)
            waits = replace(order, status=OwnedStatus.PENDING_NEW, part=part)
            run.record = run.record.with_order(waits)
            run.settle(write, IntentStatus.UNKNOWN, "the lists lacked rows")
            run.decide(f"👻 {order.order_link_id} may rest all the same: the lists lacked rows")


def _duplicate(
    run: Run,
    intent: Intent,
    refusal: Refused,
    became: OwnedOrder | None,
    *,
    is_vanished: bool,
) -> None:
    owned = run.owned(intent)
    if is_vanished:
        rests = _as_sent_before(run, intent, replace(owned, status=OwnedStatus.OPEN))
        run.record = run.record.with_order(rests)
        run.decide(f"👻 {owned.order_link_id} is taken, but its order is in no list")
        intent = replace(intent, covers=rests.quantity)
        run.settle(intent, IntentStatus.RESOLVED, "the order is in no list", refusal.code)
        return
    if became is None:
        run.settle(intent, IntentStatus.UNKNOWN, refusal.message, refusal.code)
        return
    if became.status is OwnedStatus.OPEN:
        # It was asked for at the price that it has: by the request that the exchange accepted.
        run.record = run.record.with_order(replace(became, asked_price=became.price))
        run.settle(intent, IntentStatus.RESOLVED, "the order already rests: adopted", refusal.code)
        run.decide(f"🤝 {owned.order_link_id} already rests: adopted")
        return
    run.settle(intent, IntentStatus.RESOLVED, _end_of(became), refusal.code)


def _as_sent_before(run: Run, refused: Intent, owned: OwnedOrder) -> OwnedOrder:
    """The order as the requests before asked for it: one of them took the id, not the refused one.

    Where they asked for different quantities, it counts with the largest (promise P3).
    """
    before = max(
        (
            (each.quantity, each.price)
            for each in run.writes
            if each.operation is Operation.PLACE
            and each.order_link_id == owned.order_link_id
            and each.id != refused.id
            and not each.status.had_no_effect
            and each.quantity is not None
            and each.price is not None
        ),
        default=(owned.quantity, owned.price),
    )
    quantity, price = before
    return replace(owned, quantity=quantity, price=price, asked_price=price)


def _general_refusal(refusal: Refused) -> Refusals | None:
    """What a refusal of the account or of the moment means; None for one of the order itself."""
    if refusal.kind is OutcomeClass.AUTH:
        return Refusals(key_refused=True)
    return Refusals(must_pause=True) if refusal.retry is Retry.LATER else None


def _is_lasting(run: Run, intent: Intent, answer: Refused | Unsure) -> bool:
    """Whether the command got this answer before in this run, and it is not of the moment."""
    of_the_moment = answer.kind.retry is Retry.LATER
    return not of_the_moment and run.was_answered_so(intent, answer.code)


def _stays(run: Run, intent: Intent) -> Refusals:
    """The order of an amend that is not sent again in this run."""
    run.decide(f"⏸️ TP{intent.level}: the same answer twice: it stays as it is in this run")
    return _unchangeable(run, intent)


def _unchangeable(run: Run, intent: Intent) -> Refusals:
    order = run.owned(intent)
    moves = intent.price not in (None, intent.price_before)
    return Refusals(
        unchangeable=frozenset({(order.order_id, order.price)}),
        immovable=frozenset({order.order_id} if moves else ()),
    )


def _is_not_placed(intent: Intent) -> Refusals:
    """The level part of a place that is not sent again in this run."""
    return Refusals(unplaceable=frozenset({(intent.level, intent.part)}))


def _no_room(run: Run, intent: Intent, refusal: Refused) -> Refusals:
    """110017: the position has no room for the order; the next read shows why."""
    run.settle(intent, IntentStatus.REFUSED, refusal.message, refusal.code)
    return Refusals(no_room=frozenset({intent.id}))


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
