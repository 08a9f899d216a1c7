"""Waiting until an event arrives, in real or in virtual time."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Protocol

from ...aio.waits import Changes
from ...domain.ports import Clock


class Waiting(Protocol):
    """How to wait for a condition that an event may fulfil. The caller must hold no lock."""

    def until(self, condition: Callable[[], bool], patience: timedelta) -> bool:
        """Waits until ``condition`` is true, at most for ``patience``; returns its last value."""
        ...

    def notify(self) -> None:
        """Reports that something has changed; from any thread."""
        ...


class RealWaiting:
    """Waits in real time, and checks the condition again after every change."""

    def __init__(self) -> None:
        self._changes = Changes()

    def until(self, condition: Callable[[], bool], patience: timedelta) -> bool:
        """See :meth:`Waiting.until`."""
        ends = monotonic() + patience.total_seconds()
        while True:
            seen = self._changes.count
            if condition():
                return True
            if not self._changes.wait(seen, max(ends - monotonic(), 0)):
                return condition()

    def notify(self) -> None:
        """Makes all who wait check their conditions again."""
        self._changes.add()


class ClockWaiting:
    """Waits by short sleeps of a clock: for a clock whose sleep advances virtual time."""

    def __init__(self, clock: Clock, step: timedelta = timedelta(milliseconds=5)) -> None:
        self._clock = clock
        self._step = step

    def until(self, condition: Callable[[], bool], patience: timedelta) -> bool:
        """See :meth:`Waiting.until`; checks the condition after every step."""
        ends = self._clock.moment() + patience
        while not condition():
            if self._clock.moment() >= ends:
                return False
            self._clock.sleep(self._step)
        return True

    def notify(self) -> None:
        """Does nothing: the condition is checked after every step anyway."""
