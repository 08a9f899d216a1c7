"""What one address may send: one budget for all accounts of the process at one host.

600 requests in 5 seconds; beyond that HTTP 403, and ten minutes without an answer for all of them
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
"""Added to every window: clocks may count whole milliseconds, and a way may get shorter."""

Turn = tuple[Priority, int]
"""A place in the queue: the smaller priority goes first, then the smaller number."""


class IpBudget:
    """The budget, its queue, and the lock and the clock that all its accounts count with.

    Args:
        clock: what the budget waits with.
        requests: in five seconds; lower it where other programs share the address.
        kept_for_writes: how many of these requests reads leave to writes.
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
        """How many requests wait for the address alone."""
        return len(self._queue)

    def draw(self, priority: Priority) -> Turn:
        """A new turn, behind all others of the same priority."""
        return priority, next(self._numbers)

    def earliest(self, now: int, turn: Turn) -> int:
        """When the request with this turn may leave, after all that go before it."""
        kept = self._kept if turn[0] is Priority.READ else 0
        return self.window.earliest(now, 1 + bisect_left(self._queue, turn) + kept)

    def queue(self, turn: Turn) -> None:
        """Puts the turn into the queue, once: those behind it leave room for it."""
        if turn not in self._queue:
            insort(self._queue, turn)

    def drop(self, turn: Turn) -> None:
        """Takes the turn out of the queue."""
        if turn in self._queue:
            self._queue.remove(turn)

    def sleep(self, microseconds: int) -> None:
        """Waits; the caller must not hold the lock."""
        self._clock.sleep(microseconds * MICROSECOND)

    def time_in(self, microseconds: int) -> datetime:
        """The moment this many microseconds from now, by the wall clock."""
        return self._clock.now() + microseconds * MICROSECOND


_machines: dict[str, IpBudget] = {}
_others: "WeakValueDictionary[tuple[str, int], IpBudget]" = WeakValueDictionary()
_lock = Lock()


def shared_ip_budget(url: str, clock: Clock) -> IpBudget:
    """The process's budget for that host.

    An account with a clock of its own shares the budget with those on the same clock.
    """
    with _lock:
        if isinstance(clock, SystemClock):
            return _machines.setdefault(url, IpBudget(clock))
        # A budget holds its clock, so no other clock can have the same id while the budget lives.
        key = (url, id(clock))
        budget = _others.get(key)
        if budget is None:
            budget = _others[key] = IpBudget(clock)
        return budget
