"""The search: every walk with at most so many deviations, the shortest ones first.

A walk is expanded by one more deviation at each point behind its last one. What a chunk of walks
finds depends on nothing but the chunk and the states that were known before its level, so the
figures are the same on any number of processes.
"""

import gc
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from loguru import logger

from ..speed.mutable_dataclasses import mutable_dataclasses
from ..world.engine import Start
from .choices import Deviations
from .errands import errand
from .matrix.cells import Cell, Path, cells_of, is_whole, path_of
from .stage import start_reporting
from .walking import Walk, walk

Place = tuple[str, Deviations]
"""A walk: the name of its errand, and its deviations."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A walk to expand by one more deviation.

    Attributes:
        place: the walk.
        points: at how many of the points behind its last deviation. Those that follow lie behind a
            state from which another walk goes on, and that one is expanded there.
    """

    place: Place
    points: int


@dataclass(slots=True)
class Found:
    """What some walks have found.

    Attributes:
        walks: how many there were.
        known: how many of them ended in a state from which another goes on.
        transitions: steps of the machine.
        deepest: the most steps of one walk.
        states: the states that were reached.
        cells: each cell, with the first walk that reached it.
        paths: each path from Idle to Idle, with the first walk that took it.
        violations: each walk that broke a promise, with what it broke.
        next: the walks to expand further.
        cpu_s: seconds of processor time, in all processes.
    """

    walks: int = 0
    known: int = 0
    transitions: int = 0
    deepest: int = 0
    states: set[str] = field(default_factory=set)
    cells: dict[Cell, Place] = field(default_factory=dict)
    paths: dict[Path, Place] = field(default_factory=dict)
    violations: list[tuple[Place, tuple[str, ...]]] = field(default_factory=list)
    next: list[Lead] = field(default_factory=list)
    cpu_s: float = 0.0

    def add(self, other: "Found") -> None:
        """Adds what other walks have found, which come later in order."""
        self.walks += other.walks
        self.known += other.known
        self.transitions += other.transitions
        self.deepest = max(self.deepest, other.deepest)
        self.states |= other.states
        self.cells = {**other.cells, **self.cells}
        self.paths = {**other.paths, **self.paths}
        self.violations += other.violations
        self.next += other.next
        self.cpu_s += other.cpu_s

    def note(self, place: Place, walked: Walk) -> None:
        """Adds one walk."""
        self.walks += 1
        self.known += walked.is_known
        self.transitions += walked.transitions
        self.deepest = max(self.deepest, walked.transitions)
        self.states.update(walked.states)
        for report in walked.reports:
            for cell in cells_of(report):
                self.cells.setdefault(cell, place)
            path = path_of(report)
            if is_whole(path):
                self.paths.setdefault(path, place)
        if walked.findings:
            self.violations.append((place, tuple(str(one) for one in walked.findings)))


def expand(
    leads: Sequence[Lead],
    known: Collection[str],
    *,
    goes_on: bool,
    start: Start = start_reporting,
) -> Found:
    """Walks every walk with one more deviation than one of these.

    Args:
        leads: the walks to expand.
        known: the states that shorter walks have reached.
        goes_on: whether the new walks will be expanded in their turn.
        start: starts the engine.
    """
    found, seen = Found(), set(known)
    traces: set[tuple[Place, str, str]] = set()
    for lead in leads:
        for deviations in _further(lead, start):
            name, _ = lead.place
            walked = walk(errand(name), deviations, known=seen, start=start, looks_ahead=goes_on)
            found.note((name, deviations), walked)
            seen.update(walked.states)
            trace = lead.place, deviations[-1][0], walked.trace
            if walked.points and trace not in traces:
                traces.add(trace)
                found.next.append(Lead((name, deviations), len(walked.points)))
    found.states -= set(known)
    return found


def begin(names: Sequence[str], start: Start = start_reporting) -> Found:
    """Walks the happy path of these errands."""
    found = Found()
    for name in names:
        place: Place = (name, ())
        walked = walk(errand(name), (), start=start, looks_ahead=True)
        found.note(place, walked)
        found.next.append(Lead(place, len(walked.points)))
    return found


def quietly(leads: Sequence[Lead], known: Collection[str], *, goes_on: bool, start: Start) -> Found:
    """Expands walks in a process of its own: as quick as can be, and without trueup's log."""
    logger.disable("trueup")
    gc.disable()
    began = time.process_time()
    with mutable_dataclasses():
        found = expand(leads, known, goes_on=goes_on, start=start)
    gc.enable()
    gc.collect()
    found.cpu_s = time.process_time() - began
    return found


def _further(lead: Lead, start: Start) -> Iterator[Deviations]:
    """The walks with one more deviation."""
    name, deviations = lead.place
    walked = walk(errand(name), deviations, start=start, looks_ahead=True)
    for point in walked.points[: lead.points]:
        for further in point.names:
            yield (*deviations, (point.where, further))
