"""Drawing what private streams meet, around what happens anyway, and fills that they tell of."""

from trueup.simulator import StreamFault, StreamFaultKind

from ..exchange.dice import Dice
from ..exchange.scene import Scene
from . import moves
from .moves import Move

_KINDS = (
    StreamFaultKind.REFUSED,
    StreamFaultKind.DROP,
    StreamFaultKind.DROP,
    StreamFaultKind.HALF_OPEN,
    StreamFaultKind.SILENCE,
    StreamFaultKind.SILENCE,
    StreamFaultKind.DUPLICATE,
    StreamFaultKind.REORDER,
    StreamFaultKind.DELAY,
    StreamFaultKind.DELAY,
    StreamFaultKind.UNKNOWN_TOPIC,
)
_TOPICS = ("", "order", "execution", "position")


def draw_stream_faults(dice: Dice, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves, and among them fills and faults of the streams, mostly just before a move."""
    found = list(drawn)
    last_ms = max(move.at_ms for move in drawn)
    for _ in range(dice.among(0, 3)):
        at_ms = dice.among(300, last_ms + 4000)
        monitor = dice.among(0, len(scene.monitors) - 1)
        if dice.chance(50):
            found.append(moves.FillEntry(at_ms, monitor, dice.among(1, 30)))
        else:
            steps = dice.one_of((None, 1, 2, 5))
            found.append(moves.FillTakeProfit(at_ms, monitor, dice.among(0, 4), steps))
    times = [move.at_ms for move in found]
    for _ in range(dice.weighted(((2, 0), (4, 1), (3, 2), (1, 4)))):
        at_ms = max(dice.one_of(times) - dice.weighted(((3, 1), (1, dice.among(1, 3000)))), 1)
        found += _trouble(dice, scene, at_ms)
    return tuple(sorted(found, key=lambda move: move.at_ms))


def _trouble(dice: Dice, scene: Scene, at_ms: int) -> list[Move]:
    uid = dice.one_of(scene.accounts).name
    kind = dice.one_of(_KINDS)
    if kind is StreamFaultKind.REFUSED:
        refused = StreamFault(kind=kind, uid=uid, times=dice.among(1, 20))
        cut = StreamFault(kind=StreamFaultKind.DROP, uid=uid)
        return [moves.SpoilStream(at_ms, refused), moves.SpoilStream(at_ms, cut)]
    fault = StreamFault(
        kind=kind,
        uid=uid,
        topic=dice.one_of(_TOPICS),
        skip=dice.weighted(((3, 0), (1, 1), (1, 3))),
        times=dice.weighted(((3, 1), (2, 3), (1, None))),
        lasts_ms=dice.one_of((500, 3000, 40_000)),
        at_once=dice.chance(50),
        copies=dice.among(2, 4),
        window=dice.among(0, 4) if kind is StreamFaultKind.REORDER else 0,
        delay_ms=dice.one_of((50, 400, 1500, 8000)),
    )
    return [moves.SpoilStream(at_ms, fault)]
