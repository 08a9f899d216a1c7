"""What somebody else changed of our orders, or of the stop: noted, and followed where asked for."""

from dataclasses import replace
from functools import partial

from ...domain.flow import Flow, ask
from ...domain.model.commands import Operation
from ...domain.model.errors import LadderError
from ...domain.model.instrument import plain
from ...domain.model.observation import Observation, OrdersUnread
from ...domain.model.order import Position
from ...domain.model.record import MonitorRecord, OwnedOrder
from ...domain.planning.remap_levels import renumber_levels
from ...domain.protection.adopting import with_adopted_stop
from ...domain.protection.following import follow
from ...domain.recognition.by_hand import (
    EXCHANGE,
    ByHand,
    Hand,
    HandChange,
    cancelled,
    hand_changes,
    new_numbers,
    repriced,
    what_became,
)
from ...domain.recognition.contest import change_by_others
from .run import Run


def follow_changes(run: Run, shown: MonitorRecord) -> MonitorRecord:
    """Reports what a read shows changed of the orders on record: by fills, or by others.

    Args:
        run: its record has the orders as they were.
        shown: the record with the orders as the read shows them.

    Returns:
        The same, with the prices in its ladder that are adopted.
    """
    record, own = shown, (*run.writes, *run.ports.unanswered.writes())
    run.has_followed()
    for owned in shown.resting:
        before = run.record.order(order_link_id=owned.order_link_id)
        if before is None or before == owned:
            continue
        changes = hand_changes(before, owned, own)
        followed = _adopting(run, record, owned, changes)
        record = followed or record
        left = [each for each in changes if not (followed and each.hand is Hand.MOVED)]
        run.by_hand.extend(left)
        if left or followed is None:
            run.saw_change(change_by_others(before, owned, own))
        if owned.filled > before.filled:
            run.decide(f"💰 TP{owned.level} filled: {owned.filled} of {owned.quantity}")
    return record


def follow_stop(run: Run, position: Position, reading: Observation | OrdersUnread) -> None:
    """Puts what the read shows of the position's stop into the record; adopts it where asked."""
    adopts = run.settings.recognition.adopt_stops
    had, record = run.record.stop, with_adopted_stop(run.record, position, adopts=adopts)
    run.record = record
    if record.stop is None:
        return
    if record.wants_stop and (had is None or had.ended is not None):
        run.decide(f"🛡️ The stop that rests is adopted: {position.stop}")
    orders = reading.orders_of(run.key.symbol) if isinstance(reading, Observation) else None
    followed = follow(record.stop, position, record.cycle, record.entry_price, orders)
    run.record = replace(record, stop=followed.stop)
    if followed.change and record.wants_stop:
        run.decide(f"👥 {followed.change}")


def pause_for_changes(run: Run) -> Flow[str]:
    """Pauses the monitor for what others changed, where that is asked for.

    Returns:
        Why no write may leave for the monitor; empty if it may.
    """
    if run.settings.by_hand is not ByHand.PAUSE or not run.by_hand:
        return ""
    reason = "; ".join(dict.fromkeys(change.text for change in run.by_hand))
    yield from ask(partial(run.ports.pause, reason))
    return run.ports.stopped()


def note_cancelled(run: Run, order: OwnedOrder, text: str) -> None:
    """Notes that somebody else cancelled an order; nothing where the text is empty."""
    run.saw_change(text)
    if text:
        run.by_hand.append(cancelled(order))


def report_changes(run: Run) -> None:
    """Says at the run's end what others changed, and what became of it."""
    placed = [one.order_link_id for one in run.intents if one.operation is Operation.PLACE]
    for change in run.by_hand:
        run.note(what_became(change, run.record, placed))


def _adopting(
    run: Run, record: MonitorRecord, owned: OwnedOrder, changes: tuple[HandChange, ...]
) -> MonitorRecord | None:
    """The record whose ladder has the order's new price; None where it is not to be adopted."""
    moved = [each for each in changes if each.hand is Hand.MOVED]
    if run.settings.by_hand is not ByHand.ADOPT or not moved or record.ladder is None:
        return None
    try:
        ladder = repriced(record, owned.level, owned.price)
    except LadderError as error:
        run.note(f"the price {plain(owned.price)} is not adopted: {error.message}")
        return None
    run.decide(f"🪜 {moved[0].text}: the ladder follows")
    run.warn(f"{moved[0].text}: the ladder follows")
    before = record.instead_of or record.ladder
    numbers = new_numbers(record.ladder, ladder, owned.level, owned.price)
    return replace(renumber_levels(record, ladder, EXCHANGE, numbers), instead_of=before)
