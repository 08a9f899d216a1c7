"""The death of the process, at a named point."""

from collections import Counter
from collections.abc import Callable


class Crash(BaseException):
    """The process is gone: nothing in it may catch this."""


class CrashPlan:
    """Which points kill the process, and on which passing."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._armed: list[tuple[str, int]] = []
        self._occurrences: Counter[str] = Counter()
        self._log = log
        self.crashes = 0

    def arm(self, point: str, occurrence: int) -> None:
        """The process dies when it passes the point for the so-manieth time from now."""
        self._armed.append((point, self._occurrences[point] + occurrence))

    def disarm(self) -> None:
        """Nothing kills it any more."""
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
