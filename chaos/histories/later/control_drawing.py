"""Drawing people who pause, halt and resume, in histories of seeds of their own.

No history of a seed below the first of these has any, so that all of those stay as they were.
"""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move
from ..moves.controls import Stopped

FIRST_SEED = 10_000_001
"""The first seed whose history may have them."""

_PERCENT = 60
_LASTS_MS = (200, 3000, 20_000, 90_000, 400_000)
_WHAT = (
    (4, Stopped.MONITOR),
    (3, Stopped.ACCOUNT),
    (1, Stopped.ALL),
    (3, Stopped.HALT),
)


def draw_controls(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in histories of the later seeds with one or two pauses or halts."""
    random = SeededRandom(f"{seed}-controls")
    if seed < FIRST_SEED or not random.happens(_PERCENT):
        return drawn
    more: list[Move] = []
    for _ in range(random.weighted(((3, 1), (1, 2)))):
        more += _stop(random, scene, drawn)
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _stop(random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]) -> list[Move]:
    """A pause or a halt, often in the middle of a run that writes, and what happens meanwhile."""
    place = random.between(0, len(scene.monitors) - 1)
    at_ms = random.between(1, max(move.at_ms for move in drawn) + 1000)
    lasts_ms = random.choice(_LASTS_MS)
    found: list[Move] = [moves.FillEntry(at_ms, place, random.between(1, 30))]
    found.append(moves.Run(at_ms + 1, place))
    stops_ms = at_ms + random.choice((0, 1, 30, 90, 150, 220, 300, 500, 900))
    found.append(moves.Stop(stops_ms, place, random.weighted(_WHAT), lasts_ms))
    meanwhile_ms = stops_ms + random.between(1, lasts_ms)
    found.append(moves.FillEntry(meanwhile_ms, place, random.between(1, 30)))
    if random.happens(40):
        found.append(moves.Restart(meanwhile_ms + 1))
    found.append(moves.Run(meanwhile_ms + 2, place))
    return found
