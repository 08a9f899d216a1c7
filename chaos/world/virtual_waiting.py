"""Waiting on virtual time, as :class:`~trueup.engine.live.waiting.RealWaiting` on real time."""

from collections.abc import Callable
from datetime import timedelta

from trueup.simulator import VirtualClock

_MS = timedelta(milliseconds=1)


class VirtualWaiting:
    """Moves a virtual clock on, and asks again whenever an event has arrived.

    Args:
        clock: the clock whose effects bring the events.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._count = 0

    def until(self, come: Callable[[], bool], patience: timedelta) -> bool:
        """Asks after every event whether it has come; false if it has not when patience ends."""
        clock = self._clock
        ends_ms = clock.now_ms() + patience // _MS
        while True:
            seen = self._count
            if come():
                return True
            while self._count == seen:
                now_ms, due_ms = clock.now_ms(), clock.next_due_ms()
                if now_ms >= ends_ms:
                    return come()
                next_ms = ends_ms if due_ms is None else min(due_ms, ends_ms)
                clock.advance(max(next_ms - now_ms, 0))

    def notify(self) -> None:
        """An event has arrived: every waiting caller checks its condition again."""
        self._count += 1
