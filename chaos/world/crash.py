"""At a named point the process dies, its code raises an exception, or it stands still."""

from collections import Counter
from collections.abc import Callable


class Crash(KeyboardInterrupt):
    """The process is dead: nothing in it may catch this.

    What ends a process from outside passes everywhere; whatever else is raised in it, somebody
    contains.
    """


class Defect(Exception):  # noqa: N818 - it stands for any exception that nobody expects
    """An exception that trueup's own code raises by mistake."""


class CrashPlan:
    """The points that kill or stop the process or raise an exception, and at which occurrence.

    Attributes:
        crashes: how often the process has died.

    Args:
        log: receives a line for the history's log.
        raises: called before an exception is raised; False forbids it.
    """

    def __init__(
        self, log: Callable[[str], None], raises: Callable[[], bool] = lambda: True
    ) -> None:
        self._armed: list[tuple[str, int]] = []
        self._defects: list[tuple[str, int]] = []
        self._pauses: list[tuple[str, int, Callable[[], None]]] = []
        self._occurrences: Counter[str] = Counter()
        self._log = log
        self._raises = raises
        self._is_dead = False
        self.crashes = 0

    def die(self) -> None:
        """The process has died in another of its threads: this one passes no point any more."""
        self._is_dead = True

    def live(self) -> None:
        """Another process begins."""
        self._is_dead = False

    def arm(self, point: str, occurrence: int) -> None:
        """Lets the process die when it passes the point the given number of times from now."""
        self._armed.append((point, self._occurrences[point] + occurrence))

    def arm_defect(self, point: str, occurrence: int) -> None:
        """Lets the code raise when it passes the point the given number of times from now."""
        self._defects.append((point, self._occurrences[point] + occurrence))

    def arm_pause(self, point: str, occurrence: int, meanwhile: Callable[[], None]) -> None:
        """Lets the process stand still at the point; ``meanwhile`` is what the world does."""
        self._pauses.append((point, self._occurrences[point] + occurrence, meanwhile))

    def disarm(self) -> None:
        """Lets the process live: no point kills or stops it or raises any more."""
        self._armed.clear()
        self._pauses.clear()
        self._defects.clear()

    def reach(self, point: str) -> None:
        """Passes a point.

        Raises:
            Crash: the process dies here.
            Defect: the code raises here.
        """
        if self._is_dead:
            raise Crash(point)
        self._occurrences[point] += 1
        due = (point, self._occurrences[point])
        for pause in [each for each in self._pauses if each[:2] == due]:
            self._pauses.remove(pause)
            self._log(f"⏸️ the process stands still at {point}")
            pause[2]()
        if due in self._armed:
            self._armed.remove(due)
            self.crashes += 1
            self._log(f"💀 the process dies at {point}")
            raise Crash(point)
        if due in self._defects:
            self._defects.remove(due)
            if self._raises():
                self._log(f"🐞 the code raises at {point}")
                raise Defect(point)
