"""Drawing a write that arrives later than the engine is told it may, by random numbers of its own.

The engine counts it as without effect by then, and has done something else instead. All that is
promised is that the next pass finds what it did, puts that right, and says so. Histories that are
run by hand only: ten minutes pass before they settle, so that it has arrived by then.
"""

from datetime import timedelta

from trueup.simulator import Fault, FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 3
_LATER_MS = (1000, 9000, 60_000)
_MS = timedelta(milliseconds=1)


def draw_too_late(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a write that arrives too late."""
    random = SeededRandom(f"{seed}-too-late")
    if scene.is_live or not random.happens(_PERCENT):
        return drawn
    if any(spec.delivery_ms for spec, _ in scene.instruments):
        return drawn
    place = random.between(0, len(scene.monitors) - 1)
    at_ms = random.between(0, max(move.at_ms for move in drawn) + 1000)
    total_ms = scene.lateness.total // _MS
    fault = Fault(
        kind=FaultKind.LATE_EFFECT,
        path=random.choice(("order/create-batch", "order/amend-batch", "order/cancel-batch")),
        uid=scene.monitors[place].key.account,
        times=random.between(1, 2),
        delay_ms=total_ms + scene.behaviour.visible_delay_ms + random.choice(_LATER_MS),
    )
    more: list[Move] = [
        moves.SpoilRequests(at_ms, fault),
        moves.FillEntry(at_ms + 1, place, random.between(1, 30)),
        moves.Run(at_ms + 2, place),
        moves.SetPosition(at_ms + 1000, place, random.choice((30, 50, 80))),
    ]
    runs_ms = (1001, total_ms // 2, total_ms, fault.delay_ms - 500, fault.delay_ms + 40_000)
    more += [moves.Run(at_ms + after_ms, place) for after_ms in runs_ms if random.happens(80)]
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
