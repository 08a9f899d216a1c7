"""Drawing a wall clock that is set forth or back, with random numbers of its own.

The clock is wrong for a while: in the middle of a run, between runs, and across a restart of the
process. A contract that ends has notices by the calendar, so scenes with one are left out.
"""

from trueup.simulator import Fault, FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 8
_MINUTE_MS = 60_000
_BY_MS = (_MINUTE_MS, 60 * _MINUTE_MS, 365 * 24 * 60 * _MINUTE_MS)
_LASTS_MS = (300, 3000, 20_000, 90_000, 400_000)


def draw_clock(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a clock that is set."""
    random = SeededRandom(f"{seed}-clock")
    if not random.happens(_PERCENT) or any(spec.delivery_ms for spec, _ in scene.instruments):
        return drawn
    last_ms = max(move.at_ms for move in drawn)
    at_ms = random.choice((0, random.between(0, last_ms + 1000)))
    by_ms = random.choice(_BY_MS)
    ahead_ms = random.choice((by_ms, -by_ms))
    more: list[Move] = [moves.SetClock(at_ms, ahead_ms, random.choice(_LASTS_MS))]
    if random.happens(40):
        more.append(moves.Restart(at_ms + random.choice((1, 500, 5000, 30_000))))
    if random.happens(60):
        more += _lost_write(random, scene, at_ms)
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _lost_write(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    """A write that leaves while the clock is wrong, and of which nothing is seen, or late.

    Then the position moves, so that the plan may have no use for it.
    """
    place = random.between(0, len(scene.monitors) - 1)
    kind = random.choice((FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST, FaultKind.LATE_EFFECT))
    fault = Fault(
        kind=kind,
        path=random.choice(("order/create-batch", "order/amend-batch")),
        uid=scene.monitors[place].key.account,
        times=random.between(1, 3),
        delay_ms=random.choice((3000, 6000)) if kind is FaultKind.LATE_EFFECT else 0,
    )
    moved_ms = at_ms + random.choice((300, 2000, 9000))
    return [
        moves.SpoilRequests(at_ms + 1, fault),
        random.choice(
            (
                moves.FillEntry(at_ms + 1, place, random.between(5, 30)),
                moves.CancelByHand(at_ms + 1, place, random.between(0, 3)),
            )
        ),
        moves.Run(at_ms + 2, place),
        moves.SetPosition(moved_ms, place, random.choice((30, 50, 80))),
        moves.Run(moved_ms + 1, place),
    ]
