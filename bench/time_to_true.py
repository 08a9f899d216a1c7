"""Time to true: how long after an entry's fill the ladder covers the position."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from pybit.unified_trading import HTTP

from trueup import LoopSettings

from .live import STREAMS, engine, owners_of, percentile, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import interleave
from .scene import GROWTH, Place, Scene, keys
from .seed import SeedSequence
from .served import Exchange, served
from .target import Target, at_most, ratio_at_most

P50, P99 = Kind("time to true, p50", "ms"), Kind("time to true, p99", "ms")
REQUESTS = Kind("requests on the wire")
NAKED = Kind("naked by own writes", "qty·s")
UNCOVERED = Kind("uncovered", "qty·s")
TRIP = "one round trip: half of it for the event, half for the request"
SEED = "cancel and place, level by level"
STREAMS_SIDE = "streams"
_MS = 1000
_QUIET_S = 0.25
_ROUNDS = 2
_PLACES = Scene(accounts=3).places
_STREAMED, _SWEPT, _SEEDED = _PLACES
_TARGETS = {P50: ratio_at_most("0.2"), REQUESTS: at_most("2"), NAKED: at_most("0")}


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=len(_PLACES), round_trip_ms=scale.trip_ms)
    sweeping = LoopSettings(interval=timedelta(milliseconds=scale.sweep_ms), streams=False)
    with TemporaryDirectory() as name, served(scene) as exchange, ExitStack() as opened:
        folder = Path(name)
        opened.enter_context(_trueup(exchange, folder / "streams", _STREAMED, STREAMS))
        opened.enter_context(_trueup(exchange, folder / "sweeps", _SWEPT, sweeping))
        seed = opened.enter_context(_seed(exchange, folder))
        sides = {
            "streams": lambda: _sample(exchange, _STREAMED),
            "sweeps": lambda: _sample(exchange, _SWEPT),
            "seed": lambda: _sample(exchange, _SEEDED, seed),
        }
        taken = interleave(sides, _ROUNDS * scale.live, tick)
    swept = f"a sweep every {scale.sweep_ms / _MS:g} s"
    return (
        *_figures(STREAMS_SIDE, taken["streams"], taken["seed"], _TARGETS),
        _beside_a_trip(taken["streams"], scale.trip_ms),
        *_figures(swept, taken["sweeps"], taken["seed"], {}),
    )


def _beside_a_trip(ours: Sequence[Sample], trip_ms: int) -> Figure:
    """The same beside the least that any client needs: one round trip."""
    times = [one[P50] for one in ours]
    trip = Decimal(trip_ms)
    return Figure(
        Kind(f"{P50.name}, {STREAMS_SIDE}", P50.unit),
        TRIP,
        percentile(times, 50),
        trip,
        percentile(times, 50) / trip,
        min(times) / trip,
        max(times) / trip,
        at_most("106", "ms"),
    )


def _figures(
    how: str, ours: Sequence[Sample], seed: Sequence[Sample], targets: Mapping[Kind, Target]
) -> tuple[Figure, ...]:
    """Percentiles of all rounds, and the other kinds as they are."""
    named = {kind: Kind(f"{kind.name}, {how}", kind.unit) for kind in ours[0] if kind != P50}
    sides = (
        [{new: one[old] for old, new in named.items()} for one in side] for side in (ours, seed)
    )
    held = {new: targets[old] for old, new in named.items() if old in targets}
    return (*_times(how, ours, seed, targets), *figures(next(sides), next(sides), SEED, held))


def _times(
    how: str, ours: Sequence[Sample], seed: Sequence[Sample], targets: Mapping[Kind, Target]
) -> Iterator[Figure]:
    ratios = [one[P50] / other[P50] for one, other in zip(ours, seed, strict=True)]
    for kind, share in ((P50, 50), (P99, 99)):
        mine, its = (percentile([one[P50] for one in side], share) for side in (ours, seed))
        yield Figure(
            Kind(f"{kind.name}, {how}", kind.unit),
            SEED,
            mine,
            its,
            ratio=mine / its,
            low=min(ratios),
            high=max(ratios),
            target=targets.get(kind),
        )


def _sample(exchange: Exchange, place: Place, job: Callable[[], object] = lambda: None) -> Sample:
    """One entry fills; the old bot's job starts at the fill, and finding out costs it nothing."""
    exchange.ask("enter", [place], GROWTH)
    time.sleep(_QUIET_S)
    before = exchange.ask("count")
    exchange.ask("fill", [place])
    job()
    (truth,) = exchange.truths([place])
    time.sleep(_QUIET_S)
    made = [one for one in exchange.requests(before) if one.uid == place.account]
    return {
        P50: truth.seconds * _MS,
        REQUESTS: Decimal(len(made)),
        NAKED: truth.naked,
        UNCOVERED: truth.uncovered,
    }


@contextmanager
def _trueup(
    exchange: Exchange, folder: Path, place: Place, settings: LoopSettings
) -> Iterator[None]:
    folder.mkdir()
    accounts = owners_of((place.account,), exchange.url)
    with engine(folder, accounts) as opened:
        watch(opened.reconciler, accounts, [place])
        opened.start(settings)
        exchange.truths([place])
        if settings.streams:
            opened.wait_until_synced(1)
        yield


@contextmanager
def _seed(exchange: Exchange, folder: Path) -> Iterator[Callable[[], object]]:
    key, secret = keys(_SEEDED.account)
    http = HTTP(api_key=key, api_secret=secret)
    http.endpoint = exchange.url
    http.client.trust_env = False
    bot = SeedSequence(http, folder / "records.json")
    bot.rebalance()
    try:
        yield bot.rebalance
    finally:
        http.client.close()


TIME_TO_TRUE = Measurement(
    "time-to-true",
    "An entry fills: real time until four levels are true, 100 ms a round trip",
    _measure,
)
