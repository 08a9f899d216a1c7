"""What a run takes, counted: no clock is in these figures, and two machines agree on most."""

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from chaos.speed.patching import patched
from trueup.aio.fibers import in_fiber
from trueup.storage.sqlite.access import connections

from .live import STREAMS, Engine, engine, owners_of, watch
from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, alone
from .scene import GROWTH, Place, Scene
from .served import Exchange, served
from .target import at_most

METHOD = "streams; a fill, one batch amend of four, an alert; the rounds' median"
_LONG = "the same, over 240 runs: whole bases, indexes and the alert's row are in it"
STATEMENTS = Kind("SQL statements that write a run")
READS = Kind("reads of the database a run, the outbox's apart")
BYTES = Kind("growth of the database a run", "bytes")
SWITCHES = Kind("voluntary context switches a run")
REQUESTS = Kind("requests a run")
CALLS = Kind("Python calls a run: states, decisions, the stepper")
_TARGETS = {
    STATEMENTS: at_most("8"),
    READS: at_most("0"),
    BYTES: at_most("3000", "bytes"),
    SWITCHES: at_most("30"),
    CALLS: at_most("1500"),
}
_ACCOUNTS, _FILLS, _LONG_FILLS = 3, 16, 80
_QUIET_S = 1.0
_STEP = ("/domain/", "/states/", "/engine/run/")
_SHARED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
_ASIDE = ("SELECT alert.id, alert.monitor_id", "SELECT control.number")
"""The outbox's reads, and what asks before a write whether somebody has stopped it."""


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    del scale
    calls = _rounds(tick, Calls)
    rest = _rounds(tick, _Statements)
    samples = [one | other for one, other in zip(rest, calls, strict=True)]
    grown = {BYTES: _rounds(lambda: None, _Growth, _LONG_FILLS, 0)[-1][BYTES]}
    return (*alone(samples, METHOD, _TARGETS), *alone([grown], _LONG, _TARGETS))


class _Growth:
    """Counts the bytes by which the database grows, from the first fill on: it grows by pages."""

    def __init__(self, database: Path, traced: list[str]) -> None:
        del traced
        self._database = database
        self._bytes = self._runs = 0

    def begin(self) -> None:
        """Starts counting, where it has not yet."""
        self._bytes = self._bytes or _size(self._database)

    def sample(self, runs: int) -> Sample:
        """What a run took, of all so far."""
        self._runs += runs
        return {BYTES: Decimal(_size(self._database) - self._bytes) / self._runs}


class _Statements:
    """Counts statements and switches between entering and leaving."""

    def __init__(self, database: Path, traced: list[str]) -> None:
        del database
        self._traced = traced

    def begin(self) -> None:
        """Starts counting."""
        self._switches = _switches()
        self._traced.clear()

    def sample(self, runs: int) -> Sample:
        """What was counted, a run."""
        # Where a statement fires a trigger, Python hands it to the callback once more.
        said = [one for one, _ in groupby(self._traced)]
        writes = [one for one in said if not one.startswith(("SELECT", *_SHARED))]
        reads = [one for one in said if one.startswith("SELECT") and not one.startswith(_ASIDE)]
        counted = {
            STATEMENTS: len(writes),
            READS: len(reads),
            SWITCHES: _switches() - self._switches,
        }
        return {kind: Decimal(count) / runs for kind, count in counted.items()}


class Calls:
    """Counts the calls of Python functions that fibers make in threads that begin after this.

    That costs so much that nothing else is counted meanwhile.
    """

    def __init__(self, database: Path, traced: list[str]) -> None:
        del database, traced
        self._count = 0
        self._counts = False
        threading.setprofile(self._called)

    def begin(self) -> None:
        """Starts counting."""
        self._count, self._counts = 0, True

    def sample(self, runs: int) -> Sample:
        """What was counted, a run."""
        self._counts = False
        return {CALLS: Decimal(self._count) / runs}

    def _called(self, frame: FrameType, event: str, argument: object) -> None:
        del argument
        if self._counts and event == "call" and in_fiber():
            self._count += any(room in frame.f_code.co_filename for room in _STEP)


_Meter = _Statements | Calls | _Growth


def _rounds(
    tick: Tick,
    meter: Callable[[Path, list[str]], _Meter],
    fills: int = _FILLS,
    quiet_s: float = _QUIET_S,
) -> list[Sample]:
    scene = Scene(accounts=_ACCOUNTS)
    traced: list[str] = []
    samples: list[Sample] = []
    with TemporaryDirectory() as name, served(scene) as exchange, _tracing(traced):
        owners = owners_of(scene.names, exchange.url)
        meters = meter(Path(name) / "trueup.db", traced)
        try:
            with engine(Path(name), owners) as opened:
                watch(opened.reconciler, owners, scene.places)
                opened.start(STREAMS)
                exchange.truths(scene.places)
                opened.wait_until_synced(_ACCOUNTS)
                for _ in range(fills + 1):
                    samples.append(_fill(exchange, opened, scene.places, meters, quiet_s))
                    tick()
        finally:
            threading.setprofile(None)
    return samples[1:]


def _fill(
    exchange: Exchange, opened: Engine, places: Sequence[Place], meter: _Meter, quiet_s: float
) -> Sample:
    """The position of each grows; what their runs took."""
    exchange.ask("enter", places, GROWTH)
    time.sleep(quiet_s)
    before, asked = opened.runs["stream"], exchange.ask("count")
    meter.begin()
    exchange.ask("fill", places)
    exchange.truths(places)
    opened.wait_for_runs(before + len(places))
    time.sleep(quiet_s)
    runs = opened.runs["stream"] - before
    requests = Decimal(exchange.ask("count") - asked) / runs
    return {REQUESTS: requests, **meter.sample(runs)}


@contextmanager
def _tracing(traced: list[str]) -> Iterator[None]:
    """Every connection that is opened writes down what it runs."""
    connect: Callable[..., Any] = vars(connections)["_connect"]

    def opened(*arguments: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments)
        connection.set_trace_callback(traced.append)
        return connection

    with patched(connections, "_connect", opened):
        yield


def _size(database: Path) -> int:
    """The database's pages in bytes, with those that wait in its log."""
    with closing(sqlite3.connect(database)) as connection:
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "page_size")
        )
    return int(pages) * int(size)


def _switches() -> int:
    """How often the threads of this process gave up their processor, where the system counts it."""
    if sys.platform != "linux":
        return 0
    count = 0
    for task in Path("/proc/self/task").iterdir():
        lines = (task / "status").read_text("ascii").splitlines()
        count += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))
    return count


COUNTS = Measurement("counts", "What a run takes, counted", _measure)
