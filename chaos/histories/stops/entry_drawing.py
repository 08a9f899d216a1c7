"""Drawing entries that the user has named to be cancelled, in histories of seeds of their own.

No history of a seed below the first of these has any, so that all of those stay as they were.
"""

from dataclasses import replace

from trueup.domain.model.stop import CancelEntries, Stop
from trueup.simulator import Fault, FaultKind, ReduceOnlySum

from ...scene.scene import Scene, WatchedMonitor
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

FIRST_SEED = 80_000_001
"""The first seed whose history has them."""

_PERCENT = 80
_PATTERNS = (("BOT_*_LIMIT*",), ("BOT_*_LIMIT*",), ("GRID-*", "BOT_??_LIMIT*"))
_NAMED = "BOT_7c_LIMIT"
_UNNAMED = ("BOT_7c_GRID", "bot_7c_LIMIT", "hand_", "")
_PATH = "order/cancel-batch"
_LATE_MS = 4900
_BUSY, _GONE = 10016, 110001
_CODES = (_BUSY, _BUSY, _GONE, 10006, 12345)
_POINTS = (
    "cancel-entry.before-send",
    "cancel-entry.before-send",
    "cancel-entry.after-reply",
    "cancel-entry.after-reply",
    "cancel.in-flight",
    "validating.after-commit",
    "cancelling.before-commit",
    "cancelling.after-commit",
    "alerting.before-commit",
)
_KINDS = (
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


def draw_entries(
    seed: int, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of the later seeds with named entries."""
    random = SeededRandom(f"{seed}-entries")
    if seed < FIRST_SEED:
        return scene, drawn
    monitors = tuple(
        replace(one, stop=_with_rule(random, one.stop, one))
        if one.stop is not None and (not place or random.happens(_PERCENT))
        else one
        for place, one in enumerate(scene.monitors)
    )
    scene = replace(scene, monitors=monitors)
    given = [_given(random, scene, move) for move in drawn]
    more: list[Move] = []
    at_ms = random.between(300, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 3)):
        more += _burst(random, scene, at_ms)
        at_ms += random.choice((400, 9000, 40_000))
    return scene, tuple(sorted((*given, *more), key=lambda move: move.at_ms))


def _with_rule(random: SeededRandom, stop: Stop, watched: WatchedMonitor) -> Stop:
    """The stop with a rule for entries: on TP1 or TP2, as far as the ladder has it."""
    last = len(watched.ladder.levels if watched.ladder else watched.levels)
    level = min(random.weighted(((3, 1), (1, 2))), last)
    return replace(stop, cancel_entries=CancelEntries.of(random.choice(_PATTERNS), level))


def _given(random: SeededRandom, scene: Scene, move: Move) -> Move:
    """The move; another stop that the user gives has such a rule, too, more often than not."""
    if not isinstance(move, moves.GiveStop) or not random.happens(_PERCENT):
        return move
    return replace(move, stop=_with_rule(random, move.stop, scene.monitors[move.monitor]))


def _burst(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    """Orders that rest, a level that fills, mostly with trouble, and what comes after it."""
    place = random.choice([p for p, one in enumerate(scene.monitors) if _has_rule(one)])
    found = [_rest(random, scene, place, max(at_ms - 200 + n, 0)) for n in range(1, 5)]
    if random.happens(60):
        found.append(moves.Run(at_ms - 100, place))
    if random.happens(65):
        found.append(_trouble(random, scene, place, at_ms - 1))
    found += _filled(random, place, at_ms)
    if random.happens(35):
        steps = random.weighted(((2, None), (1, 1)))
        filled_ms = at_ms + random.choice((-50, 1, 60, 200))
        found.append(moves.FillRestingEntry(filled_ms, place, random.between(0, 2), steps))
    if random.happens(15):
        closed_ms = at_ms + random.choice((2, 300, 5000))
        found.append(moves.SetPosition(closed_ms, place, 0))
        if random.happens(60):
            found.append(moves.FillEntry(closed_ms + random.choice((1, 400)), place, 40))
    found.append(moves.Run(at_ms + random.choice((1, 2, 40)), place))
    if random.happens(50):
        found.append(_rest(random, scene, place, at_ms + random.choice((5, 150, 4000))))
    if random.happens(25):
        found.append(moves.Restart(at_ms + random.between(1, 500)))
    if random.happens(60):
        found.append(moves.Run(at_ms + random.choice((150, 900, 6000, 22_000)), place))
    return found


def _has_rule(watched: WatchedMonitor) -> bool:
    return watched.stop is not None and watched.stop.cancel_entries is not None


def _filled(random: SeededRandom, place: int, at_ms: int) -> list[Move]:
    """A level fills: as the market passes it, or as somebody's order meets it."""
    level = random.weighted(((4, 0), (2, 1), (1, 3)))
    if random.happens(50):
        lasts_ms = random.choice((200, 900, 4000, 20_000))
        return [moves.PassLevels(at_ms, place, level, random.choice((0, 1, 5)), lasts_ms)]
    steps = random.weighted(((5, None), (1, 1)))
    return [moves.FillTakeProfit(at_ms, place, level, steps)]


def _rest(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> Move:
    """An order that rests: mostly an entry, mostly one that the user has named."""
    kinds = ["entry"] * 8 + ["other side"]
    if scene.behaviour.reduce_only_sum is ReduceOnlySum.ALLOW:
        kinds.append("reduce-only")
    kind = random.choice(kinds)
    link_id = _NAMED if random.happens(65) else random.choice(_UNNAMED)
    ticks = random.choice((4, 12, 40, 90, -60)) if kind == "entry" else 400
    return moves.RestEntry(at_ms, place, link_id, ticks, random.between(1, 20), kind)


def _trouble(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> Move:
    uid = scene.monitors[place].key.account
    if random.happens(50):
        return moves.CrashAt(at_ms, random.choice(_POINTS), random.weighted(((4, 1), (1, 2))))
    kind, code = random.choice(_KINDS), random.choice(_CODES)
    delay_ms = {FaultKind.LATE_EFFECT: random.between(200, _LATE_MS), FaultKind.LATE_REPLY: 9000}
    fault = Fault(
        kind=kind,
        path=_PATH,
        uid=uid,
        skip=random.weighted(((4, 0), (1, 1))),
        times=random.weighted(((5, 1), (2, 2), (1, 6))),
        effect=random.happens(50) and code == _BUSY,
        delay_ms=delay_ms.get(kind, 0),
        status=random.choice((500, 502, 504)),
        code=code,
    )
    return moves.SpoilRequests(at_ms, fault)
