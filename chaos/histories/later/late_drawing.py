"""Drawing an exchange that is as late as the engine is told, with random numbers of its own.

Requests and reads may then be 10, 20 or 30 s late: reads lag by up to as much, or single ones are
as old, and writes are held up for up to as long. In live histories single lists lag behind the
stream. Nothing is later than the engine is told.
"""

from dataclasses import replace

from trueup.simulator import Fault, FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PERCENT = 6
_SECONDS = (10, 20, 30)
_SECOND_MS = 1000
_WRITES = (
    "order/create-batch",
    "order/amend-batch",
    "order/amend-batch",
    "order/cancel-batch",
    "-batch",
)
_LISTS = ("order/realtime", "order/realtime", "position/list", "order/history", "")


def draw_late(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in some histories with an exchange that is late."""
    random = SeededRandom(f"{seed}-late")
    if not random.happens(_PERCENT) or any(spec.delivery_ms for spec, _ in scene.instruments):
        return scene, drawn
    seconds = random.choice(_SECONDS)
    most_ms = seconds * _SECOND_MS - 1
    behaviour = scene.behaviour
    if random.happens(60):
        lag_ms = _nearly(random, most_ms - behaviour.effect_delay_ms)
        behaviour = replace(
            behaviour, visible_delay_ms=lag_ms, history_delay_ms=random.choice((0, lag_ms))
        )
    scene = replace(scene, late_seconds=seconds, behaviour=behaviour)
    more: list[Move] = []
    at_ms = random.between(0, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 3)):
        more += _burst(random, scene, at_ms, most_ms)
        at_ms += random.choice((50, 3000, 8000, most_ms))
    return scene, tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _nearly(random: SeededRandom, most_ms: int) -> int:
    """How late something is: as late as it may be, or somewhat less."""
    return random.weighted(
        ((2, most_ms), (3, random.between(5000, most_ms)), (1, random.between(100, 5000)))
    )


def _burst(random: SeededRandom, scene: Scene, at_ms: int, most_ms: int) -> list[Move]:
    """A reason to write, writes or reads that are late, and runs while they are."""
    place = random.between(0, len(scene.monitors) - 1)
    uid = scene.monitors[place].key.account
    draw = random.choice((_held_up, _held_up, _old_reads))
    found: list[Move] = [
        moves.SpoilRequests(at_ms, draw(random, scene, uid, most_ms)),
        _reason(random, at_ms + 1, place),
        moves.Run(at_ms + 2, place),
    ]
    for _ in range(random.between(1, 3)):
        at_ms += random.choice((300, 2000, 6000, 9000, most_ms // 2, most_ms))
        found += [_reason(random, at_ms + 1, place), moves.Run(at_ms + 2, place)]
        if random.happens(20):
            found.append(moves.Restart(at_ms))
    return found


def _reason(random: SeededRandom, at_ms: int, place: int) -> Move:
    """What gives the engine something to do."""
    move: Move = random.weighted(
        (
            (3, moves.FillEntry(at_ms, place, random.between(1, 30))),
            (3, moves.SetPosition(at_ms, place, random.choice((0, 30, 50, 80)))),
            (
                2,
                moves.FillTakeProfit(
                    at_ms, place, random.between(0, 4), random.choice((None, 1, 5))
                ),
            ),
            (1, moves.CancelByHand(at_ms, place, random.between(0, 3))),
            (1, moves.Wake(at_ms, place)),
        )
    )
    return move


def _held_up(random: SeededRandom, scene: Scene, uid: str, most_ms: int) -> Fault:
    """Writes that arrive late."""
    del scene
    return Fault(
        kind=FaultKind.LATE_EFFECT,
        path=random.choice(_WRITES),
        uid=uid,
        skip=random.weighted(((3, 0), (1, 1))),
        times=random.between(1, 4),
        delay_ms=_nearly(random, most_ms),
    )


def _old_reads(random: SeededRandom, scene: Scene, uid: str, most_ms: int) -> Fault:
    """Reads that are old: a few; on a stream, of a single list and for a while."""
    lasts_ms = random.choice((3000, most_ms)) if scene.is_live else None
    return Fault(
        kind=FaultKind.STALE_READ,
        path=random.choice(_LISTS),
        uid=uid,
        times=random.between(1, 6) if lasts_ms is None else None,
        lasts_ms=lasts_ms,
        delay_ms=_nearly(random, most_ms - scene.behaviour.effect_delay_ms),
    )
