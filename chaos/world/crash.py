"""Crashes: the process dies at a named point."""

from collections import Counter
from collections.abc import Callable


class Crash(BaseException):
    """The process is dead: nothing in it may catch this."""


class CrashPlan:
    """The points that kill the process, and at which occurrence.

    Attributes:
        crashes: how often the process has died.

    Args:
        log: receives a line for the history's log.
    """

    def __init__(self, log: Callable[[str], None]) -> None:
        self._armed: list[tuple[str, int]] = []
        self._occurrences: Counter[str] = Counter()
        self._log = log
        self.crashes = 0

    def arm(self, point: str, occurrence: int) -> None:
        """Lets the process die when it passes the point the given number of times from now."""
        self._armed.append((point, self._occurrences[point] + occurrence))

    def disarm(self) -> None:
        """Lets the process live: no point kills it any more."""
        self._armed.clear()

    def reach(self, point: str) -> None:
        """Passes a point.

        Raises:
            Crash: the process dies here.
        """
        self._occurrences[point] += 1
        due = (point, self._occurrences[point])
        if due in self._armed:
            self._armed.remove(due)
            self.crashes += 1
            self._log(f"💀 the process dies at {point}")
            raise Crash(point)
