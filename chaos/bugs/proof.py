"""The proof of the campaign: it must catch every planted bug."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from loguru import logger

from ..histories.history import draw_history
from ..histories.play import play
from ..speed.mutable_dataclasses import mutable_dataclasses
from ..world.engine import Start
from ..world.live_engine import start_trueup
from . import ALL_BUGS
from .planted import Bug

MOST_HISTORIES = 3000


@dataclass(frozen=True, slots=True)
class Catch:
    """How a bug was caught.

    Attributes:
        seed: the seed whose history caught it; None if none did.
        promise: the broken promise, one of those that the bug names.
        histories: how many histories were played.
        others: broken promises that the bug does not name.
    """

    bug: str
    seed: int | None
    promise: str
    histories: int
    others: tuple[str, ...] = ()


def hunt(name: str, first: int = 1, most: int = MOST_HISTORIES) -> Catch:
    """Plays histories with the bug until one breaks a promise that the bug names.

    The bug itself must break it: the same history must hold without the bug.
    """
    return hunt_bug(next(bug for bug in ALL_BUGS if bug.name == name), first, most)


def hunt_bug(bug: Bug, first: int, most: int) -> Catch:
    """Does the same for a bug that need not be on the list."""
    logger.disable("trueup")
    others: set[str] = set()
    first = max(first, bug.first_seed)
    with mutable_dataclasses():
        for seed in range(first, first + most):
            broken = _broken(seed, bug.start)
            named = [promise for promise in bug.breaks if promise in broken]
            if named and not _broken(seed, start_trueup):
                return Catch(bug.name, seed, named[0], seed - first + 1, tuple(sorted(others)))
            others |= broken
    return Catch(bug.name, None, "", most, tuple(sorted(others)))


def _broken(seed: int, start: Start) -> set[str]:
    return {finding.promise for finding in play(draw_history(seed), start=start).findings}


def prove(processes: int) -> Iterable[Catch]:
    """Hunts every bug, several at a time; yields the catches in the order of the list."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(hunt, [bug.name for bug in ALL_BUGS])


def row(catch: Catch) -> str:
    """One line of the table."""
    if catch.seed is None:
        only = f", and broke only: {', '.join(catch.others)}" if catch.others else ""
        return f"{catch.bug:42}  SURVIVED {catch.histories} histories{only}"
    return f"{catch.bug:42}  seed {catch.seed:5}  {catch.promise:32}  {catch.histories:9}"
