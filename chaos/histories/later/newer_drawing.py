"""Drawing what a newer exchange does, after everything else and with random numbers of its own.

So what was drawn for a seed before stays as it was.
"""

from trueup.simulator import PositionItems

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_ODD = (
    ("orderType", "LimitMaker"),
    ("orderStatus", "Held"),
    ("side", "Both"),
    ("positionIdx", "0"),
    ("reduceOnly", "no"),
    ("cumExecQty", "-1"),
)
_HALTS = (
    ("PreLaunch", "CallAuction"),
    ("PreLaunch", "ContinuousTrading"),
    ("Delivering", ""),
    ("Settling", ""),
    ("Closed", ""),
    ("Paused", ""),
)


def draw_newer(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with one more."""
    random = SeededRandom(f"{seed}-newer")
    last_ms = max(move.at_ms for move in drawn)
    at_ms = random.between(1, last_ms + 1000)
    monitor = random.between(0, len(scene.monitors) - 1)
    instrument = random.between(0, len(scene.instruments) - 1)
    field, value = random.choice(_ODD)
    status, phase = random.choice(_HALTS)
    lasts_ms = random.choice((500, 5000, 20_000))
    items = random.choice((PositionItems.BARE, PositionItems.BARE_IF_FLAT))
    more: Move | None = random.weighted(
        (
            (76, None),
            (8, moves.PlaceOdd(at_ms, monitor, field, value, lasts_ms, is_elsewhere=True)),
            (6, moves.PlaceOdd(at_ms, monitor, field, value, lasts_ms)),
            (4, moves.LeaveOut(at_ms, items)),
            (6, moves.Halt(at_ms, instrument, status, phase, lasts_ms)),
        )
    )
    return drawn if more is None else tuple(sorted((*drawn, more), key=lambda move: move.at_ms))
