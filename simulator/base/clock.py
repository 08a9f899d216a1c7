"""The virtual clock: time moves only when it is told to, and takes due effects with it."""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(order=True, slots=True)
class _Due:
    """One effect that waits for its time; equal times keep the order of their arrival."""

    at_ms: int
    number: int
    effect: Callable[[], None] = field(compare=False)


class VirtualClock:
    """Milliseconds since the epoch, moved by `advance` alone.

    Effects set up with `call_at` run inside `advance`, in the order of their times, each seeing
    its own time as now. The same calls give the same run on every machine.
    """

    def __init__(self, start_ms: int) -> None:
        self._now_ms = start_ms
        self._due: list[_Due] = []
        self._numbers = 0
        self._state = threading.Lock()
        self._advancing = threading.RLock()

    def now_ms(self) -> int:
        """The present, in milliseconds since the epoch."""
        with self._state:
            return self._now_ms

    def call_at(self, at_ms: int, effect: Callable[[], None]) -> None:
        """Run an effect when the clock reaches a time; a past time means the next `advance`."""
        with self._state:
            self._numbers += 1
            heapq.heappush(self._due, _Due(at_ms, self._numbers, effect))

    def advance(self, ms: int) -> None:
        """Move on by some milliseconds and run what falls due on the way (0 runs what is due)."""
        if ms < 0:
            raise ValueError("a clock does not go back")
        with self._advancing:
            until = self.now_ms() + ms
            while (due := self._next_due(until)) is not None:
                due.effect()
            with self._state:
                self._now_ms = max(self._now_ms, until)

    def now(self) -> datetime:
        """The present, in UTC: with `sleep`, this makes it a clock that an engine can run on."""
        return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=self.now_ms())

    def sleep(self, duration: timedelta) -> None:
        """Move on by the duration, at least a millisecond, in no time at all."""
        self.advance(max(int(duration / timedelta(milliseconds=1)), 1))

    def next_due_ms(self) -> int | None:
        """When the next effect falls due; None if none waits."""
        with self._state:
            return self._due[0].at_ms if self._due else None

    @property
    def waiting(self) -> int:
        """How many effects have not happened yet."""
        with self._state:
            return len(self._due)

    def _next_due(self, until_ms: int) -> _Due | None:
        with self._state:
            if not self._due or self._due[0].at_ms > until_ms:
                return None
            due = heapq.heappop(self._due)
            self._now_ms = max(self._now_ms, due.at_ms)
            return due
