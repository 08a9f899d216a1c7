"""Drawing rivals: somebody else who keeps changing our orders, or places orders like ours.

They are drawn after everything else, by random numbers of their own, so that what was drawn for a
seed before stays as it was.
"""

from trueup.simulator import ReduceOnlySum

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ..moves.manual import AmendByHand, CancelByHand
from ..moves.move import Move
from ..moves.process import Run
from ..moves.rivals import PlaceLikeOurs

_PERCENT = 5


def draw_rivals(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with those of a rival."""
    random = SeededRandom(f"{seed}-rivals")
    more: list[Move] = []
    if random.happens(_PERCENT):
        more += _hands(random, scene, drawn)
    if random.happens(_PERCENT):
        more += _orders(random, scene, drawn)
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms)) if more else drawn


def _hands(random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]) -> list[Move]:
    """Changes of one monitor's orders, at a pace; the engine runs after most of them."""
    at_ms, monitor = _place(random, scene, drawn)
    every_ms = random.choice((50, 400, 3000, 20_000))
    found: list[Move] = []
    for _ in range(random.between(3, 9)):
        place = random.between(0, 4)
        ticks, steps = random.choice(((1, 0), (3, 0), (0, -2), (0, -1), (0, 5), (2, -3)))
        hand = random.weighted(
            (
                (3, AmendByHand(at_ms, monitor, place, ticks, steps)),
                (1, CancelByHand(at_ms, monitor, place)),
            )
        )
        found.append(hand)
        if random.happens(80):
            found.append(Run(at_ms + 1, monitor))
        at_ms += every_ms
    return found


def _orders(random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]) -> list[Move]:
    """Orders with ids like ours beside one monitor's, where they take no room."""
    at_ms, monitor = _place(random, scene, drawn)
    if scene.behaviour.reduce_only_sum is not ReduceOnlySum.ALLOW:
        return []
    found: list[Move] = []
    for _ in range(random.between(1, 3)):
        ticks, steps = random.choice((0, 0, 1, 7)), random.between(1, 20)
        place, digits = random.between(0, 4), random.between(1000, 9999)
        found.append(PlaceLikeOurs(at_ms, monitor, place, ticks, steps, digits))
        if random.happens(50):
            found.append(CancelByHand(at_ms + 1, monitor, random.between(0, 4)))
        found.append(Run(at_ms + 2, monitor))
        at_ms += random.choice((10, 1000, 30_000))
    return found


def _place(random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]) -> tuple[int, int]:
    """When it begins, and beside which monitor."""
    last_ms = max(move.at_ms for move in drawn)
    return random.between(1, last_ms + 1000), random.between(0, len(scene.monitors) - 1)
