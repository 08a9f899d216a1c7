"""Drawing what a live history adds: faults of private streams, and fills that they report."""

from trueup.simulator import StreamFault, StreamFaultKind

from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
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


def draw_stream_faults(
    random: SeededRandom, scene: Scene, drawn: tuple[Move, ...]
) -> tuple[Move, ...]:
    """The moves, with fills and stream faults added, most of them just before another move."""
    found = list(drawn)
    last_ms = max(move.at_ms for move in drawn)
    for _ in range(random.between(0, 3)):
        at_ms = random.between(300, last_ms + 4000)
        monitor = random.between(0, len(scene.monitors) - 1)
        if random.happens(50):
            found.append(moves.FillEntry(at_ms, monitor, random.between(1, 30)))
        else:
            steps = random.choice((None, 1, 2, 5))
            found.append(moves.FillTakeProfit(at_ms, monitor, random.between(0, 4), steps))
    times = [move.at_ms for move in found]
    for _ in range(random.weighted(((2, 0), (4, 1), (3, 2), (1, 4)))):
        at_ms = max(
            random.choice(times) - random.weighted(((3, 1), (1, random.between(1, 3000)))), 1
        )
        found += _trouble(random, scene, at_ms)
    return tuple(sorted(found, key=lambda move: move.at_ms))


def _trouble(random: SeededRandom, scene: Scene, at_ms: int) -> list[Move]:
    uid = random.choice(scene.accounts).name
    kind = random.choice(_KINDS)
    if kind is StreamFaultKind.REFUSED:
        refused = StreamFault(kind=kind, uid=uid, times=random.between(1, 20))
        disconnect = StreamFault(kind=StreamFaultKind.DROP, uid=uid)
        return [moves.SpoilStream(at_ms, refused), moves.SpoilStream(at_ms, disconnect)]
    fault = StreamFault(
        kind=kind,
        uid=uid,
        topic=random.choice(_TOPICS),
        skip=random.weighted(((3, 0), (1, 1), (1, 3))),
        times=random.weighted(((3, 1), (2, 3), (1, None))),
        lasts_ms=random.choice((500, 3000, 40_000)),
        at_once=random.happens(50),
        copies=random.between(2, 4),
        window=random.between(0, 4) if kind is StreamFaultKind.REORDER else 0,
        delay_ms=random.choice((50, 400, 1500, 8000)),
    )
    return [moves.SpoilStream(at_ms, fault)]
