"""Confirming by a read what acknowledgements only promised."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ...domain.model.commands import Operation
from ...domain.model.instrument import plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.ladder import HUNDRED
from ...domain.model.observation import Observation, Reading, Unknown
from ...domain.model.record import OwnedOrder, OwnedStatus
from ...domain.planning.plan import Plan
from .findings import NOTHING_REFUSED, Findings, Refusals
from .intents import any_place_in_flight
from .run import Run
from .snapshot import read_snapshot


def confirm(run: Run, found: Findings) -> tuple[Reading, Findings]:
    """Reads until every open intent has taken effect or the grace time is over.

    Cover above the position is not waited on where every amend that was taken is shown: a part
    of the batch was refused or cut, and the next round brings it back.

    Returns:
        The last read, and what the run knows after it.
    """
    reading: Reading = Unknown(run.key.account, run.now(), "not read")
    for _ in run.tries(run.settings.grace):
        since = run.now()
        reading, found = read_snapshot(run, found)
        if not isinstance(reading, Observation):
            break
        found = apply_effects(run, found)
        unseen = any(_may_be_unseen(run, found, intent, since) for intent in run.open_intents())
        if run.record.covered > run.record.position_size and not unseen:
            break
        if all(_is_unseen_place(run, intent) for intent in run.open_intents()):
            break
    for intent in run.open_intents():
        if intent.status in (IntentStatus.PLANNED, IntentStatus.SENT):
            run.settle(intent, IntentStatus.UNKNOWN, "not seen to take effect", intent.code)
    return reading, found


def _is_unseen_place(run: Run, intent: Intent) -> bool:
    """A place that was not seen: the grace time was spent on looking it up."""
    owned = run.record.order(order_link_id=intent.order_link_id)
    return (
        intent.operation is Operation.PLACE
        and owned is not None
        and owned.status is OwnedStatus.PENDING_NEW
    )


def apply_effects(run: Run, found: Findings) -> Findings:
    """Settles every open intent whose effect the record's orders show."""
    refusals = NOTHING_REFUSED
    for intent in (*run.inherited, *run.open_intents()):
        owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if owned is None or not intent.status.is_open:
            continue
        if intent.operation is Operation.AMEND:
            _apply_amend(run, intent, owned, found.before.get(owned.order_link_id))
        elif intent.operation is Operation.PLACE:
            why_closed = found.why_closed.get(owned.order_link_id, "")
            refusals |= _apply_place(run, intent, owned, why_closed)
        elif not owned.status.may_rest:
            run.settle(intent, IntentStatus.CONFIRMED)
    return found.refused(refusals)


def await_changes(
    run: Run,
    found: Findings,
    reading: Observation,
    since: datetime,
    plan_now: Callable[[Findings], Plan | None],
) -> tuple[Reading, Findings]:
    """Reads on while an amend or cancel, of this run or of one before, may have happened unseen.

    Reads lag behind acknowledgements: within the grace time what a read shows of such an order
    may be from before the amend, and a plan drawn from it would fight what was just done, or count
    on an order that was just cancelled. One of unknown outcome may even land later: no amend is
    waited for where the plan asks for something anyway, but the run does not call itself settled
    before.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        since: when that read began.
        plan_now: makes the plan from what is on record now; None where there can be none.

    Returns:
        The last read, and what the run knows after it.
    """
    seen: Reading = reading
    for _ in run.tries(run.settings.in_flight_for):
        if not isinstance(seen, Observation):
            break
        found = apply_effects(run, found)
        unseen = [i for i in (*run.inherited, *run.intents) if _may_be_unseen(run, found, i, since)]
        plan = plan_now(found) if unseen else None
        is_settled = plan is not None and plan.is_empty
        if not is_settled and not any(_is_close(run, i, since, plan) for i in unseen):
            break
        since = run.now()
        read = read_snapshot if all(map(_is_acknowledged, unseen)) else _read_anew
        seen, found = read(run, found)
    return seen, found


def await_places(
    run: Run, found: Findings, reading: Observation, can_act: Callable[[Findings], bool]
) -> tuple[Reading, Findings]:
    """Reads on while a place that the plan has no use for may yet come to rest.

    It would lift the cover above what a run calls done, or above the position where others grow
    meanwhile. What the plan asks for and may leave beside it leaves first.

    Args:
        run: the run.
        found: what it knows.
        reading: its last.
        can_act: whether the plan made from what is on record now asks for what may leave.

    Returns:
        The last read, and what the run knows after it.
    """
    seen: Reading = reading
    for _ in run.tries(run.settings.in_flight_for):
        if not isinstance(seen, Observation) or not any_place_in_flight(run) or can_act(found):
            break
        seen, found = _read_anew(run, found)
    return seen, found


def _read_anew(run: Run, found: Findings) -> tuple[Reading, Findings]:
    """A look that no view answers: what happened before a feed was opened it was not told."""
    run.ports.exchange.invalidate(run.key.symbol, "a write may have happened unseen")
    return read_snapshot(run, found)


def _may_be_unseen(run: Run, found: Findings, intent: Intent, since: datetime) -> bool:
    """Whether a read that began then may show the order as before: one that was cut is not."""
    lag = run.settings.grace if _is_acknowledged(intent) else run.settings.in_flight_for
    recent = since - intent.created_at < lag
    if intent.operation is Operation.PLACE or not intent.status.is_open or not recent:
        return False
    owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
    if owned is None or not owned.status.may_rest:
        return False
    before = found.before.get(intent.order_link_id)
    if before is None or intent.operation is Operation.CANCEL:
        return True
    return (owned.price, owned.quantity) == (before.price, before.quantity)


def _is_acknowledged(intent: Intent) -> bool:
    return intent.status is IntentStatus.SENT


def _is_close(run: Run, intent: Intent, since: datetime, plan: Plan | None) -> bool:
    """Whether what reads do not show yet has probably happened: nothing is done without it.

    So has, for the grace time, every cancel; and what a process was about to send when it died,
    unless the plan asks for just that again.
    """
    if _is_acknowledged(intent):
        return True
    is_new = since - intent.created_at < run.settings.grace
    if intent.operation is Operation.CANCEL:
        return is_new
    return is_new and intent.status is IntentStatus.PLANNED and not _is_again_in(plan, intent)


def _is_again_in(plan: Plan | None, intent: Intent) -> bool:
    return plan is not None and any(
        amend.order.order_link_id == intent.order_link_id
        and intent.quantity in (None, amend.order.filled + amend.target.quantity)
        and intent.price in (None, amend.target.price)
        for amend in plan.amends
    )


def settle_by_read(run: Run, found: Findings) -> Findings:
    """After a complete read: settles what earlier writes of this and other runs came to.

    An amend or cancel whose effect the read does not show did not happen; the plan decides
    anew. A place that was not seen stays open: it goes out again under its id.
    """
    found = apply_effects(run, found)
    in_flight = dict(found.in_flight)
    for intent in (*run.inherited, *run.open_intents()):
        if intent.status.is_open and intent.operation is not Operation.PLACE:
            if _may_be_unseen(run, found, intent, run.now()):
                in_flight[intent.order_link_id] = intent
            run.settle(intent, IntentStatus.RESOLVED, "did not take effect", intent.code)
    return replace(found, in_flight=in_flight)


def _apply_amend(run: Run, intent: Intent, owned: OwnedOrder, before: OwnedOrder | None) -> None:
    if not owned.status.may_rest:
        run.settle(intent, IntentStatus.RESOLVED, f"it had filled {plain(owned.filled)}")
        return
    if intent.quantity is not None and owned.quantity != intent.quantity:
        return
    if intent.price is not None and owned.price == intent.price != owned.asked_price:
        run.record = run.record.with_order(replace(owned, asked_price=intent.price))
    if intent.price is not None and owned.price != intent.price:
        if before is None or owned.price == before.price:
            return
        # The exchange clipped the price (docs/v5/account/set-price-limit.mdx): accepted.
        run.record = run.record.with_order(replace(owned, asked_price=intent.price))
        _note_clipped(run, owned, intent.price)
    _confirmed(run, intent)


def _apply_place(run: Run, intent: Intent, owned: OwnedOrder, why: str) -> Refusals:
    match owned.status:
        case OwnedStatus.OPEN | OwnedStatus.FILLED:
            if owned.price != owned.asked_price:
                _note_clipped(run, owned, owned.asked_price)
            if owned.quantity != intent.quantity:
                # Cut to the position's room on arrival, or changed by hand since.
                run.settle(intent, IntentStatus.RESOLVED, f"it rests with {plain(owned.quantity)}")
            else:
                _confirmed(run, intent)
        case OwnedStatus.CANCELLED:
            # The position moved, a hand cancelled it, or nobody says why any more: the next round
            # may place it again.
            refused = bool(why) and "ReduceOnly" not in why and "ByUser" not in why
            status = IntentStatus.REFUSED if refused else IntentStatus.RESOLVED
            run.settle(intent, status, f"closed by the exchange {why}".strip())
            if refused:
                return Refusals(unplaceable=frozenset({(intent.level, intent.part)}))
        case OwnedStatus.REJECTED:
            run.settle(intent, IntentStatus.RESOLVED, "its id is taken: a new one is drawn")
        case OwnedStatus.PENDING_NEW:
            pass
    return NOTHING_REFUSED


def _note_clipped(run: Run, owned: OwnedOrder, asked: Decimal) -> None:
    run.note(f"TP{owned.level}: the exchange moved {plain(asked)} to {plain(owned.price)}")


def _confirmed(run: Run, intent: Intent) -> None:
    run.settle(intent, IntentStatus.CONFIRMED)
    share = ""
    if run.record.position_size:
        percent = (HUNDRED * intent.covers / run.record.position_size).quantize(Decimal(1))
        share = f" ({plain(percent)}% of {plain(run.record.position_size)})"
    run.decide(
        f"✅ TP{intent.level} REBALANCED SUCCESSFULLY: "
        f"{plain(intent.covered)} → {plain(intent.covers)}{share}"
    )
