"""Drawing a process that is stopped before a write leaves, with random numbers of its own."""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 6
_POINTS = ("amend.before-send", "amend.before-send", "place.before-send", "cancel.before-send")
_LASTS_MS = (400, 3000, 12_000, 60_000, 600_000)


def draw_pauses(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a process that stands still."""
    random = SeededRandom(f"{seed}-pause")
    if not random.happens(_PERCENT):
        return drawn
    last_ms = max(move.at_ms for move in drawn)
    at_ms = random.between(0, last_ms + 1000)
    place = random.between(0, len(scene.monitors) - 1)
    more: list[Move] = [
        moves.StandStill(
            at_ms,
            place,
            random.choice(_POINTS),
            random.choice(_LASTS_MS),
            random.choice((30, 60, 90)),
        ),
        moves.FillEntry(at_ms + 1, place, random.between(5, 30)),
        moves.Run(at_ms + 2, place),
    ]
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
