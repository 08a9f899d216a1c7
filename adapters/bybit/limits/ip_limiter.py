"""What one address may send: shared by every account of the process that speaks to one host.

600 requests in 5 seconds, then HTTP 403 and ten minutes of silence for all of them
(docs/v5/rate-limit/rate-limit.mdx).
"""

from bisect import bisect_left, insort
from datetime import datetime, timedelta
from itertools import count
from threading import Lock
from weakref import WeakValueDictionary

from ....domain.ports import Clock
from ..wire.clock import MICROSECOND, SystemClock, ticks_of
from ..wire.endpoints import Priority
from .rolling_window import RollingWindow

REQUESTS = 600
WINDOW = timedelta(seconds=5)
MARGIN = timedelta(milliseconds=15)
"""Added to every window: for clocks that count whole milliseconds, and a way that gets shorter."""

Turn = tuple[Priority, int]
"""Who goes first: the smaller priority, then the smaller number."""


class IpBudget:
    """The budget, the queue for it, and the lock and the clock that all its accounts count with.

    Args:
        clock: what waits are made with.
        requests: in five seconds; lower it where other programs share the address.
        kept_for_writes: of them, how many reads leave alone.
    """

    def __init__(
        self, clock: Clock, *, requests: int = REQUESTS, kept_for_writes: int = REQUESTS // 10
    ) -> None:
        self.lock = Lock()
        self.window = RollingWindow(requests, (WINDOW + MARGIN) // MICROSECOND)
        self.why_held = ""
        self.ticks = ticks_of(clock)
        self._clock = clock
        self._kept = min(kept_for_writes, requests - 1)
        self._numbers = count()
        self._queue: list[Turn] = []

    @property
    def waiting(self) -> int:
        """Requests that wait for the address alone."""
        return len(self._queue)

    def draw(self, priority: Priority) -> Turn:
        """A turn behind all of the same priority."""
        return priority, next(self._numbers)

    def earliest(self, now: int, turn: Turn) -> int:
        """When that one request may leave, after all that go before it."""
        kept = self._kept if turn[0] is Priority.READ else 0
        return self.window.earliest(now, 1 + bisect_left(self._queue, turn) + kept)

    def queue(self, turn: Turn) -> None:
        """Waits in the queue; those behind leave room for it."""
        if turn not in self._queue:
            insort(self._queue, turn)

    def drop(self, turn: Turn) -> None:
        """Waits no longer."""
        if turn in self._queue:
            self._queue.remove(turn)

    def sleep(self, microseconds: int) -> None:
        """Waits; not under the lock."""
        self._clock.sleep(microseconds * MICROSECOND)

    def time_in(self, microseconds: int) -> datetime:
        """That moment on people's clocks."""
        return self._clock.now() + microseconds * MICROSECOND


_machines: dict[str, IpBudget] = {}
_others: "WeakValueDictionary[tuple[str, int], IpBudget]" = WeakValueDictionary()
_lock = Lock()


def shared_ip_budget(url: str, clock: Clock) -> IpBudget:
    """The process's budget for that host.

    Whoever brings a clock of his own shares it with those on the same clock.
    """
    with _lock:
        if isinstance(clock, SystemClock):
            return _machines.setdefault(url, IpBudget(clock))
        # A budget holds its clock, so a clock's id is its own as long as the budget lives.
        key = (url, id(clock))
        budget = _others.get(key)
        if budget is None:
            budget = _others[key] = IpBudget(clock)
        return budget
