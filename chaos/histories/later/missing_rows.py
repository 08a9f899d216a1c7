"""Drawing lists that lack rows and look complete, as Bybit answers one read in fifty or so.

Every list that trueup reads may lack rows: once, a few times in a row, or for a while; of one
symbol, or all. A longer fault must be survived without a write that harms, so some last for longer
than an order has to be found nowhere before it counts as gone. Random numbers of its own, so that
what was drawn for a seed before stays.
"""

from trueup.simulator import Fault, FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_LISTS = (
    "position/list",
    "position/list",
    "order/realtime",
    "order/realtime",
    "order/history",
    "execution/list",
)
_LASTS_MS = (2000, 20_000, 60_000)


def draw_missing_rows(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with lists that lack rows from some time on."""
    random = SeededRandom(f"{seed}-rows")
    if not random.happens(12):
        return drawn
    last_ms = max(move.at_ms for move in drawn)
    lasts_ms = random.weighted(((3, None), (2, random.choice(_LASTS_MS))))
    fault = Fault(
        kind=FaultKind.ROWS_LEFT_OUT,
        path=random.choice(_LISTS),
        uid=random.choice(scene.accounts).name,
        skip=random.weighted(((3, 0), (1, random.between(1, 4)))),
        times=random.weighted(((3, 1), (2, random.between(2, 6)))) if lasts_ms is None else None,
        lasts_ms=lasts_ms,
        leaves_out=random.weighted(((2, ""), (1, random.choice(scene.monitors).key.symbol))),
    )
    more = moves.SpoilRequests(random.between(0, last_ms), fault)
    return tuple(sorted((*drawn, more), key=lambda move: move.at_ms))
