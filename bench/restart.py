"""Restart: the process is killed while many monitors are in the middle of a run."""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from pybit.unified_trading import HTTP

from .apart import apart
from .live import Moment
from .measurement import Figure, Kind, Measurement, Scale, Tick
from .population import populate
from .resident import Resident, idle_settings
from .scene import GROWTH, Scene, keys
from .served import served
from .target import Target, at_most, ratio_at_most

OWN = "CPU of the process from opening the database on: its own time"
COUNTED = "counted on the wire, the runs' own among them"
WALL = "from opening the database on, the exchange's answers included"
BARE = "pybit alone: a client an account, as many reads of its orders and positions"


class _Bare:
    """pybit alone, with a client for each account; its method is called over a pipe."""

    def read(self, names: Sequence[str], url: str, each: int) -> float:
        """Reads the orders and positions of each account in turn; CPU seconds, clients included."""
        began = time.process_time()
        for name in names:
            key, secret = keys(name)
            http = HTTP(api_key=key, api_secret=secret)
            http.endpoint = url
            http.client.trust_env = False
            for number in range(each):
                ask = http.get_positions if number % 2 else http.get_open_orders
                ask(category="linear", settleCoin="USDT", limit=50)
            http.client.close()
        return time.process_time() - began


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    scene = Scene(accounts=scale.accounts, symbols=scale.symbols, ladders=True)
    broken = scene.places[:: scene.symbols]
    settings = idle_settings(timedelta(hours=1))
    with TemporaryDirectory() as name, served(scene) as exchange:
        folder = Path(name)
        populate(folder, scene.names, scene.listed, broken_off=True)
        exchange.ask("enter", broken, GROWTH)
        exchange.ask("fill", broken)
        with apart(Resident, folder, scene, exchange.url) as killed:
            killed.ask("open")
            killed.kill()
        tick()
        with apart(Resident, folder, scene, exchange.url) as resident:
            before = exchange.ask("count")
            resident.ask("open")
            resident.ask("start", settings)
            first = resident.ask("resumed", 1)
            classified = resident.ask("swept")
            requests = exchange.ask("count") - before
            resumed = resident.ask("resumed", len(broken))
            exchange.truths(broken)
        each = Decimal(requests) / scene.accounts
        with apart(_Bare) as bare:
            baseline = bare.ask("read", scene.names, exchange.url, round(each))
    tick()
    marks = (
        ("the first run is repaired", first),
        (f"all {len(scene.places)} monitors are classified", classified),
        (f"all {len(broken)} runs are repaired", resumed),
    )
    targets = {marks[1][0]: at_most("5", "s"), marks[0][0]: at_most("5", "s")}
    asked = Kind("requests until all are classified, an account")
    return (
        *_times(marks, targets),
        Figure(asked, COUNTED, each),
        _beside(marks[1][0], classified[1], baseline),
    )


def _times(marks: Sequence[tuple[str, Moment]], targets: Mapping[str, Target]) -> Iterator[Figure]:
    return (
        figure
        for what, (wall_s, cpu_s) in marks
        for figure in (
            _figure(f"until {what}", cpu_s, OWN, targets.get(what)),
            _figure(f"until {what}, wall", wall_s, WALL),
        )
    )


def _beside(what: str, cpu_s: float, baseline_s: float) -> Figure:
    ours, baseline = (Decimal(str(round(seconds, 3))) for seconds in (cpu_s, baseline_s))
    kind, ratio = Kind(f"until {what}", "s"), ours / baseline
    return Figure(kind, BARE, ours, baseline, ratio, ratio, ratio, ratio_at_most("2"))


def _figure(name: str, seconds: float, how: str, target: Target | None = None) -> Figure:
    return Figure(Kind(name, "s"), how, Decimal(str(round(seconds, 3))), target=target)


RESTART = Measurement(
    "restart", "Killed with many monitors, one of each account in the middle of a run", _measure
)
