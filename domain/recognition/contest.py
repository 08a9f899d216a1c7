"""A contest: somebody else keeps changing orders that trueup owns, and trueup keeps repairing them.

A take-profit that a person drags or cancels is repaired at once. Two programs with different
ladders on one account would go on for ever: each repair of one is a change to the other. So changes
by others are counted, and from a number on the monitor's repairs keep ever longer pauses. Only what
the position asks for goes before them: a position that moved, or cover above it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ..model.commands import Operation
from ..model.instrument import plain
from ..model.intent import Intent
from ..model.ladder import level_name
from ..model.order import CancelReason, Closure
from ..model.record import MonitorRecord, OwnedOrder
from .by_hand import hand_changes


class ContestStep(StrEnum):
    """What a run did about a contest.

    ``NONE``: nothing. ``BEGAN``: it counted the change that made one. ``WAITS``: it left a repair
    to the end of the cool-down.
    """

    NONE = "none"
    BEGAN = "began"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class ContestRules:
    """When changes by others are a contest, and how far apart repairs are then.

    Attributes:
        changes: how many in a row make a contest.
        window: the longest time between two of them for the second to count as one more.
        pause: how long a repair waits at the first change of a contest; each further change
            doubles it.
        cap: the longest that it waits.
    """

    changes: int
    window: timedelta
    pause: timedelta
    cap: timedelta

    def is_contested(self, record: MonitorRecord) -> bool:
        """Whether somebody else keeps changing the monitor's orders, as far as it is on record."""
        return record.contested_at is not None and record.contests >= self.changes

    def cool_down(self, record: MonitorRecord) -> timedelta:
        """How long after the last counted change its repair waits."""
        if not self.is_contested(record):
            return timedelta(0)
        return min(self.pause * (1 << min(record.contests - self.changes, 16)), self.cap)

    def repair_at(self, record: MonitorRecord, now: datetime) -> datetime:
        """When the monitor may be repaired: now, or at the end of its cool-down.

        A time in the future was written by a clock that was wrong, and counts for nothing, here and
        in :meth:`over_at` (promise P13).
        """
        if record.contested_at is None or record.contested_at > now:
            return now
        return max(record.contested_at + self.cool_down(record), now)

    def over_at(self, record: MonitorRecord, now: datetime) -> datetime | None:
        """When the contest is over, unless another change comes before; None where there is none.

        Another engine that keeps the same cool-down as this one changes something only at the end
        of it.
        """
        if record.contested_at is None:
            return None
        if record.contested_at > now:
            return now
        return record.contested_at + max(self.window, 2 * self.cool_down(record))

    def counted(self, record: MonitorRecord, now: datetime) -> MonitorRecord:
        """The record with one more change by somebody else.

        A change during a cool-down is part of the one that is already waiting for its repair.

        With three changes for a contest, a window of 10 minutes and a pause of 30 s:

        =======================  ======================  ==============================
        changes on record        one more                the repair
        =======================  ======================  ==============================
        none                     at 0 s: the first       at once
        1, at 0 s                at 20 s: the second     at once
        2, at 20 s               at 40 s: the third      waits until 70 s
        3, at 40 s               at 60 s: not counted    still waits until 70 s
        3, at 40 s               at 71 s: the fourth     waits a minute, until 131 s
        2, at 20 s               at 700 s: a first one   at once
        =======================  ======================  ==============================
        """
        if self.repair_at(record, now) > now:
            return record
        over_at = self.over_at(record, now)
        goes_on = over_at is not None and now < over_at
        return replace(record, contests=record.contests + 1 if goes_on else 1, contested_at=now)


def change_by_others(before: OwnedOrder, now: OwnedOrder, own: Iterable[Intent]) -> str:
    """What somebody else changed of an order, see :func:`hand_changes`; empty for nothing."""
    changes = hand_changes(before, now, own)
    said = ", ".join(f"{plain(each.before)} → {plain(each.after)}" for each in changes)
    return f"{_name(before)}: {said}" if said else ""


def cancel_by_others(order: OwnedOrder, closure: Closure | None, own: Iterable[Intent]) -> str:
    """Says that somebody else cancelled an order of ours; empty where nothing proves it.

    Args:
        order: on record, which the exchange shows closed.
        closure: why, as far as the exchange says.
        own: writes that may have caused it.
    """
    if closure is None or closure.reason is not CancelReason.BY_USER:
        return ""
    if any(
        intent.operation is Operation.CANCEL and intent.order_link_id == order.order_link_id
        for intent in own
    ):
        return ""
    return f"{_name(order)}: {plain(order.quantity - order.filled)} cancelled"


def _name(order: OwnedOrder) -> str:
    """``TP1``; the link id of an order whose level the ladder no longer has."""
    return level_name(order.level, order.order_link_id)
