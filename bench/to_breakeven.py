"""Time to breakeven: how long after TP1's fill the stop is at the entry."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from pybit.unified_trading import HTTP

from .live import STREAMS, engine, owners_of, percentile
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .protection import EVEN, FIRST, STOP
from .sampling import interleave
from .scene import Place, Scene, keys, ladder
from .served import Exchange, served
from .stop_sequence import StopSequence
from .target import ratio_at_most
from .world import SIDE

AGAINST = "cancel the stop, place another, beginning at the fill"
TIME = Kind("time to breakeven", "ms")
REQUESTS = Kind("requests on the wire")
P50 = Kind("time to breakeven, p50", "ms")
_BELOW_ENTRY = "0.6600"
_MS = 1000
_QUIET_S = 0.25


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(2, symbols=scale.live + 1, ladders=True, round_trip_ms=scale.trip_ms)
    ours, its = ([one for one in scene.places if one.account == name] for name in scene.names)
    with TemporaryDirectory() as name, served(scene) as exchange:
        exchange.ask("fall", _BELOW_ENTRY)
        with _trueup(exchange, Path(name), ours), _seed(exchange, its) as stops:
            turns = iter(zip(ours, its, strict=True))
            pair: list[Place] = []

            def trueup() -> Sample:
                pair[:] = next(turns)
                return _sample(exchange, pair[0])

            taken = interleave(
                {"trueup": trueup, "seed": lambda: _sample(exchange, pair[1], stops[pair[1]])},
                scale.live,
                tick,
            )
    lines = figures(taken["trueup"], taken["seed"], AGAINST, {TIME: ratio_at_most("0.5")})
    longest = (percentile([one[TIME] for one in taken[side]], 99) for side in ("trueup", "seed"))
    mine, other = longest
    worst = Kind(f"{TIME.name}, p99", TIME.unit)
    return (*lines, Figure(worst, AGAINST, mine, other, mine / other))


def _sample(exchange: Exchange, place: Place, stop: StopSequence | None = None) -> Sample:
    """TP1 fills; the old bot's job starts at the fill, and finding out costs it nothing."""
    before = exchange.ask("count")
    exchange.ask("fill_tp1", place)
    if stop is not None:
        stop.move_to(EVEN)
    seconds = Decimal(exchange.ask("stopped", [place], EVEN))
    time.sleep(_QUIET_S)
    made = [one for one in exchange.requests(before) if one.uid == place.account]
    return {TIME: seconds * _MS, REQUESTS: Decimal(len(made))}


@contextmanager
def _trueup(exchange: Exchange, folder: Path, places: list[Place]) -> Iterator[None]:
    owners = owners_of((places[0].account,), exchange.url)
    with engine(folder, owners) as opened:
        for place in places:
            opened.reconciler.watch(place.account, place.symbol, SIDE, ladder(), stop=STOP)
        opened.start(STREAMS)
        exchange.ask("stopped", places, FIRST)
        opened.wait_until_synced(1)
        time.sleep(_QUIET_S)
        yield


@contextmanager
def _seed(exchange: Exchange, places: list[Place]) -> Iterator[dict[Place, StopSequence]]:
    key, secret = keys(places[0].account)
    http = HTTP(api_key=key, api_secret=secret)
    http.endpoint = exchange.url
    http.client.trust_env = False
    stops = {place: StopSequence(http, place.symbol) for place in places}
    for stop in stops.values():
        stop.move_to(FIRST)
    try:
        yield stops
    finally:
        http.client.close()


TO_BREAKEVEN = Measurement(
    "to-breakeven",
    "TP1 fills: real time until the stop is at the entry, 100 ms a round trip",
    _measure,
)
