"""What somebody else changed of our orders at the exchange, and what follows: pure functions.

A person drags a TP in the app, or cancels it; so does another program. Which changes are ours the
writes tell that may have caused them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..model.errors import LadderError
from ..model.identity import Side
from ..model.instrument import plain
from ..model.intent import Intent
from ..model.ladder import Ladder, level_name
from ..model.record import MonitorRecord, OwnedOrder, OwnedStatus

EXCHANGE = "exchange"
"""Where a ladder is from whose prices were changed at the exchange."""


class ByHand(StrEnum):
    """What to do about a TP whose price somebody else changed at the exchange.

    ``restore``: put it back to the ladder's price. ``adopt``: take its price into the ladder; the
    shares stay the ladder's. Quantities are the ladder's in both cases, and what was cancelled is
    placed again. ``pause``: leave every change as it is, and pause the monitor until a person
    resumes it.
    """

    RESTORE = "restore"
    ADOPT = "adopt"
    PAUSE = "pause"


class Hand(StrEnum):
    """What was done to an order."""

    MOVED = "moved"
    RESIZED = "resized"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HandChange:
    """One change of an order of ours by somebody else.

    Attributes:
        before: price or quantity before.
        after: the same as a read has shown it; 0 of an order that was cancelled.
    """

    hand: Hand
    level: int
    order_link_id: str
    before: Decimal
    after: Decimal

    @property
    def text(self) -> str:
        """Such as ``somebody else moved TP2 from 0.64 to 0.65``."""
        name = level_name(self.level, self.order_link_id)
        if self.hand is Hand.CANCELLED:
            return f"somebody else cancelled {name}"
        verb = "moved" if self.hand is Hand.MOVED else "resized"
        return f"somebody else {verb} {name} from {plain(self.before)} to {plain(self.after)}"


def hand_changes(
    before: OwnedOrder, now: OwnedOrder, own: Iterable[Intent]
) -> tuple[HandChange, ...]:
    """What somebody else changed of an order that both states show open.

    Values that a write of ours asked for are our own, however late it took effect. Until a write is
    settled, so is any other price, which the exchange may have clipped, and a smaller quantity,
    which it may have cut to the position: also of an order that nothing has shown before, of which
    on record is only what was sent, maybe long ago.

    Args:
        before: the order as it was on record.
        now: the order as a read shows it.
        own: writes that may have caused the change; those of other orders do not count.
    """
    if not (before.status is now.status is OwnedStatus.OPEN):
        return ()
    asked = [intent for intent in own if intent.order_link_id == before.order_link_id]
    changes: list[HandChange] = []
    if now.price not in (before.price, before.asked_price) and not any(
        intent.price == now.price or (intent.price is not None and intent.status.is_open)
        for intent in asked
    ):
        changes.append(_change(Hand.MOVED, before, before.price, now.price))
    may_be_cut = not before.updated_ms and now.quantity < before.quantity
    if (
        now.quantity != before.quantity
        and not may_be_cut
        and not any(
            intent.quantity is not None
            and (intent.quantity == now.quantity or _may_be_cut(intent, now.quantity))
            for intent in asked
        )
    ):
        changes.append(_change(Hand.RESIZED, before, before.remaining, now.remaining))
    return tuple(changes)


def cancelled(order: OwnedOrder) -> HandChange:
    """That somebody else cancelled the order."""
    return _change(Hand.CANCELLED, order, order.quantity - order.filled, Decimal(0))


def repriced(record: MonitorRecord, level: int, price: Decimal) -> Ladder:
    """The ladder on record with that level at another price; the levels are numbered anew.

    A long has TPs at 0.71 and 0.72. The one at 0.71 that is moved to 0.73 is the second one then,
    and keeps its share:

    >>> from ..model.identity import MonitorKey, Role
    >>> ladder = Ladder.of(("0.71", 85), ("0.72", 15))
    >>> key = MonitorKey("main", "BANDUSDT", Side.BUY)
    >>> record = MonitorRecord(1, key, Role.MAIN, None, ladder)
    >>> [(str(one.price), str(one.share)) for one in repriced(record, 1, Decimal("0.73")).levels]
    [('0.72', '15'), ('0.73', '85')]

    Raises:
        LadderError: another level has that price, it is on the losing side of the entry, or the
            level has several orders.
    """
    side, ladder = record.key.side, record.ladder
    if ladder is None or ladder.level(level) is None:
        raise LadderError(f"there is no level {level}")
    if sum([order.level == level for order in record.resting]) > 1:
        raise LadderError(f"TP{level} has several orders")
    pairs = [(price if one.number == level else one.price, one.share) for one in ladder.levels]
    made = Ladder.of(*sorted(pairs, reverse=side is Side.SELL), runner=ladder.runner)
    own = [one.number for one in made.levels if one.price == price]
    made.check_side(side, record.entry_price, own)
    return made


def new_numbers(before: Ladder, after: Ladder, level: int, price: Decimal) -> dict[int, int]:
    """The number of each level in a ladder of :func:`repriced`, by its number before.

    >>> before, after = Ladder.of(("0.71", 85), ("0.72", 15)), Ladder.of(("0.72", 15), ("0.73", 85))
    >>> new_numbers(before, after, 1, Decimal("0.73"))
    {1: 2, 2: 1}
    """
    at = {one.price: one.number for one in after.levels}
    return {one.number: at[price if one.number == level else one.price] for one in before.levels}


def what_became(change: HandChange, record: MonitorRecord, placed: Collection[str] = ()) -> str:
    """What the run did about it, as far as the record shows it to be done, for people.

    Args:
        change: what somebody else did.
        record: at the run's end.
        placed: link ids of the orders that the run placed.
    """
    order = record.order(order_link_id=change.order_link_id)
    is_open = order is not None and order.status is OwnedStatus.OPEN
    if change.hand is Hand.CANCELLED:
        own = (one for one in record.orders if one.order_link_id in placed and one.remaining)
        again = change.level > 0 and any(one.level == change.level for one in own)
        return f"{change.text}: placed again" if again else change.text
    if order is None or not is_open:
        return change.text
    now = order.price if change.hand is Hand.MOVED else order.remaining
    return f"{change.text}: put back" if now == change.before else change.text


def _change(hand: Hand, order: OwnedOrder, before: Decimal, after: Decimal) -> HandChange:
    return HandChange(hand, order.level, order.order_link_id, before, after)


def _may_be_cut(intent: Intent, quantity: Decimal) -> bool:
    return intent.status.is_open and intent.quantity is not None and quantity < intent.quantity
