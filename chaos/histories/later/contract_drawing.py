"""Drawing the end of a dated future, after everything else and with random numbers of its own."""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 50
_AFTER_MS = 21_000
"""A halt that another move began lasts no longer."""


def draw_delivery(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed; where the scene has a dated future, in half of them its delivery."""
    random = SeededRandom(f"{seed}-delivery")
    dated = [place for place, (spec, _) in enumerate(scene.instruments) if spec.delivery_ms]
    if not dated or not random.happens(_PERCENT):
        return drawn
    at_ms = max(move.at_ms for move in drawn) + _AFTER_MS + random.between(0, 3000)
    return (*drawn, moves.Deliver(at_ms, dated[0]))
