"""How much of a position no stop protects while a job runs, by the exchange's own books."""

from decimal import Decimal
from types import TracebackType
from typing import Self

from .world import SIDE, SYMBOL, UID, MeteredSimulator

_ZERO = Decimal(0)
_MS_A_SECOND = 1000


class StopMeter:
    """Adds up, after every request, what is unprotected and what was protected before.

    Args:
        sim: the exchange.
        where: the stop of the short position has to be there, or nearer.

    Attributes:
        bare: the position less what stops close, over time.
        bared: what writes took away from that: the most so far less the present, over time.
    """

    def __init__(self, sim: MeteredSimulator, where: Decimal) -> None:
        self._sim = sim
        self._where = where
        self._start_ms = self._then_ms = self._since_ms = sim.clock.now_ms()
        self._is_there = False
        self._protected = self._most = self._size = _ZERO
        self.bare = self.bared = _ZERO

    def __enter__(self) -> Self:
        """Starts metering."""
        self._look()
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

    @property
    def waited_ms(self) -> Decimal:
        """How long it took until the stop was where it had to be, for the whole position, for good.

        Raises:
            ValueError: it is not there.
        """
        if not self._is_there:
            raise ValueError(f"no stop for {self._size} at {self._where} or nearer")
        return Decimal(self._since_ms - self._start_ms)

    def _take(self) -> None:
        """After a request: the state until now counts for the time that has passed."""
        seconds = Decimal(self._sim.clock.now_ms() - self._then_ms) / _MS_A_SECOND
        self.bare += max(self._size - self._protected, _ZERO) * seconds
        self.bared += max(min(self._most, self._size) - self._protected, _ZERO) * seconds
        self._look()

    def _look(self) -> None:
        self._then_ms = self._sim.clock.now_ms()
        self._size = self._sim.position(UID, SYMBOL, SIDE).size
        closing = SIDE.opposite.value
        stops = [
            (order.trigger_price, order.leaves)
            for order in self._sim.orders(UID, SYMBOL)
            if order.reduce_only and order.trigger_price and order.side.value == closing
        ]
        self._protected = min(sum((size for _, size in stops), _ZERO), self._size)
        self._most = max(self._most, self._protected)
        there = sum((size for price, size in stops if price and price <= self._where), _ZERO)
        is_there = there >= self._size
        if is_there and not self._is_there:
            self._since_ms = self._then_ms
        self._is_there = is_there
