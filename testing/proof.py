"""The proof that the proof works: every planted bug must be caught."""

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from loguru import logger

from .bugs import ALL_BUGS
from .history import draw_history, play
from .thawing import thawed

MOST_HISTORIES = 3000


@dataclass(frozen=True, slots=True)
class Catch:
    """How a bug was caught.

    Attributes:
        seed: whose history noticed it; None if none did.
        promise: what was broken.
        histories: how many were played.
    """

    bug: str
    seed: int | None
    promise: str
    histories: int


def hunt(name: str, first: int = 1, most: int = MOST_HISTORIES) -> Catch:
    """Plays histories with the bug until one breaks a promise."""
    logger.disable("trueup")
    bug = next(bug for bug in ALL_BUGS if bug.name == name)
    with thawed():
        for seed in range(first, first + most):
            verdict = play(draw_history(seed), start=bug.start)
            if verdict.findings:
                return Catch(name, seed, verdict.findings[0].promise, seed - first + 1)
    return Catch(name, None, "", most)


def prove(processes: int) -> Iterable[Catch]:
    """Hunts every bug, some at once; in their sequence."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(hunt, [bug.name for bug in ALL_BUGS])


def row(catch: Catch) -> str:
    """One line of the table."""
    if catch.seed is None:
        return f"{catch.bug:42}  SURVIVED {catch.histories} histories"
    return f"{catch.bug:42}  seed {catch.seed:5}  {catch.promise:32}  {catch.histories:5}"
