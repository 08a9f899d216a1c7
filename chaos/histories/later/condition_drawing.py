"""Drawing conditions of the market, and a restart while they last.

They are drawn after everything else and with random numbers of their own, so what was drawn for a
seed before stays as it was.
"""

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ..moves.conditions import Delist, EnterBeyond
from ..moves.move import Move
from ..moves.newer import Halt
from ..moves.process import Restart, Run

_PERCENT = 12


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
