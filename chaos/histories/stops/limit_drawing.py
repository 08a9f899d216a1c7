"""Drawing stops that are limit orders of trueup's, in histories of seeds of their own.

They are the later half of the histories whose stops are orders, in which most of those have a limit
price behind their trigger. No history of any other seed has one.
"""

from dataclasses import replace

from trueup.domain.model.stop import Stop, StopForm

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move
from .form_drawing import LAST_SEED

FIRST_SEED = 55_000_001
"""The first seed whose history has them; the last is that of stops which are orders."""

_PERCENT = 75
_PERCENTS = ("0.1", "0.5", "0.5", "2")
_PAST = (-1, 3, 40, 40, 150)
_LASTS_MS = (900, 4000, 20_000, 90_000)


def draw_limits(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of these seeds with such stops.

    In some, the market gaps past the limit, so that the order rests unfilled.
    """
    random = SeededRandom(f"{seed}-limits")
    if not FIRST_SEED <= seed <= LAST_SEED:
        return scene, drawn
    monitors = tuple(
        replace(one, stop=_with_limit(random, one.stop, surely=not place)) if one.stop else one
        for place, one in enumerate(scene.monitors)
    )
    changed = [
        replace(move, stop=_with_limit(random, move.stop))
        if isinstance(move, moves.GiveStop)
        else move
        for move in drawn
    ]
    if random.happens(50):
        at_ms = random.between(300, max(move.at_ms for move in drawn) + 1000)
        lasts_ms = random.choice(_LASTS_MS)
        changed += [
            moves.ReachStop(at_ms, 0, random.choice(_PAST), is_gap=True, lasts_ms=lasts_ms),
            moves.Run(at_ms + random.choice((1, 40, 500)), 0),
        ]
    in_time = sorted(changed, key=lambda move: move.at_ms)
    return replace(scene, monitors=monitors), tuple(in_time)


def _with_limit(random: SeededRandom, stop: Stop, *, surely: bool = False) -> Stop:
    """The stop as a limit order, if it is an order of trueup's."""
    if stop.form is not StopForm.ORDER or not (surely or random.happens(_PERCENT)):
        return stop
    limit = Stop.of(percent=1, form="order", limit_percent=random.choice(_PERCENTS))
    return replace(stop, limit_percent=limit.limit_percent)
