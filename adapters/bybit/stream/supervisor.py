"""One thread that supervises the streams of all accounts of the process.

Bybit allows 500 connections within five minutes (docs/v5/ws/connect.mdx), so the process counts
them together.
"""

import threading
from collections import deque
from time import monotonic
from typing import Protocol

CONNECTIONS = 480
WITHIN_S = 300.0
_LONGEST_NAP_S = 60.0


class Watched(Protocol):
    """What the supervisor looks after."""

    def tend(self, now: float) -> float:
        """Does what is due, without blocking; returns when it wants to be called again."""
        ...


class Supervisor:
    """Tends each object that was added, when it is due or asks for it.

    The thread lives while there is anything to supervise.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._due: dict[Watched, float] = {}
        self._begun: deque[float] = deque()
        self._thread: threading.Thread | None = None

    def add(self, watched: Watched) -> None:
        """Supervises it from now on."""
        with self._condition:
            self._due[watched] = 0.0
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="trueup-streams", daemon=True
                )
                self._thread.start()
            self._condition.notify()

    def remove(self, watched: Watched) -> None:
        """Supervises it no longer."""
        with self._condition:
            self._due.pop(watched, None)
            self._condition.notify()

    def call(self, watched: Watched) -> None:
        """Has it tended at once."""
        with self._condition:
            if watched in self._due:
                self._due[watched] = 0.0
                self._condition.notify()

    def may_connect(self, now: float) -> float:
        """Counts a connection and returns 0, or returns the time when there is room for one."""
        with self._condition:
            while self._begun and self._begun[0] <= now - WITHIN_S:
                self._begun.popleft()
            if len(self._begun) >= CONNECTIONS:
                return self._begun[0] + WITHIN_S
            self._begun.append(now)
            return 0.0

    def _run(self) -> None:
        while True:
            with self._condition:
                if not self._due:
                    self._thread = None
                    return
                now = monotonic()
                due = [watched for watched, at in self._due.items() if at <= now]
                if not due:
                    self._condition.wait(min(min(self._due.values()) - now, _LONGEST_NAP_S))
                    continue
                for watched in due:
                    self._due[watched] = now + _LONGEST_NAP_S
            for watched in due:
                self._tend(watched)

    def _tend(self, watched: Watched) -> None:
        at = watched.tend(monotonic())
        with self._condition:
            if watched in self._due:
                self._due[watched] = min(self._due[watched], at)


SUPERVISOR = Supervisor()
