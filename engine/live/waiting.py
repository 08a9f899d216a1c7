"""Waiting for news, in real or in virtual time."""

import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Protocol

from ...domain.ports import Clock


class Waiting(Protocol):
    """How to wait for something that news may bring about. No lock may be held meanwhile."""

    def until(self, come: Callable[[], bool], patience: timedelta) -> bool:
        """Waits until ``come`` says so, at most that long; answers what it said last."""
        ...

    def news(self) -> None:
        """Says that there are news; from any thread."""
        ...


class RealWaiting:
    """Waits in real time, and goes on at once when there are news."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._count = 0

    def until(self, come: Callable[[], bool], patience: timedelta) -> bool:
        """Asks again after all news, until the patience is over."""
        ends = monotonic() + patience.total_seconds()
        while True:
            seen = self._count
            if come():
                return True
            with self._condition:
                while self._count == seen:
                    left = ends - monotonic()
                    if left <= 0 or not self._condition.wait(left):
                        return come()

    def news(self) -> None:
        """Lets those who wait ask again."""
        with self._condition:
            self._count += 1
            self._condition.notify_all()


class ClockWaiting:
    """Waits by short sleeps of a clock: for one whose sleep moves virtual time."""

    def __init__(self, clock: Clock, step: timedelta = timedelta(milliseconds=5)) -> None:
        self._clock = clock
        self._step = step

    def until(self, come: Callable[[], bool], patience: timedelta) -> bool:
        """Asks again after every step, until the patience is over."""
        ends = self._clock.now() + patience
        while not come():
            if self._clock.now() >= ends:
                return False
            self._clock.sleep(self._step)
        return True

    def news(self) -> None:
        """Nothing to do: it asks by itself."""
