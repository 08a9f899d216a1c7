"""Drawing reads that are old where it matters: after fills, after our own writes.

A stale read that comes at any time seldom contradicts what is known. These do: the books are shown
as they were before a fill that is on record, before our last write, orders without positions or the
other way round. How old: realtime reads were seen to lag behind a cancel's acknowledgement, the
old order list by 10 to 15 seconds (freqtrade/freqtrade#9273, bybit-exchange/docs-legacy#184).
"""

from trueup.simulator import Fault, FaultKind

from ..exchange.dice import Dice
from ..exchange.scene import Scene, draw_ladder
from ..world.cues import Cue
from . import moves
from .moves import Move

_ORDERS, _POSITIONS = "order/realtime", "position/list"
_OLDEST_MS = 12_000


def draw_old_books(dice: Dice, scene: Scene, at_ms: int) -> list[Move]:
    """Some moves of one monitor, with reads that show its books as they were before them."""
    monitor = dice.among(0, len(scene.monitors) - 1)
    draw = dice.one_of((_after_write, _after_fill, _before_known_fill, _before_known_fill))
    return draw(dice, scene, monitor, at_ms)


def _after_write(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """Something to write for; the reads that shall confirm it show the books before it."""
    fault = _stale(dice, scene, monitor, effects_back=dice.among(1, 3))
    return [
        moves.SpoilAfter(at_ms, Cue.WRITE, fault),
        _reason_to_write(dice, scene, monitor, at_ms + 1),
        moves.Run(at_ms + 2, monitor),
    ]


def _after_fill(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """A fill, before a run or during it, that the next reads do not show."""
    fault = _stale(dice, scene, monitor, effects_back=dice.among(1, 2))
    return [
        moves.SpoilAfter(at_ms, Cue.FILL, fault),
        _fill(dice, monitor, at_ms + dice.among(1, 200)),
        moves.Run(at_ms + dice.among(1, 200), monitor),
    ]


def _before_known_fill(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> list[Move]:
    """A fill is on record; then there is something to write for, by books older than the fill."""
    gap_ms = dice.among(300, 6000)
    delay_ms = min(gap_ms + dice.among(50, 3000), _OLDEST_MS)
    fault = _stale(dice, scene, monitor, delay_ms=delay_ms)
    later_ms = at_ms + gap_ms
    return [
        _fill(dice, monitor, at_ms),
        moves.Run(at_ms + 1, monitor),
        _reason_to_write(dice, scene, monitor, later_ms),
        moves.SpoilRequests(later_ms + 1, fault),
        moves.Run(later_ms + 2, monitor),
    ]


def _stale(
    dice: Dice, scene: Scene, monitor: int, *, delay_ms: int = 0, effects_back: int = 1
) -> Fault:
    return Fault(
        kind=FaultKind.STALE_READ,
        path=dice.weighted(((2, _ORDERS), (2, _POSITIONS), (1, ""))),
        uid=scene.monitors[monitor].key.account,
        times=dice.among(1, 6),
        delay_ms=delay_ms,
        effects_back=effects_back,
    )


def _fill(dice: Dice, monitor: int, at_ms: int) -> Move:
    steps = dice.weighted(((4, dice.among(1, 6)), (1, None)))
    return moves.FillTakeProfit(at_ms, monitor, dice.among(0, 4), steps)


def _reason_to_write(dice: Dice, scene: Scene, monitor: int, at_ms: int) -> Move:
    if dice.chance(60):
        return moves.FillEntry(at_ms, monitor, dice.among(1, 30))
    key = scene.monitors[monitor].key
    spec, base = scene.spec(key.symbol), scene.base_price(key.symbol)
    return moves.EditLadder(at_ms, monitor, draw_ladder(dice, key.side, spec, base))
