"""The main job: entries of a mirror fill, and its four levels have to follow."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from trueup.simulator import RequestRecord

from .cover import CoverMeter
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .seed import SeedSequence
from .world import AFTER, ROUND_TRIP_MS, World, pybit, trueup, world

REQUESTS = Kind("requests")
WRITES = Kind("write requests")
ORDERS_WRITTEN = Kind("orders written")
DURATION = Kind(f"duration at {ROUND_TRIP_MS} ms a request", "s")


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    taken = interleave({"trueup": _trueup, "seed": _seed}, scale.rounds, tick)
    return figures(taken["trueup"], taken["seed"], "cancel and place, level by level")


def _trueup() -> Sample:
    with world() as place, trueup(place) as (reconciler, monitor):
        place.hold(AFTER)
        return _sample(place, lambda: reconciler.reconcile(monitor))


def _seed() -> Sample:
    with world() as place, pybit(place) as http:
        bot = SeedSequence(http, place.folder / "records.json")
        bot.rebalance()
        place.hold(AFTER)
        return _sample(place, bot.rebalance)


def _sample(place: World, job: Callable[[], object]) -> Sample:
    before = len(place.sim.requests)
    start_ms = place.sim.clock.now_ms()
    with CoverMeter(place.sim) as meter, Stopwatch(place.server_cpu) as watch:
        job()
    passed_ms = place.sim.clock.now_ms() - start_ms
    return {
        **_on_the_wire(place.requests_since(before)),
        **watch.sample(),
        DURATION: Decimal(passed_ms) / 1000,
        **meter.sample(),
    }


def _on_the_wire(requests: Sequence[RequestRecord]) -> Sample:
    writes = [request for request in requests if request.is_write]
    items = sum(len(request.params.get("request", [request])) for request in writes)
    return {
        REQUESTS: Decimal(len(requests)),
        WRITES: Decimal(len(writes)),
        ORDERS_WRITTEN: Decimal(items),
    }


MAIN_JOB = Measurement("main-job", "A mirror grows from 307.3 to 921.9, with four levels", _measure)
