"""Confirming writes by reads: an acknowledgement only says that a request was received."""

from decimal import Decimal

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO, plain, short
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.ladder import HUNDRED
from ...domain.model.observation import Observation, Reading, Unknown
from ...domain.model.record import OwnedOrder
from ...domain.planning.pending import PendingStatus
from ...domain.tracking.settling import NOT_DONE, Settlement, may_show_another, settled, superseded
from .findings import NOTHING_REFUSED, Findings, Refusals
from .run import Run
from .snapshot import read_snapshot


def confirm(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    """Reads until every open intent has taken effect or the grace time is over.

    An order that was sent and that no read has shown is not waited for: its look-up took the grace
    time already. Where every accepted amend is shown and the cover exceeds the position, waiting is
    of no use: a part of the batch was refused or cut, and the next round corrects it.

    Returns:
        The last read, and what the run knows after it.
    """
    reading: Reading = Unknown(run.key.account, run.now(), "not read")
    tries = run.tries("the writes are not shown yet", run.settings.grace)
    while (yield from tries.another()):
        reading, found = yield from read_snapshot(run, found)
        if not isinstance(reading, Observation):
            # What an earlier try read is no longer what is known.
            found = replace(found, seen=None)
            break
        found = replace(settle_by_read(run, found), seen=reading)
        open_ids = {intent.id for intent in run.open_intents()}
        changing = any(
            change.status is not PendingStatus.NEW
            and any(write.id in open_ids for write in change.writes)
            for change in run.pending.values()
        )
        if not changing or (run.record.covered > run.record.position_size and _is_shown(run)):
            break
    for intent in run.open_intents():
        if intent.status is IntentStatus.PLANNED:
            run.settle(intent, IntentStatus.UNKNOWN, "no read has shown its effect", intent.code)
    return reading, found


def _is_shown(run: Run) -> bool:
    """Whether the read shows each order of this run's open writes otherwise than they found it."""
    return all(
        change.order.remaining != write.covered
        for change in run.pending.values()
        for write in change.writes
        if write.run_id == run.id
    )


def settle_by_read(run: Run, found: Findings) -> Findings:
    """Settles, after a complete read, the open intents of this run and of earlier ones.

    What the read does not show counts as not done only once reads can no longer lag behind it;
    until then the intent stays open. What became of an earlier run's write refuses nothing in this
    one: the place of an order that the exchange closed since is free again.
    """
    refusals = NOTHING_REFUSED
    in_vain: set[str] = set()
    inherited = {intent.id for intent in run.inherited}
    for intent in run.writes:
        owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if not intent.status.is_open:
            continue
        if owned is None:
            # Its order ended with the last position.
            if run.is_over(intent):
                run.settle(intent, IntentStatus.RESOLVED, NOT_DONE, intent.code)
            continue
        became = settled(
            intent, owned, _others(run, intent), run.why_closed.get(owned.order_link_id)
        )
        is_over = run.is_over(intent)
        waits = may_show_another(intent, run.writes)
        if became is not None and (is_over or not (waits or _is_older(run, intent, became))):
            refused = _settle(run, intent, became)
            refusals |= NOTHING_REFUSED if intent.id in inherited else refused
        elif is_over:
            in_vain |= {intent.id} if _was_to_grow(intent) else set()
            run.settle(intent, IntentStatus.RESOLVED, NOT_DONE, intent.code)
        elif _was_changed_before(intent, owned):
            run.was_seen(intent, owned)
    end_superseded(run)
    return found.refused(refusals | Refusals(in_vain=frozenset(in_vain)))


def _is_older(run: Run, amend: Intent, became: Settlement) -> bool:
    """Whether what seems to be a cut is from before the amend: a change that reads had not shown.

    By the exchange's clock alone: the order last changed before the read that led to the amend.
    """
    decided_ms = run.decided_ms.get(amend.id, 0)
    is_amend = amend.operation is Operation.AMEND
    return is_amend and became.is_cut and 0 < became.order.updated_ms < decided_ms


def _was_to_grow(intent: Intent) -> bool:
    """Whether the exchange accepted that an order grows."""
    grows = intent.operation is Operation.AMEND and intent.covers > intent.covered
    return grows and intent.status is IntentStatus.SENT


def settle_ended(run: Run) -> None:
    """Settles the open amends and cancels of orders that have ended: nothing changes them now."""
    for intent in run.writes:
        owned = run.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if owned is None or owned.status.may_rest or not intent.status.is_open:
            continue
        became = settled(intent, owned, (), None)
        if became is not None and intent.operation is not Operation.PLACE:
            run.settle(intent, became.status, became.detail, intent.code)


def end_superseded(run: Run) -> None:
    """Ends the open writes that a later one of the same order stands for."""
    for intent in superseded(run.writes):
        run.settle(intent, IntentStatus.RESOLVED, "superseded by a later intent", intent.code)


def _was_changed_before(intent: Intent, order: OwnedOrder) -> bool:
    """Whether the read shows what an earlier write of ours did, and this one may still do more.

    The next run does not know the earlier write any more, once it is settled.
    """
    before = intent.price_before, intent.quantity_before
    return intent.operation is Operation.AMEND and before != (order.price, order.quantity)


def _others(run: Run, intent: Intent) -> list[Intent]:
    """Other writes of the same order that may have had an effect."""
    return [
        each
        for each in run.writes
        if each.order_link_id == intent.order_link_id
        and each.id != intent.id
        and not each.status.had_no_effect
    ]


def _settle(run: Run, intent: Intent, became: Settlement) -> Refusals:
    """Puts into the record what became of the write; returns what that refuses."""
    run.record = run.record.with_order(became.order)
    if became.clipped_from is not None:
        _note_clipped(run, became.order, became.clipped_from)
    if became.status is IntentStatus.CONFIRMED and intent.operation is not Operation.CANCEL:
        _confirmed(run, intent, became.order)
    else:
        run.settle(intent, became.status, became.detail)
    if became.status is IntentStatus.REFUSED:
        return Refusals(unplaceable=frozenset({(intent.level, intent.part)}))
    return Refusals(no_room=frozenset({intent.id})) if became.is_cut else NOTHING_REFUSED


def _note_clipped(run: Run, owned: OwnedOrder, asked: Decimal) -> None:
    change = f"from {plain(asked)} to {plain(owned.price)}"
    run.note(f"TP{owned.level}: the exchange changed the price {change}")


def _confirmed(run: Run, intent: Intent, order: OwnedOrder) -> None:
    """Says what the order covers now; of a new one that has filled already, that it has."""
    share, filled = "", order.filled if intent.operation is Operation.PLACE else ZERO
    at_once = f"{plain(filled)} of it filled at once" if filled else ""
    if filled and order.value is not None:
        at_once += f" at {short(order.value / filled)}"
    run.settle(intent, IntentStatus.CONFIRMED, at_once)
    if at_once:
        share = f", {at_once}"
    elif run.record.position_size:
        percent = (HUNDRED * intent.covers / run.record.position_size).quantize(Decimal(1))
        share = f" ({plain(percent)}% of {plain(run.record.position_size)})"
    run.decide(
        f"✅ TP{intent.level} REBALANCED SUCCESSFULLY: "
        f"{plain(intent.covered)} → {plain(intent.covers)}{share}"
    )
