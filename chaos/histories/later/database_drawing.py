"""Drawing a database that cannot be written for a while, with random numbers of its own.

It is away before a run, or from the middle of one on: between the commit of what is to be sent and
that of what became of it. Meanwhile the position moves.
"""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 6
_LASTS_MS = (50, 400, 3000, 8000, 60_000)


def draw_outages(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a database that is away, once or twice."""
    random = SeededRandom(f"{seed}-database")
    if not random.happens(_PERCENT):
        return drawn
    more: list[Move] = []
    at_ms = random.between(0, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 2)):
        place, lasts_ms = random.between(0, len(scene.monitors) - 1), random.choice(_LASTS_MS)
        began_ms = at_ms + random.choice((0, 0, 20, 60, 150, 400))
        more += [
            moves.FillEntry(at_ms, place, random.between(5, 30)),
            moves.Run(at_ms + 1, place),
            moves.LoseDatabase(began_ms + 2, lasts_ms),
            random.choice(
                (
                    moves.FillTakeProfit(began_ms + 3, place, random.between(0, 3), None),
                    moves.SetPosition(began_ms + 3, place, random.choice((0, 30, 80))),
                    moves.FillEntry(began_ms + 3, place, random.between(5, 30)),
                )
            ),
            moves.Run(began_ms + 4, place),
            moves.Run(began_ms + lasts_ms + random.choice((1, 500, 6000)), place),
        ]
        at_ms = began_ms + lasts_ms + random.choice((5, 2000, 20_000))
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
