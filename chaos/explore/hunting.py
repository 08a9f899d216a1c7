"""Hunting planted bugs: the search must find each that needs no more than a few deviations."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from loguru import logger

from ..bugs import ALL_BUGS
from ..bugs.planted import Bug
from ..speed.mutable_dataclasses import mutable_dataclasses
from .errands import ERRANDS, errand
from .search import Found, Lead, Place, begin, expand
from .walking import walk


@dataclass(frozen=True, slots=True)
class Caught:
    """How far the search had to go for a planted bug.

    Attributes:
        bug: its name.
        place: the walk that broke a promise which the bug names; None if none did.
        promise: that promise.
        walks: how many there were.
    """

    bug: str
    place: Place | None
    promise: str
    walks: int


def bug_named(name: str) -> Bug:
    """The planted bug of that name."""
    return next(bug for bug in ALL_BUGS if bug.name == name)


def hunt(name: str, most: int) -> Caught:
    """Searches with a bug planted until a walk breaks a promise that the bug names.

    The first one found has the fewest deviations. The same walk holds without the bug: the search
    finds nothing in the real product.

    Args:
        name: the bug's.
        most: how many deviations a walk may have.
    """
    logger.disable("trueup")
    bug = bug_named(name)
    walks = 0
    with mutable_dataclasses():
        for found in _levels(bug, most):
            walks += found.walks
            for place, broken in found.violations:
                named = [promise for promise in bug.breaks if _is_broken(promise, broken)]
                if named and not walk(errand(place[0]), place[1]).findings:
                    return Caught(name, place, named[0], walks)
    return Caught(name, None, "", walks)


def prove(names: Iterable[str], most: int, processes: int) -> Iterator[Caught]:
    """Hunts these bugs, several at a time; gives the catches in their order."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(hunt, most=most), names)


def holds(caught: Caught) -> bool:
    """Whether the walk that caught a bug still does."""
    if caught.place is None:
        return False
    name, deviations = caught.place
    findings = walk(errand(name), deviations, start=bug_named(caught.bug).start).findings
    return any(finding.promise == caught.promise for finding in findings)


def _levels(bug: Bug, most: int) -> Iterator[Found]:
    """What the search finds, the shortest walks first; one parent after the other."""
    found = begin([one.name for one in ERRANDS], bug.start)
    yield found
    frontier, known = found.next, found.states
    for level in range(1, most + 1):
        further: list[Lead] = []
        for lead in frontier:
            found = expand([lead], known, goes_on=level < most, start=bug.start)
            yield found
            further += found.next
            known |= found.states
        frontier = further


def _is_broken(promise: str, broken: Iterable[str]) -> bool:
    return any(text.startswith(promise) for text in broken)
