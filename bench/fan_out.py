"""Fan-out: a main and its mirrors fill at once, and all their ladders have to follow."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from .bare import THREADS, bare, call_all
from .live import STREAMS, Engine, engine, owners_of, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, alone, figures
from .sampling import Stopwatch, interleave
from .scene import GROWTH, Place, Scene
from .served import Exchange, served
from .shares import Shares
from .target import at_least, at_most

BARE = f"pybit alone: as many batch amends of four, from {THREADS} threads"
SHARE = "thread time of these parts ÷ all CPU of the run, in rounds of their own"
_QUIET_S = 0.5


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    made: list[Figure] = []
    for mirrors in scale.mirrors:
        made += _of(mirrors, scale, tick)
    return tuple(made)


def _of(mirrors: int, scale: Scale, tick: Tick) -> Iterator[Figure]:
    accounts = mirrors + 1
    scene = Scene(accounts=accounts + THREADS)
    places = scene.places[:accounts]
    kinds = _Kinds(mirrors)
    with TemporaryDirectory() as name, served(scene) as exchange:
        owners = owners_of(scene.names[:accounts], exchange.url)
        with engine(Path(name), owners) as opened, bare(exchange, scene.places[accounts:]) as calls:
            watch(opened.reconciler, owners, places)
            opened.start(STREAMS)
            exchange.truths(places)
            opened.wait_until_synced(accounts)
            sides = {
                "trueup": lambda: _fan(exchange, opened, places, kinds),
                "pybit": lambda: _calls(exchange, calls, accounts, kinds),
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
    enter(exchange, places)
    fan = fill(exchange, opened, places)
    return kinds.sample(len(places), fan.true_s, fan.cpu_ms, fan.other_s)


class Fan(NamedTuple):
    """What it took after entries filled.

    Attributes:
        true_s: until all ladders were true.
        ended_s: until the last run had ended.
        cpu_ms: of this process until then.
        other_s: of the exchange's process.
        requests: that were made.
    """

    true_s: Decimal
    ended_s: Decimal
    cpu_ms: Decimal
    other_s: float
    requests: int


def enter(exchange: Exchange, places: Sequence[Place]) -> None:
    """Places the entries, and waits until the engine has received their events."""
    exchange.ask("enter", places, GROWTH)
    time.sleep(_QUIET_S)
    gc.collect()


def fill(exchange: Exchange, opened: Engine, places: Sequence[Place]) -> Fan:
    """Fills the entries, one right after the other, and waits until the last run has ended."""
    before, other, asked = opened.runs["stream"], exchange.ask("cpu_s"), exchange.ask("count")
    with Stopwatch() as watch:
        began = time.perf_counter()
        exchange.ask("fill", places)
        exchange.truths(places)
        seconds = Decimal(time.perf_counter() - began)
        opened.wait_for_runs(before + len(places))
    return Fan(
        seconds,
        watch.wall_ms / 1000,
        watch.cpu_ms,
        exchange.ask("cpu_s") - other,
        exchange.ask("count") - asked,
    )


def _shares(exchange: Exchange, opened: Engine, places: Sequence[Place], mirrors: int) -> Sample:
    enter(exchange, places)
    with Shares() as shares:
        cpu_ms = fill(exchange, opened, places).cpu_ms
    return {
        Kind(f"share of CPU: {name}, {mirrors} mirrors", "%"): 100 * spent / cpu_ms
        for name, spent in shares.spent_ms(cpu_ms).items()
    }


def _calls(
    exchange: Exchange, calls: Sequence[Callable[[], None]], count: int, kinds: _Kinds
) -> Sample:
    other = exchange.ask("cpu_s")
    watch = call_all(calls, count)
    return kinds.sample(count, watch.wall_ms / 1000, watch.cpu_ms, exchange.ask("cpu_s") - other)


FAN_OUT = Measurement(
    "fan-out", "A main and its mirrors fill at once, on private streams", _measure
)
