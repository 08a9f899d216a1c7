"""Drawing refusals that last, and orders that take the room, after everything else.

Each has random numbers of its own, so what was drawn for a seed before stays as it was.

An exchange whose list lacks open orders does not also say of them that they are not open, neither
for a while nor once: nobody could tell these two faults from orders that are gone. A fault waits
for the request that meets it, so it counts whenever it was put in force.
"""

from collections.abc import Collection
from dataclasses import replace

from trueup.simulator import FaultKind, ReduceOnlySum

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

_IN_A_HUNDRED = 8
_PATHS = ("-batch", "order/create-batch", "order/amend-batch", "order/cancel-batch")
_IN_NO_TABLE, _NOT_OPEN = 12345, 110001
_CODES = (_IN_NO_TABLE, 12107, 110017, 110072, _NOT_OPEN, 10006, 10016, 110079)
_LASTS_MS = (300, 3000, 20_000, 90_000)


def draw_refusals(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with one or two more."""
    last_ms = max(move.at_ms for move in drawn)
    drawn = _with_room_taken(seed, scene, drawn, last_ms)
    random = SeededRandom(f"{seed}-refusals")
    if random.happens(_IN_A_HUNDRED):
        refused = moves.RefuseWrites(
            random.between(0, last_ms + 1000),
            random.choice(scene.accounts).name,
            random.choice(_PATHS),
            random.choice(_CODES),
            random.choice(_LASTS_MS),
        )
        drawn = tuple(sorted((*drawn, refused), key=lambda move: move.at_ms))
    return _without_agreeing_faults(drawn)


def _without_agreeing_faults(drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves; where an account's list of open orders lacks rows, no write of it gets 110001."""
    hides = {
        move.fault.uid
        for move in drawn
        if isinstance(move, moves.SpoilRequests)
        and move.fault.kind is FaultKind.ROWS_LEFT_OUT
        and move.fault.path == "order/realtime"
    }
    return tuple([_without_not_open(move, hides) for move in drawn]) if hides else drawn


def _without_not_open(move: Move, accounts: Collection[str]) -> Move:
    """The move; where it answers 110001 for one of the accounts, a code in no table instead."""
    match move:
        case moves.RefuseWrites() if move.account in accounts and move.code == _NOT_OPEN:
            return replace(move, code=_IN_NO_TABLE)
        case moves.SpoilRequests(fault=fault) if fault.uid in accounts and fault.code == _NOT_OPEN:
            return replace(move, fault=replace(fault, code=_IN_NO_TABLE))
    return move


def _with_room_taken(
    seed: int, scene: Scene, drawn: tuple[Move, ...], last_ms: int
) -> tuple[Move, ...]:
    random = SeededRandom(f"{seed}-room")
    if not random.happens(_IN_A_HUNDRED):
        return drawn
    taken = moves.OccupyRoom(
        random.between(1, last_ms + 1000),
        random.between(0, len(scene.monitors) - 1),
        random.choice((5, 30, 60, 100)),
        random.choice(_LASTS_MS),
        random.choice((ReduceOnlySum.REJECT, ReduceOnlySum.ALLOW)),
    )
    return tuple(sorted((*drawn, taken), key=lambda move: move.at_ms))
