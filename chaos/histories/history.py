"""A history: a scene, the moves that happen in it, and how it comes to rest."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from ..scene.drawing import draw_scene
from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from .drawing import draw_moves
from .live_drawing import draw_stream_faults
from .moves import Move

LIVE_EVERY = 3


@dataclass(frozen=True, slots=True)
class History:
    """One seed's history; the moves may be fewer than were drawn."""

    seed: int
    scene: Scene
    moves: tuple[Move, ...]

    def keep(self, places: Collection[int]) -> "History":
        """The history with only the moves at these places."""
        kept = tuple(move for place, move in enumerate(self.moves) if place in places)
        return History(self.seed, self.scene, kept)


def draw_history(seed: int, *, live: bool = True) -> History:
    """The history of a seed; every so-manieth lives, unless none shall.

    What lives is drawn alike, and its streams' faults after all else.
    """
    random = SeededRandom(seed)
    scene = draw_scene(random)
    drawn = draw_moves(random, scene)
    if not live or seed % LIVE_EVERY:
        return History(seed, scene, drawn)
    scene = replace(scene, is_live=True)
    return History(seed, scene, draw_stream_faults(random, scene, drawn))
