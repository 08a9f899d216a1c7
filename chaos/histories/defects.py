"""Drawing defects: exceptions that the engine's own code raises in the middle of runs."""

from trueup.engine.run.crash_points import COMMITS, SENDS

from ..scene.seeded_random import SeededRandom
from .moves import Move, RaiseAt

FIRST_SEED = 5001
"""Histories of earlier seeds have no defects, so that they stay as they were first drawn."""
POINTS = tuple(point for point in (*COMMITS, *SENDS) if not point.endswith(".after-commit"))
"""A commit may end its run; nothing that the run does comes after it."""
_PERCENT = 10


def draw_defects(seed: int, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves, in some histories with a defect just before one of them or more.

    They are drawn after everything else, by random numbers of their own.
    """
    random = SeededRandom(f"{seed}-defects")
    if seed < FIRST_SEED or not random.happens(_PERCENT):
        return drawn
    found = list(drawn)
    for _ in range(random.between(1, 3)):
        at_ms = max(random.choice(drawn).at_ms - 1, 0)
        found.append(RaiseAt(at_ms, random.choice(POINTS), random.weighted(((4, 1), (1, 2)))))
    return tuple(sorted(found, key=lambda move: move.at_ms))
