"""Drawing stale reads where they matter: after fills, and after our own writes.

A stale read at a random time seldom contradicts what the engine knows. These do: they show the
exchange before a fill that is on record, before our last write, orders without positions or the
other way round. How stale: realtime reads have been seen to lag behind the acknowledgement of a
cancel, and the old order list by 10 to 15 seconds (freqtrade/freqtrade#9273,
bybit-exchange/docs-legacy#184).
"""

from trueup.simulator import Fault, FaultKind

from ..scene.drawing import draw_ladder
from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from ..world.triggers import Trigger
from . import moves
from .moves import Move

_ORDERS, _POSITIONS = "order/realtime", "position/list"
_OLDEST_MS = 12_000


def draw_stale_reads(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    """Some moves of one monitor, followed by reads that show the time before them."""
    monitor = random.between(0, len(scene.monitors) - 1)
    draw = random.choice((_after_write, _after_fill, _before_known_fill, _before_known_fill))
    return draw(random, scene, monitor, at_ms)


def _after_write(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """A reason to write; the reads that confirm the write show the exchange before it."""
    fault = _stale(random, scene, monitor, effects_back=random.between(1, 3))
    return [
        moves.SpoilAfter(at_ms, Trigger.WRITE, fault),
        _reason_to_write(random, scene, monitor, at_ms + 1),
        moves.Run(at_ms + 2, monitor),
    ]


def _after_fill(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """A fill, before a run or during it, that the next reads do not show."""
    fault = _stale(random, scene, monitor, effects_back=random.between(1, 2))
    return [
        moves.SpoilAfter(at_ms, Trigger.FILL, fault),
        _fill(random, monitor, at_ms + random.between(1, 200)),
        moves.Run(at_ms + random.between(1, 200), monitor),
    ]


def _before_known_fill(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """A fill that is on record, then a reason to write, with reads from before the fill."""
    gap_ms = random.between(300, 6000)
    delay_ms = min(gap_ms + random.between(50, 3000), _OLDEST_MS)
    fault = _stale(random, scene, monitor, delay_ms=delay_ms)
    later_ms = at_ms + gap_ms
    return [
        _fill(random, monitor, at_ms),
        moves.Run(at_ms + 1, monitor),
        _reason_to_write(random, scene, monitor, later_ms),
        moves.SpoilRequests(later_ms + 1, fault),
        moves.Run(later_ms + 2, monitor),
    ]


def _stale(
    random: SeededRandom, scene: Scene, monitor: int, *, delay_ms: int = 0, effects_back: int = 1
) -> Fault:
    return Fault(
        kind=FaultKind.STALE_READ,
        path=random.weighted(((2, _ORDERS), (2, _POSITIONS), (1, ""))),
        uid=scene.monitors[monitor].key.account,
        times=random.between(1, 6),
        delay_ms=delay_ms,
        effects_back=effects_back,
    )


def _fill(random: SeededRandom, monitor: int, at_ms: int) -> Move:
    steps = random.weighted(((4, random.between(1, 6)), (1, None)))
    return moves.FillTakeProfit(at_ms, monitor, random.between(0, 4), steps)


def _reason_to_write(random: SeededRandom, scene: Scene, monitor: int, at_ms: int) -> Move:
    if random.happens(60):
        return moves.FillEntry(at_ms, monitor, random.between(1, 30))
    key = scene.monitors[monitor].key
    spec, base = scene.spec(key.symbol), scene.base_price(key.symbol)
    return moves.EditLadder(at_ms, monitor, draw_ladder(random, key.side, spec, base))
