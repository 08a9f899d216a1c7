"""A storm: many symbols of one account fill within a second, at ten orders a second."""

import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup.adapters.bybit import BybitExchange
from trueup.simulator import RequestRecord

from .live import STREAMS, engine, owners_of, watch
from .measurement import Figure, Kind, Measurement, Scale, Tick
from .scene import GROWTH, Place, Scene
from .served import Exchange, served
from .target import at_most, ratio_at_most
from .world import PRICES

ALLOWED = 10
"""Orders a second, of one account at one endpoint, as a new account has them."""
LIMIT = "the limit itself: how long after the first the last order may leave"
COUNTED = "counted on the wire"
_WITHIN_S = 0.8
_SETTLE_S = 1.2


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=1, symbols=scale.storm, ladders=True, rate_limits=True)
    with TemporaryDirectory() as name, served(scene) as exchange:
        accounts = owners_of(scene.names, exchange.url)
        with engine(Path(name), accounts, connect=BybitExchange) as opened:
            watch(opened.reconciler, accounts, scene.places)
            opened.start(STREAMS)
            opened.wait_until_synced(1)
            opened.wait_for_runs(scale.storm, "start-up")
            figures = _storm(exchange, scene.places)
    tick()
    return figures


def _storm(exchange: Exchange, places: Sequence[Place]) -> tuple[Figure, ...]:
    exchange.ask("enter", places, GROWTH)
    time.sleep(_SETTLE_S)
    before = exchange.ask("count")
    exchange.ask("fill", places, _WITHIN_S / len(places))
    exchange.truths(places)
    time.sleep(_SETTLE_S)
    requests = exchange.requests(before)
    writes = [request for request in requests if request.is_write]
    orders = len(places) * len(PRICES)
    permitted = Decimal((orders - 1) // ALLOWED)
    took = Decimal(writes[-1].at_ms - writes[0].at_ms) / 1000
    refused = exchange.ask("too_many")
    kind = Kind(f"{orders} orders of {len(places)} symbols, first to last", "s")
    ratio = took / permitted if permitted else None
    return (
        Figure(kind, LIMIT, took, permitted, ratio, ratio, ratio, ratio_at_most("1.05")),
        Figure(Kind("requests"), COUNTED, Decimal(len(requests))),
        Figure(Kind("refused with 10006"), COUNTED, Decimal(refused), target=at_most("0")),
        Figure(Kind("orders written"), COUNTED, Decimal(sum(map(_items, writes)))),
    )


def _items(request: RequestRecord) -> int:
    return len(request.params.get("request", ()))


STORM = Measurement(
    "storm",
    "Symbols of one account fill within a second; ten orders a second are allowed",
    _measure,
)
