"""The virtual clock: time moves only in `advance`, which runs the effects that fall due."""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum


@dataclass(order=True, slots=True)
class _Due:
    """An effect and its time; effects of the same time keep the order of their scheduling."""

    at_ms: int
    number: int
    effect: Callable[[], None] = field(compare=False)


class ClockKind(StrEnum):
    """What moves the time of a simulator."""

    VIRTUAL = "virtual"
    """Only `VirtualClock.advance` does, so that a run repeats exactly."""
    REAL = "real"
    """It begins at the machine's time, and follows it while a server runs."""


class VirtualClock:
    """A clock in milliseconds since the epoch that only `advance` moves.

    `advance` runs the effects scheduled with `call_at` in the order of their times; each sees its
    own time as the present. The same calls give the same run on every machine.

    Args:
        start_ms: the time at the start, in milliseconds since the epoch.
    """

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms
        self._due: list[_Due] = []
        self._numbers = 0
        self._state = threading.Lock()
        self._advancing = threading.RLock()

    def now_ms(self) -> int:
        """The present time in milliseconds since the epoch."""
        with self._state:
            return self._now_ms

    def call_at(self, at_ms: int, effect: Callable[[], None]) -> None:
        """Schedule an effect; if its time has passed, the next `advance` runs it."""
        with self._state:
            self._numbers += 1
            heapq.heappush(self._due, _Due(at_ms, self._numbers, effect))

    def advance(self, ms: int) -> None:
        """Move the clock forward and run every effect that falls due on the way.

        Raises:
            ValueError: the milliseconds are negative.
        """
        if ms < 0:
            raise ValueError(f"the clock cannot go back by {-ms} ms")
        with self._advancing:
            until = self.now_ms() + ms
            while (due := self._next_due(until)) is not None:
                due.effect()
            with self._state:
                self._now_ms = max(self._now_ms, until)

    def now(self) -> datetime:
        """The present time in UTC; with `sleep`, an engine can run on this clock."""
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.now_ms())

    def moment(self) -> timedelta:
        """The present time of a clock that is never set: of this one it is the same time."""
        return timedelta(milliseconds=self.now_ms())

    def sleep(self, duration: timedelta) -> None:
        """Advance by a duration, at least one millisecond, without any real waiting."""
        self.advance(max(int(duration / timedelta(milliseconds=1)), 1))

    def next_due_ms(self) -> int | None:
        """When the next effect falls due; None if nothing is scheduled."""
        with self._state:
            return self._due[0].at_ms if self._due else None

    @property
    def waiting(self) -> int:
        """How many scheduled effects have not run yet."""
        with self._state:
            return len(self._due)

    def _next_due(self, until_ms: int) -> _Due | None:
        with self._state:
            if not self._due or self._due[0].at_ms > until_ms:
                return None
            due = heapq.heappop(self._due)
            self._now_ms = max(self._now_ms, due.at_ms)
            return due
