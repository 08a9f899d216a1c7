"""Drawing people who close positions by command, in histories of seeds of their own.

No history of a seed below the first of these has any, so that all of those stay as they were.
"""

from trueup.simulator import Fault, FaultKind

from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from . import moves
from .moves import Move

FIRST_SEED = 60_000_001
"""The first seed whose history has them."""

_PATH = "order/create-batch"
_POINTS = (
    "close.before-send",
    "close.after-reply",
    "placing.before-commit",
    "placing.after-commit",
    "validating.before-commit",
    "validating.after-commit",
    "alerting.before-commit",
)
_LOST = (
    FaultKind.REQUEST_LOST,
    FaultKind.REPLY_LOST,
    FaultKind.REPLY_LOST,
    FaultKind.LATE_EFFECT,
    FaultKind.SERVER_ERROR,
)
_LATE_MS = 4900


def draw_closes(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in histories of the later seeds with one to three closes."""
    random = SeededRandom(f"{seed}-closes")
    if seed < FIRST_SEED:
        return drawn
    more: list[Move] = []
    at_ms = random.between(500, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 3)):
        more += _close(random, scene, at_ms)
        at_ms += random.choice((400, 9000, 40_000))
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _close(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    """A close, mostly with trouble, and what runs, fills, or opens anew around it."""
    place = random.between(0, len(scene.monitors) - 1)
    share = random.choice((100, 100, 50, 50, 25, 1))
    found: list[Move] = [moves.CloseByCommand(at_ms, place, share)]
    if random.happens(70):
        found.append(_trouble(random, scene, place, at_ms - 1))
    if random.happens(35):
        found.append(moves.FillEntry(at_ms + random.between(1, 400), place, random.between(1, 30)))
    if random.happens(20):
        closed_ms = at_ms + random.choice((0, 1, 300, 5000))
        found.append(moves.SetPosition(closed_ms, place, 0))
        found.append(moves.FillEntry(closed_ms + random.choice((1, 400)), place, 40))
    found.append(moves.Run(at_ms + random.choice((1, 2, 40)), place))
    if random.happens(60):
        found.append(moves.Run(at_ms + random.choice((150, 900, 6000, 22_000)), place))
    return found


def _trouble(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> Move:
    if random.happens(50):
        return moves.CrashAt(at_ms, random.choice(_POINTS), random.weighted(((4, 1), (1, 2))))
    kind = random.choice(_LOST)
    fault = Fault(
        kind=kind,
        path=_PATH,
        uid=scene.monitors[place].key.account,
        skip=random.weighted(((4, 0), (1, 1))),
        times=random.weighted(((5, 1), (2, 2))),
        effect=random.happens(50),
        delay_ms=random.between(200, _LATE_MS) if kind is FaultKind.LATE_EFFECT else 0,
        status=502,
    )
    return moves.SpoilRequests(at_ms, fault)
