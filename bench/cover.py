"""How much of a position is uncovered while a job runs, by the exchange's own books."""

from decimal import Decimal
from types import TracebackType
from typing import Self

from .measurement import Kind, Sample
from .world import SIDE, SYMBOL, UID, MeteredSimulator

_ZERO = Decimal(0)
_MS_A_SECOND = 1000

UNCOVERED_REQUESTS = Kind("uncovered", "qty·requests")
UNCOVERED_SECONDS = Kind("uncovered", "qty·s")
WITHDRAWN_REQUESTS = Kind("naked by own writes", "qty·requests")
WITHDRAWN_SECONDS = Kind("naked by own writes", "qty·s")
LEAST_COVER = Kind("least cover on the way", "qty")
UNCOVERED_AT_END = Kind("uncovered at the end", "qty")


class CoverMeter:
    """Adds up, after every request, what is uncovered and what was covered before.

    *Uncovered* is the position less its live take-profit quantity. *Naked by own writes* is the
    highest cover so far less the present one: what writes have taken off the book.
    """

    def __init__(self, sim: MeteredSimulator) -> None:
        self._sim = sim
        self._cover = self._highest = self._least = self._size = _ZERO
        self._then_ms = 0
        self._sums = dict.fromkeys(
            (UNCOVERED_REQUESTS, UNCOVERED_SECONDS, WITHDRAWN_REQUESTS, WITHDRAWN_SECONDS), _ZERO
        )

    def __enter__(self) -> Self:
        """Starts metering."""
        self._look()
        self._highest = self._least = self._cover
        self._sim.watchers.append(self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops metering."""
        self._sim.watchers.remove(self._take)

    def sample(self) -> Sample:
        """The sums, the least cover, and what is uncovered at the end."""
        ends = {LEAST_COVER: self._least, UNCOVERED_AT_END: self._uncovered}
        return {**self._sums, **ends}

    @property
    def _uncovered(self) -> Decimal:
        return max(self._size - self._cover, _ZERO)

    @property
    def _withdrawn(self) -> Decimal:
        return min(self._highest, self._size) - min(self._cover, self._size)

    def _take(self) -> None:
        """After a request: the state until now counts for the time that has passed."""
        seconds = Decimal(self._sim.clock.now_ms() - self._then_ms) / _MS_A_SECOND
        self._sums[UNCOVERED_SECONDS] += self._uncovered * seconds
        self._sums[WITHDRAWN_SECONDS] += self._withdrawn * seconds
        self._look()
        self._highest = max(self._highest, self._cover)
        self._least = min(self._least, self._cover)
        self._sums[UNCOVERED_REQUESTS] += self._uncovered
        self._sums[WITHDRAWN_REQUESTS] += self._withdrawn

    def _look(self) -> None:
        self._then_ms = self._sim.clock.now_ms()
        self._size = self._sim.position(UID, SYMBOL, SIDE).size
        closing = SIDE.opposite.value
        self._cover = sum(
            (
                order.leaves
                for order in self._sim.orders(UID, SYMBOL)
                if order.reduce_only and order.is_active and order.side.value == closing
            ),
            _ZERO,
        )
