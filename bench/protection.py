"""Protection: how long until a stop is where it has to be, and what is bare meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.stop import Breakeven, Stop

from .main_job import WRITES
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import interleave
from .seed import SeedSequence
from .stop_meter import StopMeter
from .stop_sequence import StopSequence
from .target import Target, at_most
from .world import AFTER, BEFORE, ROUND_TRIP_MS, SYMBOL, World, pybit, trueup, world

AGAINST = "cancel the stop, place another; stop before levels"
FIRST, EVEN = Decimal("0.7140"), Decimal("0.6800")
STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset=0))
"""For a short from 0.68: 0.714, and 0.68 once TP1 has filled."""
TIME = Kind(f"time at {ROUND_TRIP_MS} ms a request", "ms")
BARE = Kind("unprotected", "qty·s")
BARED = Kind("unprotected by own writes", "qty·s")


@dataclass(frozen=True, slots=True)
class _Case:
    """What happens to a position.

    Attributes:
        name: for the table, with what is timed.
        size: of the position before.
        happens: what happens.
        where: the stop has to be there, or nearer.
    """

    name: str
    size: Decimal
    happens: Callable[[World], object]
    where: Decimal


_GROWS = "to protected, three entries more"
_CASES = (
    _Case("to protected, first entry", Decimal(0), lambda place: place.hold(BEFORE), FIRST),
    _Case(_GROWS, BEFORE, lambda place: place.hold(AFTER), FIRST),
    _Case(
        "to breakeven, TP1 fills",
        BEFORE,
        lambda place: place.sim.set_price(SYMBOL, "0.6500"),
        EVEN,
    ),
)


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    return tuple(figure for case in _CASES for figure in _figures(case, scale, tick))


def _figures(case: _Case, scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    sides = {"trueup": lambda: _trueup(case), "seed": lambda: _seed(case)}
    taken = interleave(sides, scale.rounds, tick)
    named = {kind: Kind(f"{kind.name}, {case.name}", kind.unit) for kind in taken["seed"][0]}
    ours, its = (
        [{new: one[old] for old, new in named.items()} for one in taken[side]]
        for side in ("trueup", "seed")
    )
    return figures(ours, its, AGAINST, _targets(case, named))


def _targets(case: _Case, named: Mapping[Kind, Kind]) -> dict[Kind, Target]:
    """No write of ours bares anything; beside a stop, four levels are resized by one request."""
    held = {named[BARED]: at_most("0", BARED.unit)}
    return held | ({named[WRITES]: at_most("1")} if case.name == _GROWS else {})


def _trueup(case: _Case) -> Sample:
    with world() as place:
        place.hold(case.size)
        with trueup(place, STOP) as (reconciler, monitor):
            return _sample(place, case, lambda: reconciler.reconcile(monitor))


def _seed(case: _Case) -> Sample:
    with world() as place, pybit(place) as http:
        place.hold(case.size)
        stop = StopSequence(http)
        levels = SeedSequence(http, place.folder / "records.json")

        def job() -> None:
            stop.move_to(case.where)
            if case.where == FIRST:
                levels.rebalance()

        if case.size:
            stop.move_to(FIRST)
            levels.rebalance()
        return _sample(place, case, job)


def _sample(place: World, case: _Case, job: Callable[[], object]) -> Sample:
    case.happens(place)
    before = len(place.sim.requests)
    with StopMeter(place.sim, case.where) as meter:
        job()
    writes = [request for request in place.requests_since(before) if request.is_write]
    return {
        TIME: meter.waited_ms,
        BARE: meter.bare,
        BARED: meter.bared,
        WRITES: Decimal(len(writes)),
    }


PROTECTION = Measurement(
    "protection",
    "A stop beside four levels: an entry fills, the position grows, TP1 fills",
    _measure,
)
