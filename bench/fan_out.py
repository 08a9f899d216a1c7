"""Fan-out: a main and its mirrors fill at once, and all their ladders have to follow."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from pybit.unified_trading import HTTP

from .live import STREAMS, Engine, engine, owners_of, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, alone, figures
from .sampling import Stopwatch, interleave
from .scene import GROWTH, START, Place, Scene, keys, quantities
from .served import Exchange, served
from .shares import Shares
from .target import at_least, at_most

BARE = "pybit alone: as many batch amends of four, from 32 threads"
SHARE = "thread time of these parts ÷ all CPU of the run, in rounds of their own"
_BARE_THREADS = 32
_QUIET_S = 0.5


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    made: list[Figure] = []
    for mirrors in scale.mirrors:
        made += _of(mirrors, scale, tick)
    return tuple(made)


def _of(mirrors: int, scale: Scale, tick: Tick) -> Iterator[Figure]:
    accounts = mirrors + 1
    scene = Scene(accounts=accounts + _BARE_THREADS)
    places = scene.places[:accounts]
    kinds = _Kinds(mirrors)
    with TemporaryDirectory() as name, served(scene) as exchange:
        owners = owners_of(scene.names[:accounts], exchange.url)
        with engine(Path(name), owners) as opened, _bare(exchange, scene.places[accounts:]) as bare:
            watch(opened.reconciler, owners, places)
            opened.start(STREAMS)
            exchange.truths(places)
            opened.wait_until_synced(accounts)
            sides = {
                "trueup": lambda: _fan(exchange, opened, places, kinds),
                "pybit": lambda: _calls(exchange, bare, accounts, kinds),
            }
            taken = interleave(sides, max(1, scale.live // 2), tick)
            shares = [_shares(exchange, opened, places, mirrors) for _ in range(2)]
    largest = mirrors == max(scale.mirrors)
    targets = {kinds.rate: at_least("300", "/s"), kinds.cpu: at_most("3", "ms")} if largest else {}
    yield from figures(taken["trueup"], taken["pybit"], BARE, targets)
    yield from alone(shares[1:], SHARE)


class _Kinds:
    """The kinds of figures for this number of mirrors."""

    def __init__(self, mirrors: int) -> None:
        self.wall = Kind(f"until all are true, {mirrors} mirrors", "ms")
        self.rate = Kind(f"runs, {mirrors} mirrors", "/s")
        self.cpu = Kind(f"CPU a run, {mirrors} mirrors", "ms")
        self.other = Kind(f"CPU of the exchange's process a run, {mirrors} mirrors", "ms")

    def sample(self, count: int, seconds: Decimal, cpu_ms: Decimal, other_s: float) -> Sample:
        return {
            self.wall: seconds * 1000,
            self.rate: count / seconds,
            self.cpu: cpu_ms / count,
            self.other: Decimal(other_s) * 1000 / count,
        }


def _fan(exchange: Exchange, opened: Engine, places: Sequence[Place], kinds: _Kinds) -> Sample:
    """All entries fill; CPU counts until the last run has ended."""
    seconds, cpu_ms, other_s = _once(exchange, opened, places)
    return kinds.sample(len(places), seconds, cpu_ms, other_s)


def _once(
    exchange: Exchange, opened: Engine, places: Sequence[Place]
) -> tuple[Decimal, Decimal, float]:
    _enter(exchange, places)
    return _fill(exchange, opened, places)


def _enter(exchange: Exchange, places: Sequence[Place]) -> None:
    """Places the entries, and waits until the engine has received their events."""
    exchange.ask("enter", places, GROWTH)
    time.sleep(_QUIET_S)
    gc.collect()


def _fill(
    exchange: Exchange, opened: Engine, places: Sequence[Place]
) -> tuple[Decimal, Decimal, float]:
    before, other = opened.runs["stream"], exchange.ask("cpu_s")
    with Stopwatch() as watch:
        began = time.perf_counter()
        exchange.ask("fill", places)
        exchange.truths(places)
        seconds = Decimal(time.perf_counter() - began)
        opened.wait_for_runs(before + len(places))
    return seconds, watch.cpu_ms, exchange.ask("cpu_s") - other


def _shares(exchange: Exchange, opened: Engine, places: Sequence[Place], mirrors: int) -> Sample:
    _enter(exchange, places)
    with Shares() as shares:
        _, cpu_ms, _ = _fill(exchange, opened, places)
    return {
        Kind(f"share of CPU: {name}, {mirrors} mirrors", "%"): 100 * spent / cpu_ms
        for name, spent in shares.spent_ms(cpu_ms).items()
    }


@contextmanager
def _bare(exchange: Exchange, places: Sequence[Place]) -> Iterator[Sequence[Callable[[], None]]]:
    """Gives calls of pybit alone, with an account and a resting ladder for each thread."""
    clients = []
    calls = []
    for place in places:
        key, secret = keys(place.account)
        http = HTTP(api_key=key, api_secret=secret)
        http.endpoint = exchange.url
        http.client.trust_env = False
        http.place_batch_order(category="linear", request=_orders(place))
        clients.append(http)
        calls.append(_amends(http, place, exchange.ask("order_ids", place)))
    try:
        yield calls
    finally:
        for http in clients:
            http.client.close()


def _orders(place: Place) -> list[dict[str, object]]:
    return [
        {
            "symbol": place.symbol,
            "side": "Buy",
            "orderType": "Limit",
            "qty": str(quantity),
            "price": f"0.6{level}",
            "reduceOnly": True,
            "positionIdx": 0,
            "orderLinkId": f"bare-{level}",
        }
        for level, quantity in enumerate(quantities(START))
    ]


def _amends(http: HTTP, place: Place, order_ids: Sequence[str]) -> Callable[[], None]:
    """Amends all four orders, to another quantity each time."""
    sizes = [quantities(START), quantities(START + GROWTH)]

    def call() -> None:
        sizes.reverse()
        items = [
            {"symbol": place.symbol, "orderId": order_id, "qty": str(quantity)}
            for order_id, quantity in zip(order_ids, sizes[0], strict=True)
        ]
        http.amend_batch_order(category="linear", request=items)

    return call


def _calls(
    exchange: Exchange, calls: Sequence[Callable[[], None]], count: int, kinds: _Kinds
) -> Sample:
    share, more = divmod(count, len(calls))

    def work(number: int) -> None:
        for _ in range(share + (number < more)):
            calls[number]()

    other = exchange.ask("cpu_s")
    with ThreadPoolExecutor(len(calls)) as pool, Stopwatch() as watch:
        list(pool.map(work, range(len(calls))))
    return kinds.sample(count, watch.wall_ms / 1000, watch.cpu_ms, exchange.ask("cpu_s") - other)


FAN_OUT = Measurement(
    "fan-out", "A main and its mirrors fill at once, on private streams", _measure
)
