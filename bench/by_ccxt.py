"""What a user would write instead: ccxt cancels and creates the same ladder."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .fan_out import enter, fill
from .live import STREAMS, Engine, engine, owners_of, watch
from .measurement import CPU, Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .scene import GROWTH, START, Place, Scene, keys, quantities
from .served import Exchange, served
from .world import PRICES

CCXT = "ccxt: cancel and create each of four orders; it reads, records and verifies nothing"
REQUESTS = Kind("requests")
_TIMES = 5


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=2)
    own, other = scene.places
    with TemporaryDirectory() as name, served(scene) as exchange:
        owners = owners_of((own.account,), exchange.url)
        with engine(Path(name), owners) as opened, _ladder(exchange, other) as ladder:
            watch(opened.reconciler, owners, [own])
            opened.start(STREAMS)
            exchange.truths([own])
            opened.wait_until_synced(1)
            sides = {
                "trueup": lambda: _trueup(exchange, opened, own),
                "ccxt": lambda: _ccxt(exchange, ladder),
            }
            taken = interleave(sides, scale.live, tick)
    return figures(taken["trueup"], taken["ccxt"], CCXT)


def _trueup(exchange: Exchange, opened: Engine, place: Place) -> Sample:
    """A fill each time, until its run has ended: journal, alert and all."""
    cpu, requests = Decimal(0), 0
    for _ in range(_TIMES):
        enter(exchange, [place])
        fan = fill(exchange, opened, [place])
        cpu, requests = cpu + fan.cpu_ms, requests + fan.requests
    return {CPU: cpu / _TIMES, REQUESTS: Decimal(requests) / _TIMES}


class _Ladder:
    """A ladder that is kept by cancelling and creating.

    Args:
        client: ccxt's.
        symbol: as ccxt calls it.
    """

    def __init__(self, client: Any, symbol: str) -> None:  # noqa: ANN401 - ccxt is not always there
        self._client, self._symbol = client, symbol
        self._orders: list[str] = []
        self._size = START
        self.resize()

    def resize(self) -> None:
        """Cancels each order, and creates one of another size in its place."""
        self._size = 2 * START + GROWTH - self._size
        wanted = zip(PRICES, quantities(self._size), strict=True)
        cancelled = iter(self._orders)
        made: list[str] = []
        for price, quantity in wanted:
            order_id = next(cancelled, None)
            if order_id is not None:
                self._client.cancel_order(order_id, self._symbol)
            made.append(self._create(price, quantity))
        self._orders = made

    def _create(self, price: str, quantity: Decimal) -> str:
        parameters = {"reduceOnly": True, "positionIdx": 0}
        order = self._client.create_order(
            self._symbol, "limit", "buy", float(quantity), float(price), parameters
        )
        return str(order["id"])


def _ccxt(exchange: Exchange, ladder: _Ladder) -> Sample:
    before = exchange.ask("count")
    with Stopwatch() as watch:
        for _ in range(_TIMES):
            ladder.resize()
    requests = Decimal(exchange.ask("count") - before)
    return {CPU: watch.cpu_ms / _TIMES, REQUESTS: requests / _TIMES}


@contextmanager
def _ladder(exchange: Exchange, place: Place) -> Iterator[_Ladder]:
    """Opens ccxt at its best: no look-up of the account's kind, no waits, no proxies."""
    key, secret = keys(place.account)
    client = importlib.import_module("ccxt").bybit(
        {
            "apiKey": key,
            "secret": secret,
            "enableRateLimit": False,
            "options": {
                "defaultType": "swap",
                "enableUnifiedMargin": False,
                "enableUnifiedAccount": True,
                "fetchMarkets": {"types": ["linear"]},
            },
        }
    )
    client.session.trust_env = False
    client.urls["api"] = dict.fromkeys(client.urls["api"], exchange.url)
    client.has["fetchCurrencies"] = False
    (symbol,) = client.load_markets()
    try:
        yield _Ladder(client, symbol)
    finally:
        client.session.close()


BY_CCXT = Measurement("ccxt", "A fill's ladder, beside what ccxt needs for it", _measure)
