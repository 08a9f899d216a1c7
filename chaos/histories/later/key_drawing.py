"""Drawing what concerns API keys, after everything else and with random numbers of its own.

In a small part of the histories the exchange can be asked whose a key is. Then a second name for
the first account's UID may be there, and the endpoint may be away for a while.
"""

from dataclasses import replace

from trueup.domain.venue.account import Account
from trueup.simulator import Fault, FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_PATH = "user/query-api"
_AWAY = (
    FaultKind.REQUEST_LOST,
    FaultKind.REPLY_LOST,
    FaultKind.LATE_REPLY,
    FaultKind.SERVER_ERROR,
    FaultKind.RATE_LIMITED,
    FaultKind.NOT_JSON,
    FaultKind.RET_CODE,
)


def draw_keys(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in some histories with keys that are asked about."""
    random = SeededRandom(f"{seed}-keys")
    has_twin, is_away = random.weighted(
        ((91, (False, False)), (4, (True, False)), (3, (False, True)), (2, (True, True)))
    )
    if not (has_twin or is_away):
        return scene, drawn
    more: list[Move] = []
    last_ms = max(move.at_ms for move in drawn)
    first = scene.accounts[0]
    scene = replace(scene, asks_key=True)
    if has_twin:
        mode = first.position_mode
        twin = Account("twin", "twin-key", "twin-secret", position_mode=mode)
        scene = replace(scene, twin=twin)
        count = random.between(1, 4)
        more += [moves.RunTwins(random.between(0, last_ms + 1000)) for _ in range(count)]
    if is_away:
        more.append(moves.SpoilRequests(0, _fault(random, random.choice(scene.accounts).name)))
    return scene, tuple(sorted((*more, *drawn), key=lambda move: move.at_ms))


def _fault(random: SeededRandom, uid: str) -> Fault:
    kind = random.choice(_AWAY)
    return Fault(
        kind=kind,
        path=_PATH,
        uid=uid,
        times=random.choice((1, 3, None)),
        delay_ms=9000 if kind is FaultKind.LATE_REPLY else 0,
        status=random.choice((500, 502, 504)),
        code=random.choice((10000, 10016, 33004, 10010)),
    )
