"""Drawing what a bot hands to trueup, with random numbers of its own: callbacks, and sinks.

Callbacks may raise. A second sink may be slow, or not return for minutes, while the position moves
and the process is restarted; no history of a seed below the first of these has one, so that all of
those stay as they were.
"""

from dataclasses import replace

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

FIRST_SEED = 20_000_001
"""The first seed whose history may have a second sink."""

_RAISE_PERCENT = 10
_SLOW_PERCENT = 60
_EACH_MS = (40, 3000, 30_000, 180_000, 900_000)
_CALLS = (1, 1, 3)


def draw_callbacks(seed: int, scene: Scene) -> Scene:
    """The scene of a seed, in some live histories with callbacks that raise."""
    random = SeededRandom(f"{seed}-callbacks")
    return replace(scene, callbacks_raise=scene.is_live and random.happens(_RAISE_PERCENT))


def draw_slow_sink(
    seed: int, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of the later seeds with a slow sink."""
    random = SeededRandom(f"{seed}-sinks")
    if seed < FIRST_SEED or not random.happens(_SLOW_PERCENT):
        return scene, drawn
    more: list[Move] = []
    at_ms = random.between(0, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 2)):
        each_ms = random.choice(_EACH_MS)
        lasts_ms = each_ms * random.choice(_CALLS)
        refuses = random.weighted(((3, 0), (1, 1), (1, 4)))
        more.append(moves.SlowSink(at_ms, each_ms, lasts_ms, refuses))
        for _ in range(random.between(1, 3)):
            place = random.between(0, len(scene.monitors) - 1)
            then_ms = at_ms + random.between(1, lasts_ms)
            more.append(moves.FillEntry(then_ms, place, random.between(1, 30)))
            more.append(moves.Run(then_ms + 1, place))
        if random.happens(40):
            more.append(moves.Restart(at_ms + random.between(1, lasts_ms)))
        at_ms += lasts_ms + random.choice((5, 2000, 20_000))
    moved = tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
    return replace(scene, has_slow_sink=True), moved
