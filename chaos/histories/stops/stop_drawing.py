"""Drawing stops, and what happens to them, in histories of seeds of their own.

No history of a seed below the first of these has any, so that all of those stay as they were.
"""

from collections.abc import Callable
from dataclasses import replace

from trueup.simulator import Fault, FaultKind

from ...scene.runners import has_runner, trailing_stop, with_runners
from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ...scene.stops import draw_stop, with_stops
from .. import moves
from ..moves import Move

FIRST_SEED = 40_000_001
"""The first seed whose history has stops."""

_LASTS_MS = (200, 900, 4000, 20_000, 90_000)
_PATH = "position/trading-stop"
_LATE_MS = 4900
_NOT_MODIFIED, _BUSY, _PARAMETER = 34040, 10016, 10001
_CODES = (_NOT_MODIFIED, _NOT_MODIFIED, _BUSY, _PARAMETER, 10006, 110017, 12345)
_BASE_PRICE = "StopLoss:1 set for Buy position should lower than base_price:1??LastPrice"
_POINTS = (
    "set_stop.before-send",
    "set_stop.after-reply",
    "trading-stop.in-flight",
    "trading-stop.in-flight",
    "placing.before-commit",
    "placing.after-commit",
    "validating.after-commit",
    "alerting.before-commit",
)


def draw_stops(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of the later seeds with stops."""
    random = SeededRandom(f"{seed}-stops")
    if seed < FIRST_SEED:
        return scene, drawn
    scene = replace(with_stops(random, scene), beyond_market=random.choice(("wait", "refuse")))
    scene = with_runners(seed, scene)
    more: list[Move] = [_first_trouble(random, scene)] if random.happens(40) else []
    at_ms = random.between(300, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 4)):
        more += _burst(random, scene, at_ms)
        at_ms += random.choice((50, 400, 3000, 25_000))
    return scene, tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _first_trouble(random: SeededRandom, scene: Scene) -> Move:
    return _trouble(random, scene, random.between(0, len(scene.monitors) - 1), 0)


def _burst(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    """Something that moves a stop, mostly with trouble, and runs before, meanwhile and after."""
    with_stop = [place for place, one in enumerate(scene.monitors) if one.stop is not None]
    place = random.choice(with_stop)
    found = _event(random, scene, place, at_ms)
    if random.happens(60):
        found.append(_trouble(random, scene, place, at_ms))
    if random.happens(35):
        found += _event(random, scene, place, at_ms + random.between(1, 400))
    found.append(moves.Run(at_ms + random.choice((1, 2, 40)), place))
    if random.happens(25):
        found.append(moves.Restart(at_ms + random.between(1, 500)))
    if random.happens(60):
        found.append(moves.Run(at_ms + random.choice((150, 900, 6000, 22_000)), place))
    return found


def _event(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> list[Move]:
    lasts_ms = random.choice(_LASTS_MS)
    choices: tuple[tuple[int, Callable[[], list[Move]]], ...] = (
        (6, lambda: _filled(random, place, at_ms, lasts_ms)),
        (4, lambda: [_entry(random, place, at_ms)]),
        (2, lambda: [moves.EnterBeyond(at_ms, place, is_new=True, lasts_ms=lasts_ms)]),
        (3, lambda: [_by_hand(random, place, at_ms)]),
        (3, lambda: [_gain(random, place, at_ms, lasts_ms)]),
        (3, lambda: [_reached(random, place, at_ms, lasts_ms)]),
        (1, lambda: [_given(random, scene, place, at_ms)]),
        (1, lambda: _anew(random, place, at_ms)),
    )
    return random.weighted(choices)()


def _filled(random: SeededRandom, place: int, at_ms: int, lasts_ms: int) -> list[Move]:
    """A level fills: as the market passes it, or as somebody's order meets it."""
    level = random.weighted(((4, 0), (2, 1), (1, 3)))
    if random.happens(70):
        return [moves.PassLevels(at_ms, place, level, random.choice((0, 1, 5)), lasts_ms)]
    steps = random.weighted(((4, None), (1, 1)))
    gain = moves.GoIntoProfit(at_ms, place, random.choice((1, 3, 10)), lasts_ms)
    return [gain, moves.FillTakeProfit(at_ms + 1, place, level, steps)]


def _entry(random: SeededRandom, place: int, at_ms: int) -> Move:
    ticks = random.choice((-25, -8, 3, 12, 30))
    return moves.EnterAt(at_ms, place, random.between(2, 60), ticks)


def _by_hand(random: SeededRandom, place: int, at_ms: int) -> Move:
    return moves.MoveStopByHand(at_ms, place, random.choice((0, 0, -20, -3, 2, 6, 15)))


def _gain(random: SeededRandom, place: int, at_ms: int, lasts_ms: int) -> Move:
    return moves.GoIntoProfit(at_ms, place, random.choice((2, 5, 11, 26, -8)), lasts_ms)


def _reached(random: SeededRandom, place: int, at_ms: int, lasts_ms: int) -> Move:
    past = random.choice((-1, 0, 0, 3, 40))
    return moves.ReachStop(at_ms, place, past, is_gap=random.happens(50), lasts_ms=lasts_ms)


def _given(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> Move:
    watched = scene.monitors[place]
    stop = draw_stop(random, scene, watched)
    if has_runner(scene):
        stop = trailing_stop(random, scene, watched, stop)
    return moves.GiveStop(at_ms, place, stop)


def _anew(random: SeededRandom, place: int, at_ms: int) -> list[Move]:
    """The position is closed and opened anew, at another price."""
    opened_ms = at_ms + random.choice((1, 300, 5000))
    return [moves.SetPosition(at_ms, place, 0), _entry(random, place, opened_ms)]


def _trouble(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> Move:
    before = max(at_ms - 1, 0)
    uid = scene.monitors[place].key.account
    if random.happens(45):
        return moves.CrashAt(before, random.choice(_POINTS), random.weighted(((4, 1), (1, 2))))
    return moves.SpoilRequests(before, _fault(random, uid))


def _fault(random: SeededRandom, uid: str) -> Fault:
    kind = random.choice(
        (
            FaultKind.REQUEST_LOST,
            FaultKind.REPLY_LOST,
            FaultKind.REPLY_LOST,
            FaultKind.LATE_EFFECT,
            FaultKind.LATE_EFFECT,
            FaultKind.SERVER_ERROR,
            FaultKind.RET_CODE,
            FaultKind.RET_CODE,
            FaultKind.LATE_REPLY,
        )
    )
    code = random.choice(_CODES)
    delay_ms = {FaultKind.LATE_EFFECT: random.between(200, _LATE_MS), FaultKind.LATE_REPLY: 9000}
    return Fault(
        kind=kind,
        path=_PATH,
        uid=uid,
        skip=random.weighted(((4, 0), (1, 1))),
        times=random.weighted(((5, 1), (2, 2), (1, 6))),
        effect=random.happens(50) and code in (_NOT_MODIFIED, _BUSY),
        delay_ms=delay_ms.get(kind, 0),
        status=random.choice((500, 502, 504)),
        code=code,
        text=_BASE_PRICE if code == _PARAMETER else "",
    )
