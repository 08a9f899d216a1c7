"""Confirming writes by reads: an acknowledgement only says that a request was received."""

from dataclasses import replace
from decimal import Decimal

from ...domain.model.commands import Operation
from ...domain.model.instrument import plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.ladder import HUNDRED
from ...domain.model.observation import Observation, Reading, Unknown
from ...domain.model.order import CancelReason, Closure
from ...domain.model.record import OwnedOrder, OwnedStatus
from ...domain.ports import Moment
from .findings import NOTHING_REFUSED, Findings, Refusals
from .intents import end_superseded
from .run import Run
from .snapshot import read_snapshot


def confirm(run: Run, found: Findings) -> tuple[Reading, Findings]:
    """Reads until every open intent has taken effect or the grace time is over.

    Where every accepted amend is shown and the cover exceeds the position, waiting is of no use:
    a part of the batch was refused or cut, and the next round corrects it.

    Returns:
        The last read, and what the run knows after it.
    """
    reading: Reading = Unknown(run.key.account, run.now(), "not read")
    for _ in run.tries(run.settings.grace):
        since = run.moment()
        reading, found = read_snapshot(run, found)
        if not isinstance(reading, Observation):
            break
        found = apply_effects(run, found)
        found = replace(found, seen=reading, seen_at=since)
        unseen = any(may_be_unseen(run, found, intent, since) for intent in run.open_intents())
        if run.record.covered > run.record.position_size and not unseen:
            break
        if all(_is_unseen_place(run, intent) for intent in run.open_intents()):
            break
    for intent in run.open_intents():
        if intent.status is IntentStatus.PLANNED:
            run.settle(intent, IntentStatus.UNKNOWN, "no read has shown its effect", intent.code)
    return reading, found


def _is_unseen_place(run: Run, intent: Intent) -> bool:
    """Whether it is a place that no read has shown: its look-up took the grace time already."""
    owned = run.record.order(order_link_id=intent.order_link_id)
    return (
        intent.operation is Operation.PLACE
        and owned is not None
        and owned.status is OwnedStatus.PENDING_NEW
    )


def apply_effects(run: Run, found: Findings) -> Findings:
    """Settles every open intent whose effect the record's orders show.

    What became of an earlier run's write refuses nothing in this one: the place of an order that
    the exchange closed since is free again.
    """
    refusals = NOTHING_REFUSED
    inherited = {intent.id for intent in run.inherited}
    for intent in (*run.inherited, *run.open_intents()):
        owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if owned is None or not intent.status.is_open:
            continue
        refused = _apply_effect(run, found, intent, owned)
        if intent.id not in inherited:
            refusals |= refused
    end_superseded(run)
    return found.refused(refusals)


def _apply_effect(run: Run, found: Findings, intent: Intent, owned: OwnedOrder) -> Refusals:
    match intent.operation:
        case Operation.AMEND:
            return _apply_amend(run, intent, owned, found.before.get(owned.order_link_id))
        case Operation.PLACE:
            return _apply_place(run, intent, owned, run.why_closed.get(owned.order_link_id))
        case Operation.CANCEL:
            if not owned.status.may_rest:
                run.settle(intent, IntentStatus.CONFIRMED)
            return NOTHING_REFUSED


def may_be_unseen(run: Run, found: Findings, intent: Intent, since: Moment) -> bool:
    """Whether a read that began at ``since`` may show the order from before this amend or cancel.

    An order that is shown with other values than before has changed, if not as asked.
    """
    lag = run.settings.grace if is_acknowledged(intent) else run.in_flight_for
    recent = run.age(intent, since) < lag
    if intent.operation is Operation.PLACE or not intent.status.is_open or not recent:
        return False
    owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
    if owned is None or not owned.status.may_rest:
        return False
    before = found.before.get(intent.order_link_id)
    if before is None or intent.operation is Operation.CANCEL:
        return True
    return (owned.price, owned.quantity) == (before.price, before.quantity)


def is_acknowledged(intent: Intent) -> bool:
    """Whether the exchange accepted the write, and no read has confirmed it."""
    return intent.status is IntentStatus.SENT


def settle_by_read(run: Run, found: Findings) -> Findings:
    """Settles, after a complete read, the open intents of this run and of earlier ones.

    An amend or cancel whose effect the read does not show counts as not done, and the plan decides
    again. A place that no read has shown stays open: the plan sends it again under its id.
    """
    found = apply_effects(run, found)
    in_flight = dict(found.in_flight)
    for intent in (*run.inherited, *run.open_intents()):
        if intent.status.is_open and intent.operation is not Operation.PLACE:
            if may_be_unseen(run, found, intent, run.moment()):
                in_flight[intent.order_link_id] = intent
            run.settle(
                intent, IntentStatus.RESOLVED, "the request did not take effect", intent.code
            )
    return replace(found, in_flight=in_flight)


def _apply_amend(
    run: Run, intent: Intent, owned: OwnedOrder, before: OwnedOrder | None
) -> Refusals:
    if not owned.status.may_rest:
        run.settle(intent, IntentStatus.RESOLVED, f"the order had filled {plain(owned.filled)}")
        return NOTHING_REFUSED
    if intent.quantity is not None and owned.quantity != intent.quantity:
        grew = before is not None and before.quantity < owned.quantity < intent.quantity
        return _cut(run, intent, owned) if grew else NOTHING_REFUSED
    if intent.price is not None and owned.price == intent.price != owned.asked_price:
        run.record = run.record.with_order(replace(owned, asked_price=intent.price))
    if intent.price is not None and owned.price != intent.price:
        if before is None or owned.price == before.price:
            return NOTHING_REFUSED
        # The exchange clipped the price (docs/v5/account/set-price-limit.mdx): accepted.
        run.record = run.record.with_order(replace(owned, asked_price=intent.price))
        _note_clipped(run, owned, intent.price)
    _confirmed(run, intent)
    return NOTHING_REFUSED


def _apply_place(run: Run, intent: Intent, owned: OwnedOrder, closure: Closure | None) -> Refusals:
    match owned.status:
        case OwnedStatus.OPEN | OwnedStatus.FILLED:
            if owned.quantity == intent.quantity and owned.price != owned.asked_price:
                _note_clipped(run, owned, owned.asked_price)
            if owned.quantity != intent.quantity:
                # With another price, too, another request made it: the plan moves it.
                run.record = run.record.with_order(replace(owned, asked_price=owned.price))
                # The exchange cut the order to the position on arrival, or a human changed it.
                run.settle(
                    intent, IntentStatus.RESOLVED, f"the order rests with {plain(owned.quantity)}"
                )
                return _cut(run, intent, owned)
            _confirmed(run, intent)
        case OwnedStatus.CANCELLED:
            # The position moved, a human cancelled the order, or the reason is no longer known: the
            # next round may place it again.
            why = closure.text if closure else ""
            refused = closure is not None and closure.reason is CancelReason.OTHER
            status = IntentStatus.REFUSED if refused else IntentStatus.RESOLVED
            run.settle(intent, status, f"closed by the exchange {why}".strip())
            if refused:
                return Refusals(unplaceable=frozenset({(intent.level, intent.part)}))
        case OwnedStatus.REJECTED:
            run.settle(
                intent,
                IntentStatus.RESOLVED,
                "the order link id is taken: the next place uses a new one",
            )
        case OwnedStatus.PENDING_NEW:
            pass
    return NOTHING_REFUSED


def _cut(run: Run, intent: Intent, owned: OwnedOrder) -> Refusals:
    """The position had no room for all that was asked for; unless another write asked for this."""
    asked = [each.quantity for each in run.writes if each.order_link_id == owned.order_link_id]
    if owned.quantity in asked:
        return NOTHING_REFUSED
    return Refusals(no_room=frozenset({intent.id}))


def _note_clipped(run: Run, owned: OwnedOrder, asked: Decimal) -> None:
    change = f"from {plain(asked)} to {plain(owned.price)}"
    run.note(f"TP{owned.level}: the exchange changed the price {change}")


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
