"""The events of the search: what the market and people may do at a decision point.

Two events at neighbouring points lead to the same where the request between them shows nothing
that the event changes, and changes nothing that the event looks at. Such an event is tried at the
later point alone: before the next request that concerns it, or when the run has ended.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from trueup.testing import ApiRequest

from ..histories import moves
from ..histories.moves import Move
from ..histories.moves.controls import Stopped
from ..histories.moves.move import take_profits
from ..world.world import World

_STOPPED_MS = 30_000
_GROWS, _FLIPPED, _A_PART = 30, 40, 5
_HALF = 50
_COARSER = 10
_NEARER_TICKS = 2
_A_MOMENT_MS = 1
_DIGITS = 9999


class Concern(StrEnum):
    """What an event changes, and a request shows or goes by."""

    ORDERS = "orders"
    POSITION = "position"
    STOP = "stop"
    RULES = "rules"
    CONTROLS = "controls"
    WAKES = "wakes"


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        move: what happens.
        changes: what it concerns.
        is_possible: whether it would change anything.
    """

    move: Move
    changes: frozenset[Concern]
    is_possible: Callable[[World], bool]


def _held(world: World) -> bool:
    key = world.scene.monitors[0].key
    return bool(world.simulator.position(key.account, key.symbol, key.side.value).size)


def _has_orders(world: World) -> bool:
    return bool(take_profits(world, world.scene.monitors[0]))


def _has_stop(world: World) -> bool:
    held = world.judge.ledger.books[world.scene.monitors[0].key].protection.now
    return held is not None and bool(held.stop.price)


def _is_going(world: World) -> bool:
    return not world.store.controls()


def _has_old_rules(world: World) -> bool:
    return not world.judge.ledger.rules


WAKES = "a wake comes in"
_ORDERS, _POSITION = frozenset({Concern.ORDERS}), frozenset({Concern.POSITION})
_BOTH, _STOP = _ORDERS | _POSITION, frozenset({Concern.STOP})

EVENTS: Mapping[str, Event] = {
    "TP1 fills": Event(moves.FillTakeProfit(0, 0, 0, None), _BOTH, _has_orders),
    "TP1 fills in part": Event(moves.FillTakeProfit(0, 0, 0, _A_PART), _BOTH, _has_orders),
    "TP1 is cancelled by hand": Event(moves.CancelByHand(0, 0, 0), _ORDERS, _has_orders),
    "the position grows": Event(moves.FillEntry(0, 0, _GROWS), _POSITION, lambda _: True),
    "the position shrinks": Event(moves.SetPosition(0, 0, _HALF), _POSITION, _held),
    "the position is closed": Event(moves.SetPosition(0, 0, 0), _BOTH, _held),
    "the position flips": Event(moves.Flip(0, 0, _FLIPPED), _BOTH, _held),
    "the stop is removed by hand": Event(moves.MoveStopByHand(0, 0, 0), _STOP, _has_stop),
    "the stop is moved nearer by hand": Event(
        moves.MoveStopByHand(0, 0, _NEARER_TICKS), _STOP, _has_stop
    ),
    "the market reaches the stop": Event(
        moves.ReachStop(0, 0, 0, is_gap=False, lasts_ms=_A_MOMENT_MS), _BOTH | _STOP, _has_stop
    ),
    "the step becomes coarser": Event(
        moves.ChangeRules(0, 0, "step", _COARSER), frozenset({Concern.RULES}), _has_old_rules
    ),
    "the monitor is paused": Event(
        moves.Stop(0, 0, Stopped.MONITOR, _STOPPED_MS), frozenset({Concern.CONTROLS}), _is_going
    ),
    WAKES: Event(moves.Wake(0, 0), frozenset({Concern.WAKES}), lambda _: True),
}

RARE_EVENTS: Mapping[str, Event] = {
    "a second engine's order appears": Event(
        moves.PlaceLikeOurs(0, 0, 0, 3, _A_PART, _DIGITS), _ORDERS, _held
    ),
}
"""What may happen too, and that the search leaves out: it would make the scope too large. The
paths through the chart that need it are walked one by one."""

_SHOWN: Mapping[str, Collection[Concern]] = {
    "/v5/market/instruments-info": (Concern.RULES,),
    "/v5/order/realtime": (Concern.ORDERS, Concern.STOP),
    "/v5/order/history": (Concern.ORDERS,),
    "/v5/execution/list": (Concern.ORDERS,),
    "/v5/position/list": (Concern.POSITION, Concern.STOP, Concern.CONTROLS, Concern.WAKES),
}
"""What each read shows; any other may show anything.

After a state's last read trueup looks whether it is stopped or woken.
"""


def possible_events(world: World, request: ApiRequest | None) -> tuple[str, ...]:
    """The names of the events that matter before the request arrives; for None, before a run."""
    shown: Collection[Concern] = [concern for concern in Concern if concern is not Concern.WAKES]
    if request is not None and not request.is_write:
        shown = _SHOWN.get(request.path, shown)
    return tuple(
        name
        for name, event in EVENTS.items()
        if not event.changes.isdisjoint(shown) and event.is_possible(world)
    )


def happen(world: World, name: str) -> None:
    """Lets an event happen."""
    with world.external_changes():
        (EVENTS.get(name) or RARE_EVENTS[name]).move.do(world)
