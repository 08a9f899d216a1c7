"""Decision points of a walk, and what is chosen at each.

A walk is decided by its deviations alone: everything else goes its usual way. So a walk can be
played again from its deviations, and the search needs no snapshot of a running engine.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Deviation = tuple[str, str]
"""A decision point of a walk, such as ``the amend #2``, and the name of what happens there."""
Deviations = tuple[Deviation, ...]
"""The deviations of a walk, in the order in which they happen; none for the happy path."""


@dataclass(frozen=True, slots=True)
class Point:
    """A decision point that a walk has passed without a deviation.

    Attributes:
        where: the point.
        names: of the deviations that could happen there.
    """

    where: str
    names: tuple[str, ...]


class Choices:
    """Names the decision points of a walk and says what happens at each.

    Attributes:
        passed: the points behind the last deviation: where the next one may be.
        said: each deviation that happened, in words, and when, epoch milliseconds.
        is_on: whether decision points count; they do not before the first step, nor when the walk
            settles.

    Args:
        deviations: what is chosen.
        now_ms: the virtual time.
        looks_ahead: whether the points behind the last deviation are kept.
    """

    def __init__(
        self, deviations: Sequence[Deviation], now_ms: Callable[[], int], *, looks_ahead: bool
    ) -> None:
        self._chosen = dict(deviations)
        self._now_ms = now_ms
        self._looks_ahead = looks_ahead
        self._counts: Counter[str] = Counter()
        self.passed: list[Point] = []
        self.said: list[tuple[int, str]] = []
        self.is_on = False
        self._wrong = ""

    @property
    def all_happened(self) -> bool:
        """Whether the last deviation is behind the walk."""
        return not self._chosen

    def at(
        self,
        what: str,
        names: Callable[[], Sequence[str]],
        rare: Callable[[], Sequence[str]] = tuple,
    ) -> str:
        """What happens at a decision point: the name of a deviation, or nothing.

        Args:
            what: goes on there, in words; points of the same words are counted.
            names: gives the names of the deviations that could happen there.
            rare: gives those that can happen too, and that the search leaves out.

        What is chosen and cannot happen there is told by :meth:`check`: the engine would contain
        an exception.
        """
        if not self.is_on:
            return ""
        self._counts[what] += 1
        if not self._chosen:
            if self._looks_ahead and (found := tuple(names())):
                self.passed.append(Point(f"{what} #{self._counts[what]}", found))
            return ""
        where = f"{what} #{self._counts[what]}"
        chosen = self._chosen.pop(where, "")
        if chosen:
            could = (*names(), *rare())
            if chosen not in could:
                self._wrong = f"{chosen!r} cannot happen at {where!r}: choose one of {could}"
                return ""
            self.said.append((self._now_ms(), f"{where}: {chosen}"))
        return chosen

    def check(self) -> None:
        """Checks that every deviation has happened.

        Raises:
            LookupError: one cannot happen at its point, or the walk never came to its point.
        """
        if self._wrong:
            raise LookupError(self._wrong)
        if self._chosen:
            left = ", ".join(repr(where) for where in self._chosen)
            raise LookupError(f"the walk never comes to {left}: choose other points")
