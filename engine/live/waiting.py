"""Waiting until an event arrives, in real or in virtual time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Protocol

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
        self._condition = threading.Condition()
        self._changes = 0

    def until(self, condition: Callable[[], bool], patience: timedelta) -> bool:
        """See :meth:`Waiting.until`."""
        ends = monotonic() + patience.total_seconds()
        while True:
            seen = self._changes
            if condition():
                return True
            with self._condition:
                while self._changes == seen:
                    left = ends - monotonic()
                    if left <= 0 or not self._condition.wait(left):
                        return condition()

    def notify(self) -> None:
        """Makes all waiting threads check their conditions again."""
        with self._condition:
            self._changes += 1
            self._condition.notify_all()


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
