"""Drawing what else users wish of stops, in histories of seeds of their own.

A stop is taken off and given again; stops that rest are adopted; the tick grows under a trailing
stop that has risen. A ladder with a runner keeps the stop that trails it. No history of a seed
below the first of these has any, so that all of those stay as they were.
"""

from collections.abc import Sequence
from dataclasses import replace

from ...scene.runners import has_runner
from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ...scene.stops import draw_stop
from .. import moves
from ..moves import Move

FIRST_SEED = 90_000_001
"""The first seed whose history has them."""

_LASTS_MS = (200, 4000, 20_000)
_LATER_MS = (1, 300, 6000, 30_000)
_POINTS = (
    "set_stop.before-send",
    "set_stop.after-reply",
    "trading-stop.in-flight",
    "cancel.in-flight",
    "validating.after-commit",
    "alerting.before-commit",
)


def draw_wishes(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of the later seeds with such wishes."""
    random = SeededRandom(f"{seed}-wishes")
    if seed < FIRST_SEED:
        return scene, drawn
    scene = replace(scene, adopts_stops=random.happens(50))
    more: list[Move] = []
    at_ms = random.between(300, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 3)):
        more += _burst(random, scene, (*drawn, *more), at_ms)
        at_ms += random.choice((400, 9000, 40_000))
    return scene, tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def _burst(random: SeededRandom, scene: Scene, drawn: Sequence[Move], at_ms: int) -> list[Move]:
    """One wish, mostly with a run after it, and in some with a process that dies meanwhile."""
    place = random.between(0, len(scene.monitors) - 1)
    may_go = not has_runner(scene)
    draws = ((3, _taken_off), (2, _by_hand), (2, _coarser)) if may_go else ((1, _coarser),)
    found = random.weighted(draws)(random, scene, place, at_ms)
    if any(isinstance(move, moves.ChangeRules) for move in drawn):
        # A tick grows once: which one trueup goes by, where it shrinks again, nobody can say.
        found = [move for move in found if not isinstance(move, moves.ChangeRules)]
    if random.happens(30):
        found.append(moves.CrashAt(max(at_ms - 1, 0), random.choice(_POINTS), 1))
    if random.happens(80):
        found.append(moves.Run(at_ms + random.choice((1, 2, 40)), place))
    return found


def _taken_off(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> list[Move]:
    """The stop is taken off; in most histories another one is given later."""
    found: list[Move] = [moves.RemoveStop(at_ms, place)]
    if random.happens(70):
        later_ms = at_ms + random.choice(_LATER_MS)
        stop = draw_stop(random, scene, scene.monitors[place])
        found += [moves.GiveStop(later_ms, place, stop), moves.Run(later_ms + 1, place)]
    return found


def _by_hand(random: SeededRandom, _scene: Scene, place: int, at_ms: int) -> list[Move]:
    """No stop is wanted, somebody sets one, and moves or removes it later."""
    moved_ms = at_ms + random.choice(_LATER_MS)
    return [
        moves.RemoveStop(at_ms, place),
        moves.SetStopLoss(at_ms + 1, place, random.choice((20, 60))),
        moves.Run(at_ms + 2, place),
        moves.MoveStopByHand(moved_ms, place, random.choice((0, -20, 2, 15))),
        moves.Run(moved_ms + 1, place),
    ]


def _coarser(random: SeededRandom, scene: Scene, place: int, at_ms: int) -> list[Move]:
    """The market goes into profit, the tick grows meanwhile, and the market goes on."""
    symbol = scene.monitors[place].key.symbol
    contract = [spec.symbol for spec, _ in scene.instruments].index(symbol)
    lasts_ms = random.choice(_LASTS_MS)
    return [
        moves.GoIntoProfit(at_ms, place, random.choice((5, 11, 26)), lasts_ms),
        moves.Run(at_ms + 1, place),
        moves.ChangeRules(at_ms + random.between(2, lasts_ms), contract, "tick", 2),
        moves.Run(at_ms + lasts_ms + 1, place),
        moves.GoIntoProfit(at_ms + lasts_ms + 2, place, random.choice((-8, 2, 30)), lasts_ms),
    ]
