"""When stops were where they had to be, by the exchange's own books and in real time."""

import time
from collections.abc import Iterable
from decimal import Decimal
from threading import Condition

from trueup.simulator import Change, SimOrder

from .scene import Place


class StopTimes:
    """Listens to a simulator: where the stop of each short position is, and since when."""

    def __init__(self) -> None:
        self._began: dict[Place, float] = {}
        self._at: dict[Place, tuple[Decimal, float]] = {}
        self._changed = Condition()

    def begin(self, place: Place) -> None:
        """Starts the watch for a position."""
        self._began[place] = time.perf_counter()

    def hear(self, changes: tuple[Change, ...]) -> None:
        """Takes the changes of one effect."""
        now = time.perf_counter()
        with self._changed:
            for change in changes:
                order = change.subject
                if not isinstance(order, SimOrder) or not order.reduce_only:
                    continue
                if order.trigger_price and order.status.is_open:
                    self._move(Place(change.uid, order.symbol), order.trigger_price, now)
            self._changed.notify_all()

    def wait(self, places: Iterable[Place], where: Decimal, patience_s: float) -> Decimal:
        """Waits until their stops are there or nearer; returns the last one's seconds.

        Raises:
            TimeoutError: one was not there in time.
        """
        wanted = list(places)
        with self._changed:
            if not self._changed.wait_for(lambda: self._are_there(wanted, where), patience_s):
                raise TimeoutError(f"not every stop came to {where}")
            return max(Decimal(self._at[one][1] - self._began.get(one, 0)) for one in wanted)

    def _are_there(self, places: list[Place], where: Decimal) -> bool:
        return all(one in self._at and self._at[one][0] <= where for one in places)

    def _move(self, place: Place, price: Decimal, now: float) -> None:
        if place not in self._at or self._at[place][0] != price:
            self._at[place] = price, now
