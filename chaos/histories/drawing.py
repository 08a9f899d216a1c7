"""Drawing the moves of a history: bursts of trouble around runs of the engine."""

from collections.abc import Callable

from trueup.domain.model.commands import Operation
from trueup.engine.run.crash_points import POINTS
from trueup.simulator import Fault, FaultKind, ReduceOnlySum

from ..exchange.dice import Dice
from ..exchange.scene import Scene, draw_ladder
from . import moves
from .moves import Move
from .stale_reads import draw_old_books

IN_FLIGHT = tuple(f"{operation.value}.in-flight" for operation in Operation)
_WRITES = ("order/create-batch", "order/amend-batch", "order/cancel-batch", "order/create-batch")
_READS = (
    "order/realtime",
    "order/history",
    "execution/list",
    "position/list",
    "",
)
_UNSETTLED_CODES = (10000, 10016, 10429)
_REFUSING_CODES = (10006, 110001, 110079, 33004, 10001)
_REFUSING_STATUSES = (403,)
_LATE_MS = 4900
_FOREIGN_IDS = ("", "MANUAL", "BOT_TPSL_BAND", "my-own")

_Draw = Callable[[Dice, Scene, int], Move]


def draw_moves(dice: Dice, scene: Scene) -> tuple[Move, ...]:
    """Two to five bursts: a run of the engine, and what happens shortly before and during it."""
    drawn: list[Move] = [moves.SweepAll(0)]
    if dice.chance(40):
        drawn += _trouble(dice, scene, 0)
    if dice.chance(40):
        monitor = dice.among(0, len(scene.monitors) - 1)
        drawn.append(_happening(dice, scene, monitor, dice.among(1, 600)))
    at_ms = dice.among(500, 3000)
    for _ in range(dice.weighted(((6, 1), (3, 2), (1, 3)))):
        drawn += _burst(dice, scene, at_ms)
        at_ms += dice.weighted(((3, dice.among(100, 3000)), (1, dice.among(5000, 40_000))))
    if dice.chance(25):
        drawn += draw_old_books(dice, scene, dice.among(500, max(at_ms, 501)))
    return tuple(sorted(drawn, key=lambda move: move.at_ms))


def _burst(dice: Dice, scene: Scene, at_ms: int) -> list[Move]:
    monitor = dice.among(0, len(scene.monitors) - 1)
    found: list[Move] = [moves.Run(at_ms, monitor)]
    found += [
        _happening(dice, scene, monitor, at_ms + dice.among(-200, 200))
        for _ in range(dice.among(1, 3))
    ]
    if dice.chance(55):
        found += _trouble(dice, scene, at_ms)
    if dice.chance(20):
        found.append(moves.Wake(at_ms + dice.among(0, 200), monitor))
    return found


def _happening(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> Move:
    at_ms = max(at_ms, 1)
    key = scene.monitors[monitor].key
    spec, base = scene.spec(key.symbol), scene.base_price(key.symbol)
    place, count = dice.among(0, 4), dice.among(1, 30)
    choices: tuple[tuple[int, Callable[[], Move]], ...] = (
        (20, lambda: moves.FillEntry(at_ms, monitor, count)),
        (20, lambda: moves.FillTakeProfit(at_ms, monitor, place, dice.one_of((None, 1, 2, 5)))),
        (6, lambda: moves.SetPosition(at_ms, monitor, dice.one_of((0, 0, 5, 30, 50, 80)))),
        (8, lambda: moves.CancelByHand(at_ms, monitor, place)),
        (6, lambda: moves.AmendByHand(at_ms, monitor, place, *_change(dice))),
        (3, lambda: moves.Flip(at_ms, monitor, count)),
        (5, lambda: moves.MovePrice(at_ms, _place_of(scene, key.symbol), dice.among(-40, 40))),
        (5, lambda: _foreign(dice, scene, monitor, at_ms)),
        (3, lambda: moves.SetStopLoss(at_ms, monitor, dice.among(50, 90))),
        (7, lambda: moves.EditLadder(at_ms, monitor, draw_ladder(dice, key.side, spec, base))),
    )
    return dice.weighted(choices)()


def _foreign(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> Move:
    """A foreign order; where the exchange adds reduce-only orders up, one that takes no room."""
    adds_up = scene.behaviour.reduce_only_sum is not ReduceOnlySum.ALLOW
    link_id, is_stop = dice.one_of(_FOREIGN_IDS), dice.chance(60) or adds_up
    return moves.PlaceForeign(
        at_ms, monitor, link_id, is_stop, dice.among(60, 90), dice.among(1, 20)
    )


def _change(dice: Dice) -> tuple[int, int]:
    return dice.weighted(((1, (dice.among(1, 4), 0)), (1, (0, dice.one_of((-2, -1, 1, 3))))))


def _place_of(scene: Scene, symbol: str) -> int:
    return [spec.symbol for spec, _ in scene.instruments].index(symbol)


def _trouble(dice: Dice, scene: Scene, at_ms: int) -> list[Move]:
    before = max(at_ms - 1, 0)
    choices: tuple[tuple[int, Callable[[], Move]], ...] = (
        (60, lambda: moves.SpoilRequests(before, _fault(dice, scene))),
        (30, lambda: moves.CrashAt(before, *_crash(dice))),
        (4, lambda: moves.DriftClock(before, *_drift(dice))),
        (3, lambda: moves.RestartExchange(before)),
        (5, lambda: moves.RefuseAlerts(before, dice.among(1, 3))),
    )
    return [dice.weighted(choices)() for _ in range(dice.among(1, 2))]


def _crash(dice: Dice) -> tuple[str, int]:
    return dice.one_of((*POINTS, *IN_FLIGHT, *IN_FLIGHT)), dice.weighted(((4, 1), (1, 2)))


def _drift(dice: Dice) -> tuple[int, int]:
    return dice.one_of((-2000, 1500, 7000, 600)), dice.among(500, 20_000)


def _fault(dice: Dice, scene: Scene) -> Fault:
    kind = dice.one_of((*FaultKind, FaultKind.REPLY_LOST, FaultKind.LATE_EFFECT))
    stale = kind is FaultKind.STALE_READ
    path = dice.one_of(_READS if stale else _WRITES * 2 + _READS)
    delay = 0
    if kind is FaultKind.LATE_EFFECT:
        delay = dice.among(200, _LATE_MS)
    elif kind is FaultKind.LATE_REPLY:
        delay = dice.one_of((300, 9000))
    elif stale:
        delay = dice.among(100, 2000)
    effect = dice.chance(50)
    return Fault(
        kind=kind,
        path=path,
        uid=dice.one_of(scene.accounts).name,
        skip=dice.weighted(((3, 0), (2, 1), (1, 4))),
        times=dice.weighted(((5, 1), (3, 2), (0 if stale else 1, 12))),
        effect=effect,
        delay_ms=delay,
        status=dice.one_of((500, 502, 504, *(() if effect else _REFUSING_STATUSES))),
        code=dice.one_of(_UNSETTLED_CODES + (() if effect else _REFUSING_CODES)),
    )
