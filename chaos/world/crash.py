"""The death of the process, at a named point."""

from collections import Counter
from collections.abc import Callable


class Crash(BaseException):
    """The process is gone: nothing in it may catch this."""


class CrashPlan:
    """Which points kill the process, and on which passing."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._armed: list[tuple[str, int]] = []
        self._passed: Counter[str] = Counter()
        self._tell = tell
        self.crashes = 0

    def arm(self, point: str, passing: int) -> None:
        """The process dies when it passes the point for the so-manieth time from now."""
        self._armed.append((point, self._passed[point] + passing))

    def disarm(self) -> None:
        """Nothing kills it any more."""
        self._armed.clear()

    def reach(self, point: str) -> None:
        """Passes a point.

        Raises:
            Crash: the process dies here.
        """
        self._passed[point] += 1
        due = (point, self._passed[point])
        if due in self._armed:
            self._armed.remove(due)
            self.crashes += 1
            self._tell(f"💀 the process dies at {point}")
            raise Crash(point)
