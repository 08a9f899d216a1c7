"""The store: durable commits per second, from one thread and from many."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from trueup.storage import SqlStore, open_store

from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .raw import Commit, OneWriter, own_connection, prepare
from .ready import ready
from .sampling import Stopwatch, interleave
from .steps import step, watched
from .target import ratio_at_least

Open = Callable[[int], AbstractContextManager[Commit]]
"""Opens the commit function of one thread, given the thread's number."""

OWN = "sqlite3: a connection and a commit for each"
WRITER = "sqlite3: one writer, shared commits"
READY = "sqlite3: the same, with the store's own statements, values ready"
_LEAST = {WRITER: "0.6", READY: "0.5"}


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    made: list[Figure] = []
    for threads in scale.threads:
        with _sides(threads) as opened:
            sides = {name: side(one, threads, scale.seconds) for name, one in opened.items()}
            taken = interleave(sides, scale.rounds, tick)
        for against in (OWN, WRITER, READY):
            bound = _LEAST.get(against)
            targets = {} if bound is None else {_rate(threads): ratio_at_least(bound)}
            made += figures(taken["trueup"], taken[against], against, targets)
    return tuple(made)


@contextmanager
def _sides(threads: int) -> Iterator[dict[str, Open]]:
    """The ways to commit, each on a file of its own in the folder for temporary files."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        own, shared, own_tables = (folder / f"{each}.db" for each in ("own", "shared", "ready"))
        prepare(own, threads)
        prepare(shared, threads)
        with (
            closing(open_store(f"sqlite:///{folder / 'trueup.db'}")) as store,
            closing(OneWriter(shared)) as writer,
            closing(OneWriter(own_tables, ready(own_tables, threads))) as ready_writer,
        ):
            yield {
                "trueup": lambda number: commits_of(store, number),
                OWN: lambda number: own_connection(own, number),
                WRITER: lambda number: _through(writer, number),
                READY: lambda number: _through(ready_writer, number),
            }


@contextmanager
def commits_of(store: SqlStore, number: int) -> Iterator[Commit]:
    """Commits one step of a monitor after the other."""
    record = watched(store, number)

    def commit() -> None:
        nonlocal record
        record = store.commit(step(record))

    yield commit


@contextmanager
def _through(writer: OneWriter, number: int) -> Iterator[Commit]:
    yield lambda: writer.commit(number)


def side(opened: Open, threads: int, seconds: float) -> Callable[[], Sample]:
    """Takes one sample: commits by so many threads, for so long."""
    rate = _rate(threads)
    cost = Kind(f"CPU a commit, {threads} {'thread' if threads == 1 else 'threads'}", "ms")

    def sample() -> Sample:
        start = Barrier(threads + 1)

        def work(number: int) -> int:
            with opened(number) as commit:
                start.wait()
                return _commit_for(commit, seconds)

        with ThreadPoolExecutor(threads) as pool:
            counts = pool.map(work, range(threads))
            start.wait()
            with Stopwatch() as watch:
                done = sum(counts)
        return {rate: 1000 * done / watch.wall_ms, cost: watch.cpu_ms / Decimal(done)}

    return sample


def _rate(threads: int) -> Kind:
    return Kind(f"commits, {threads} {'thread' if threads == 1 else 'threads'}", "/s")


def _commit_for(commit: Commit, seconds: float) -> int:
    """Commits until the time is over, but at least once."""
    until = time.perf_counter() + seconds
    count = 0
    while not count or time.perf_counter() < until:
        commit()
        count += 1
    return count


DURABLE_COMMITS = Measurement("durable-commits", "Steps made durable, synchronous=FULL", _measure)
