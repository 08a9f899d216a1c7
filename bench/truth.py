"""When ladders became true, by the exchange's own books and in real time."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Condition

from trueup.simulator import Change, SimOrder, SimPosition

from .scene import Place

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Truth:
    """What happened to one position after it grew.

    Attributes:
        seconds: from the fill until its take-profits covered it exactly.
        naked: quantity-seconds of what writes had taken off the book: the highest cover so far less
            the present one.
        uncovered: quantity-seconds without cover, beginning with the fill.
    """

    seconds: Decimal
    naked: Decimal
    uncovered: Decimal


@dataclass(slots=True)
class _Watched:
    """One position, its cover, and the sums since it last grew."""

    size: Decimal = _ZERO
    leaves: dict[str, Decimal] = field(default_factory=dict)
    cover: Decimal = _ZERO
    highest: Decimal = _ZERO
    grown_at: float = 0.0
    then: float = 0.0
    true_at: float | None = None
    naked: Decimal = _ZERO
    uncovered: Decimal = _ZERO

    def pass_time(self, now: float) -> None:
        seconds = Decimal(now - self.then)
        self.then = now
        if self.true_at is None:
            self.naked += (min(self.highest, self.size) - min(self.cover, self.size)) * seconds
            self.uncovered += max(self.size - self.cover, _ZERO) * seconds

    def grow(self, size: Decimal, now: float) -> None:
        self.size = size
        if self.true_at is not None:
            self.naked = self.uncovered = _ZERO
            self.highest = self.cover
            self.grown_at, self.true_at = now, None

    def take(self, order: SimOrder) -> None:
        if order.status.is_open:
            self.leaves[order.order_id] = order.leaves
        else:
            self.leaves.pop(order.order_id, None)
        self.cover = sum(self.leaves.values(), _ZERO)
        self.highest = max(self.highest, self.cover)


class Truths:
    """Listens to a simulator; a position that grew is true again once it is covered."""

    def __init__(self) -> None:
        self._watched: dict[Place, _Watched] = {}
        self._changed = Condition()

    def hear(self, changes: tuple[Change, ...]) -> None:
        """Takes the changes of one effect."""
        now = time.perf_counter()
        touched: set[Place] = set()
        with self._changed:
            for change in changes:
                subject = change.subject
                if not isinstance(subject, SimOrder | SimPosition):
                    continue
                place = Place(change.uid, subject.symbol)
                one = self._watched.setdefault(place, _Watched())
                if place not in touched:
                    one.pass_time(now)
                    touched.add(place)
                if isinstance(subject, SimPosition):
                    one.grow(subject.size, now)
                elif subject.reduce_only:
                    one.take(subject)
            if any(self._settles(self._watched[place], now) for place in touched):
                self._changed.notify_all()

    def wait(self, places: Iterable[Place], patience_s: float) -> list[Truth]:
        """Waits until all of them are true; returns what happened to each.

        Raises:
            TimeoutError: they were not true in time.
        """
        wanted = [self._watched[place] for place in places]
        with self._changed:
            if not self._changed.wait_for(lambda: _are_true(wanted), patience_s):
                left = sum(one.true_at is None for one in wanted)
                raise TimeoutError(f"{left} of {len(wanted)} ladders did not become true")
            return [
                Truth(Decimal((one.true_at or 0) - one.grown_at), one.naked, one.uncovered)
                for one in wanted
            ]

    @staticmethod
    def _settles(one: _Watched, now: float) -> bool:
        if one.true_at is not None or one.cover != one.size:
            return False
        one.true_at = now
        return True


def _are_true(wanted: list[_Watched]) -> bool:
    return all(one.true_at is not None for one in wanted)
