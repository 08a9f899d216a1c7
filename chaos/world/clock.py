"""The virtual clock of a history."""

from datetime import UTC, datetime, timedelta
from heapq import heappop

from trueup.simulator import VirtualClock

_EPOCH = datetime.fromtimestamp(0, UTC)


class SingleThreadClock(VirtualClock):
    """A virtual clock for a single thread: without locks, because histories ask it very often."""

    def __init__(self, start_ms: int) -> None:
        super().__init__(start_ms)
        self._now = (start_ms, super().now())

    def now_ms(self) -> int:
        """The present, in milliseconds since the epoch."""
        return self._now_ms

    def now(self) -> datetime:
        """The present, in UTC."""
        if self._now[0] != self._now_ms:
            self._now = (self._now_ms, _EPOCH + timedelta(milliseconds=self._now_ms))
        return self._now[1]

    def moment(self) -> timedelta:
        """The present, by a clock that is never set."""
        return self.now() - _EPOCH

    def next_due_ms(self) -> int | None:
        """When the next scheduled effect falls due; None if none is scheduled."""
        return self._due[0].at_ms if self._due else None

    def all_due_ms(self) -> list[int]:
        """When each scheduled effect falls due, soonest first."""
        return sorted(due.at_ms for due in self._due)

    def advance(self, ms: int) -> None:
        """Moves on by some milliseconds and carries out what falls due on the way."""
        if ms < 0:
            raise ValueError("a clock does not go back")
        until = self._now_ms + ms
        while self._due and self._due[0].at_ms <= until:
            due = heappop(self._due)
            self._now_ms = max(self._now_ms, due.at_ms)
            due.effect()
        self._now_ms = max(self._now_ms, until)
