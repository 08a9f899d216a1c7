"""Drawing the moves of a history: bursts of faults and changes around runs of the engine."""

from collections.abc import Callable

from trueup.domain.model.commands import Operation
from trueup.engine.run.crash_points import POINTS
from trueup.simulator import Fault, FaultKind, ReduceOnlySum

from ..scene.drawing import draw_ladder
from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from . import moves
from .moves import Move
from .stale_reads import draw_stale_reads

_OF_ORDERS = (Operation.PLACE, Operation.AMEND, Operation.CANCEL)
IN_FLIGHT = tuple(f"{operation.value}.in-flight" for operation in _OF_ORDERS)
_FAULTS = tuple(kind for kind in FaultKind if kind is not FaultKind.ROWS_LEFT_OUT)
_WRITES = ("order/create-batch", "order/amend-batch", "order/cancel-batch", "order/create-batch")
_READS = (
    "order/realtime",
    "order/history",
    "execution/list",
    "position/list",
    "",
)
_UNCERTAIN_CODES = (10000, 10016, 10429)
_REFUSING_CODES = (10006, 110001, 110079, 33004, 10001)
_REFUSING_STATUSES = (403,)
_LATE_MS = 4900
_FOREIGN_IDS = ("", "MANUAL", "BOT_TPSL_BAND", "my-own")

_Draw = Callable[[SeededRandom, Scene, int], Move]


def draw_moves(random: SeededRandom, scene: Scene) -> tuple[Move, ...]:
    """Draws one to three bursts: a run of the engine, with faults and changes around and in it."""
    drawn: list[Move] = [moves.SweepAll(0)]
    if random.happens(40):
        drawn += _trouble(random, scene, 0)
    if random.happens(40):
        monitor = random.between(0, len(scene.monitors) - 1)
        drawn.append(_event(random, scene, monitor, random.between(1, 600)))
    at_ms = random.between(500, 3000)
    for _ in range(random.weighted(((6, 1), (3, 2), (1, 3)))):
        drawn += _burst(random, scene, at_ms)
        at_ms += random.weighted(
            ((3, random.between(100, 3000)), (1, random.between(5000, 40_000)))
        )
    if random.happens(25):
        drawn += draw_stale_reads(random, scene, random.between(500, max(at_ms, 501)))
    return tuple(sorted(drawn, key=lambda move: move.at_ms))


def _burst(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    monitor = random.between(0, len(scene.monitors) - 1)
    found: list[Move] = [moves.Run(at_ms, monitor)]
    found += [
        _event(random, scene, monitor, at_ms + random.between(-200, 200))
        for _ in range(random.between(1, 3))
    ]
    if random.happens(55):
        found += _trouble(random, scene, at_ms)
    if random.happens(20):
        found.append(moves.Wake(at_ms + random.between(0, 200), monitor))
    return found


def _event(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> Move:
    at_ms = max(at_ms, 1)
    key = scene.monitors[monitor].key
    spec, base = scene.spec(key.symbol), scene.base_price(key.symbol)
    place, count = random.between(0, 4), random.between(1, 30)
    choices: tuple[tuple[int, Callable[[], Move]], ...] = (
        (20, lambda: moves.FillEntry(at_ms, monitor, count)),
        (20, lambda: moves.FillTakeProfit(at_ms, monitor, place, random.choice((None, 1, 2, 5)))),
        (6, lambda: moves.SetPosition(at_ms, monitor, random.choice((0, 0, 5, 30, 50, 80)))),
        (8, lambda: moves.CancelByHand(at_ms, monitor, place)),
        (6, lambda: moves.AmendByHand(at_ms, monitor, place, *_change(random))),
        (3, lambda: moves.Flip(at_ms, monitor, count)),
        (5, lambda: moves.MovePrice(at_ms, _place_of(scene, key.symbol), random.between(-40, 40))),
        (5, lambda: _external(random, scene, monitor, at_ms)),
        (3, lambda: moves.SetStopLoss(at_ms, monitor, random.between(50, 90))),
        (7, lambda: moves.EditLadder(at_ms, monitor, draw_ladder(random, key.side, spec, base))),
    )
    return random.weighted(choices)()


def _external(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> Move:
    """An external order; where the exchange adds up reduce-only orders, one that takes no room."""
    adds_up = scene.behaviour.reduce_only_sum is not ReduceOnlySum.ALLOW
    link_id, is_stop = random.choice(_FOREIGN_IDS), random.happens(60) or adds_up
    return moves.PlaceExternal(
        at_ms, monitor, link_id, is_stop, random.between(60, 90), random.between(1, 20)
    )


def _change(random: SeededRandom) -> tuple[int, int]:
    return random.weighted(
        ((1, (random.between(1, 4), 0)), (1, (0, random.choice((-2, -1, 1, 3)))))
    )


def _place_of(scene: Scene, symbol: str) -> int:
    return [spec.symbol for spec, _ in scene.instruments].index(symbol)


def _trouble(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    before = max(at_ms - 1, 0)
    choices: tuple[tuple[int, Callable[[], Move]], ...] = (
        (60, lambda: moves.SpoilRequests(before, _fault(random, scene))),
        (30, lambda: moves.CrashAt(before, *_crash(random))),
        (4, lambda: moves.DriftClock(before, *_drift(random))),
        (3, lambda: moves.RestartExchange(before)),
        (5, lambda: moves.RefuseAlerts(before, random.between(1, 3))),
    )
    return [random.weighted(choices)() for _ in range(random.between(1, 2))]


def _crash(random: SeededRandom) -> tuple[str, int]:
    return random.choice((*POINTS, *IN_FLIGHT, *IN_FLIGHT)), random.weighted(((4, 1), (1, 2)))


def _drift(random: SeededRandom) -> tuple[int, int]:
    return random.choice((-2000, 1500, 7000, 600)), random.between(500, 20_000)


def _fault(random: SeededRandom, scene: Scene) -> Fault:
    kind = random.choice((*_FAULTS, FaultKind.REPLY_LOST, FaultKind.LATE_EFFECT))
    stale = kind is FaultKind.STALE_READ
    path = random.choice(_READS if stale else _WRITES * 2 + _READS)
    delay = 0
    if kind is FaultKind.LATE_EFFECT:
        delay = random.between(200, _LATE_MS)
    elif kind is FaultKind.LATE_REPLY:
        delay = random.choice((300, 9000))
    elif stale:
        delay = random.between(100, 2000)
    effect = random.happens(50)
    return Fault(
        kind=kind,
        path=path,
        uid=random.choice(scene.accounts).name,
        skip=random.weighted(((3, 0), (2, 1), (1, 4))),
        times=random.weighted(((5, 1), (3, 2), (0 if stale else 1, 12))),
        effect=effect,
        delay_ms=delay,
        status=random.choice((500, 502, 504, *(() if effect else _REFUSING_STATUSES))),
        code=random.choice(_UNCERTAIN_CODES + (() if effect else _REFUSING_CODES)),
    )
