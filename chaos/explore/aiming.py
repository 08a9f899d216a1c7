"""Aiming: a walk for each simple path of the chart, also where it takes more than a few deviations.

The search finds every path within its deviations. For any other path the walks that share its
beginning are deviated from further, those first that share most of it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from .choices import Point
from .errands import errand
from .events import RARE_EVENTS, WAKES
from .matrix.cells import Path, path_of
from .replies import RARE_FAULTS
from .search import Place
from .stage import CONCLUSION, RAISES
from .walking import walk

_MOST_DEVIATIONS = 5


@dataclass(slots=True)
class Aim:
    """The walks that were made so far, and what they took.

    Attributes:
        taken: each path, with the first walk that took it.
        beginnings: each walk, with the paths of its passes, whole or not.
    """

    taken: dict[Path, Place] = field(default_factory=dict)
    beginnings: dict[Place, tuple[Path, ...]] = field(default_factory=dict)

    def walk(self, place: Place) -> tuple[Point, ...]:
        """Walks a walk; gives the points of further deviations."""
        name, deviations = place
        walked = walk(errand(name), deviations, looks_ahead=True)
        paths = tuple([path_of(report) for report in walked.reports])
        self.beginnings[place] = paths
        for path in paths:
            self.taken.setdefault(path, place)
        return walked.points

    def at(self, target: Path, most: int) -> Place | None:
        """A walk that takes the path, after deviating from at most so many others; or None."""
        tried: set[Place] = set()
        for _ in range(most):
            if target in self.taken:
                return self.taken[target]
            place = self._nearest(target, tried)
            if place is None:
                return None
            tried.add(place)
            for further in self._further(place, target):
                self.walk(further)
        return self.taken.get(target)

    def _nearest(self, target: Path, tried: Collection[Place]) -> Place | None:
        ranked = [
            (-_shared(paths, target), len(place[1]), place)
            for place, paths in self.beginnings.items()
            if place not in tried and len(place[1]) < _MOST_DEVIATIONS
        ]
        return min(ranked)[2] if ranked else None

    def _further(self, place: Place, target: Path) -> Iterator[Place]:
        shared = _shared(self.beginnings[place], target)
        wanted = _wanted(target[shared][1])
        for point in self.walk(place):
            for name in _could(point):
                if wanted is None or name in wanted:
                    yield place[0], (*place[1], (point.where, name))


def _shared(paths: Iterable[Path], target: Path) -> int:
    """How many steps of the path one of these begins with."""
    return max((_common(path, target) for path in paths), default=0)


def _common(path: Path, target: Path) -> int:
    count = 0
    for one, other in zip(path, target, strict=False):
        if one != other:
            break
        count += 1
    return count


def _wanted(event: str) -> Collection[str] | None:
    """The deviations that lead to an event of the chart; None for any."""
    return {"broke": (RAISES,), "again": (WAKES,)}.get(event)


def _could(point: Point) -> Iterator[str]:
    yield from point.names
    if point.where.startswith("before "):
        yield from RARE_EVENTS
    if point.where.startswith("the read ") or point.where.startswith("the cancel"):
        yield from RARE_FAULTS
    if point.where.startswith(CONCLUSION):
        yield WAKES
