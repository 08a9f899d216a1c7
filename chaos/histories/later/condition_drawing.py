"""Drawing conditions of the market, and a restart while they last.

They are drawn after everything else and with random numbers of their own, so what was drawn for a
seed before stays as it was. Markets that pass levels, and engines that are told to wait for them or
to refuse them, are in no history of a seed below the first of these.
"""

from dataclasses import replace

from ...scene.drawing import draw_ladder
from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ..moves.conditions import Delist, EnterBeyond, PassLevels
from ..moves.manual import CancelByHand, EditLadder, SetPosition
from ..moves.market import FillEntry
from ..moves.move import Move
from ..moves.newer import Halt
from ..moves.process import Restart, Run

FIRST_SEED = 30_000_001
"""The first seed whose history may have levels that the market has passed."""

_PERCENT = 12
_PASSED_PERCENT = 75
_PASSED_MS = (250, 3000, 20_000, 90_000)


def draw_conditions(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a condition, a restart and a run during it."""
    random = SeededRandom(f"{seed}-conditions")
    if not random.happens(_PERCENT):
        return drawn
    at_ms = random.between(1, max(move.at_ms for move in drawn) + 2000)
    lasts_ms = random.choice((2000, 20_000, 60_000))
    monitor = random.between(0, len(scene.monitors) - 1)
    instrument = random.between(0, len(scene.instruments) - 1)
    status = random.choice(("Closed", "Settling", "Delivering"))
    condition: Move = random.weighted(
        (
            (4, EnterBeyond(at_ms, monitor, is_new=random.happens(50), lasts_ms=lasts_ms)),
            (2, Delist(at_ms, instrument, lasts_ms)),
            (2, Halt(at_ms, instrument, status, "", lasts_ms)),
        )
    )
    restart_ms = at_ms + random.between(1, lasts_ms)
    more: list[Move] = [condition, Restart(restart_ms), Run(restart_ms + 1, monitor)]
    if random.happens(50):
        more.append(Run(at_ms + 1, monitor))
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))


def draw_passed_levels(
    seed: int, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of the later seeds with levels passed."""
    random = SeededRandom(f"{seed}-passed")
    if seed < FIRST_SEED or not random.happens(_PASSED_PERCENT):
        return scene, drawn
    more: list[Move] = []
    at_ms = random.between(1, max(move.at_ms for move in drawn) + 1000)
    for _ in range(random.between(1, 2)):
        lasts_ms = random.choice(_PASSED_MS)
        more += _passed(random, scene, at_ms, lasts_ms)
        at_ms += lasts_ms + random.choice((1, 500, 20_000))
    moved = tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
    return replace(scene, beyond_market=random.choice(("wait", "wait", "refuse"))), moved


def _passed(random: SeededRandom, scene: Scene, at_ms: int, lasts_ms: int) -> list[Move]:
    """The market passes levels that have no order, or are about to have one, and comes back."""
    place = random.between(0, len(scene.monitors) - 1)
    key = scene.monitors[place].key
    first, base = at_ms + random.choice((1, 2, 150, 400)), scene.base_price(key.symbol)
    ladder = draw_ladder(random, key.side, scene.spec(key.symbol), base)
    passes = PassLevels(first, place, random.between(0, 3), random.choice((0, 1, 5)), lasts_ms)
    grows = FillEntry(first + 1, place, random.between(1, 60))
    begun: list[Move] = random.choice(
        (
            [SetPosition(at_ms, place, 0), grows],
            [EditLadder(first + random.choice((1, lasts_ms * 9 // 10)), place, ladder)],
            [CancelByHand(at_ms, place, random.between(0, 4))],
            [grows],
        )
    )
    meanwhile_ms = first + random.between(2, lasts_ms)
    found: list[Move] = [*begun, passes, Run(at_ms, place), Run(first + 2, place)]
    found.append(FillEntry(meanwhile_ms, place, random.between(1, 30)))
    if random.happens(25):
        found.append(Restart(meanwhile_ms + 1))
    found.append(Run(meanwhile_ms + 2, place))
    if random.happens(60):
        found.append(Run(first + lasts_ms + random.choice((1, 200, 5000)), place))
    return found
