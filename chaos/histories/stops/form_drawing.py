"""Drawing stops that are orders of trueup's, in histories of seeds of their own.

They are the histories with stops of those seeds, with another form of most stops, and with faults
of the requests that place and amend them. No history of any other seed has one.
"""

from dataclasses import replace

from trueup.domain.model.stop import Stop, StopForm
from trueup.simulator import FaultKind

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from .. import moves
from ..moves import Move

FIRST_SEED, LAST_SEED = 50_000_001, 60_000_000
"""The seeds whose histories have them."""

_ORDERS_PERCENT, _OF_MAIN_PERCENT = 75, 90
_PERCENTS = ("2", "3.5", "5", "8")
_OF_A_POSITION = "position/trading-stop"
_IN_FLIGHT = "trading-stop.in-flight"
_CREATE, _AMEND = "order/create", "order/amend"
_PATHS = (_CREATE, _AMEND, _AMEND)
_POINTS = ("place.in-flight", "amend.in-flight", "amend.in-flight")
_BUSY, _DUPLICATE, _GONE, _PARAMETER = 10016, 110072, 110001, 10001
_CODES = (_BUSY, _PARAMETER, 10006, 110017, 12345)


def draw_forms(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Scene, tuple[Move, ...]]:
    """The scene and the moves of a seed, in histories of these seeds with stops that are orders."""
    random = SeededRandom(f"{seed}-forms")
    if not FIRST_SEED <= seed <= LAST_SEED:
        return scene, drawn
    follows = {account.name: account.follows for account in scene.accounts}
    percents = [
        _ORDERS_PERCENT if follows[one.key.account] else _OF_MAIN_PERCENT for one in scene.monitors
    ]
    monitors = tuple(
        replace(one, stop=as_order(random, one.stop))
        if one.stop is not None and (not place or random.happens(percent))
        else one
        for place, (one, percent) in enumerate(zip(scene.monitors, percents, strict=True))
    )
    lacks_rows = any(_leaves_out(move) for move in drawn)
    changed = [_of_orders(random, move, is_gone_said=not lacks_rows) for move in drawn]
    more = [one for move in drawn for one in _beside(random, move)]
    in_time = sorted((*changed, *more), key=lambda move: move.at_ms)
    return replace(scene, monitors=monitors), tuple(in_time)


def as_order(random: SeededRandom, stop: Stop) -> Stop:
    """The stop as an order of ours, which cannot trail: one that only did has a percentage."""
    starts = stop.price is not None or stop.percent is not None
    percent = stop.percent if starts else Stop.of(percent=random.choice(_PERCENTS)).percent
    return replace(stop, form=StopForm.ORDER, trailing=None, percent=percent)


def _of_orders(random: SeededRandom, move: Move, *, is_gone_said: bool) -> Move:
    """The move as it is where stops are orders."""
    if isinstance(move, moves.GiveStop):
        is_order = random.happens(_ORDERS_PERCENT)
        return replace(move, stop=as_order(random, move.stop)) if is_order else move
    if isinstance(move, moves.CrashAt) and move.point == _IN_FLIGHT:
        return replace(move, point=random.choice(_POINTS))
    if isinstance(move, moves.SpoilRequests) and move.fault.path == _OF_A_POSITION:
        return _spoilt(random, move, is_gone_said=is_gone_said)
    return move


def _spoilt(
    random: SeededRandom, move: moves.SpoilRequests, *, is_gone_said: bool
) -> moves.SpoilRequests:
    """A fault of the requests that place the stop's order, or amend it."""
    fault, path = move.fault, random.choice(_PATHS)
    special = _DUPLICATE if path == _CREATE else _GONE if is_gone_said else _BUSY
    code = random.choice((special, special, *_CODES))
    if fault.kind is FaultKind.RET_CODE:
        has_effect = random.happens(50) and code in (_BUSY, _DUPLICATE)
        fault = replace(fault, code=code, effect=has_effect, text="")
    return replace(move, fault=replace(fault, path=path))


def _leaves_out(move: Move) -> bool:
    if not isinstance(move, moves.SpoilRequests):
        return False
    return move.fault.kind is FaultKind.ROWS_LEFT_OUT


def _beside(random: SeededRandom, move: Move) -> list[Move]:
    """Beside somebody who moves a stop, in some histories: the quantity of its order is changed."""
    if not isinstance(move, moves.MoveStopByHand) or not random.happens(40):
        return []
    at_ms = move.at_ms + random.choice((0, 1, 300))
    return [moves.ResizeStopByHand(at_ms, move.monitor, random.choice((10, 50, 150)))]
