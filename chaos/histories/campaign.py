"""A campaign: many histories on several processes, until the time budget is spent."""

import gc
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

from loguru import logger

from trueup.storage import SqlStore

from ..speed.mutable_dataclasses import mutable_dataclasses
from .empty_databases import empty_databases
from .history import draw_history
from .play import Verdict, play

CHUNK = 200
ON_SQLITE_EVERY = 25
_MOST_FAILURES = 5


@dataclass(slots=True)
class Tally:
    """The result of some histories.

    Attributes:
        on_sqlite: how many were played on a SQLite database.
        live: how many engines ran by themselves.
        cpu_s: the processor time used, in all processes.
        failures: each seed whose history broke a promise, with its verdict.
    """

    histories: int = 0
    crashes: int = 0
    faults: int = 0
    on_sqlite: int = 0
    live: int = 0
    cpu_s: float = 0.0
    failures: tuple[tuple[int, Verdict], ...] = ()

    def add(self, other: "Tally") -> None:
        """Adds the figures of another tally."""
        self.histories += other.histories
        self.crashes += other.crashes
        self.faults += other.faults
        self.on_sqlite += other.on_sqlite
        self.live += other.live
        self.cpu_s += other.cpu_s
        self.failures += other.failures

    @property
    def violations(self) -> int:
        """How many findings there are."""
        return sum(len(verdict.findings) for _, verdict in self.failures)


def play_seed(seed: int, on_sqlite: Callable[[], SqlStore]) -> tuple[Verdict, bool]:
    """Plays the history of one seed, every 25th on a SQLite database.

    An exception that ends the history names the seed.

    Args:
        seed: the history's seed.
        on_sqlite: makes the SQLite database.

    Returns:
        The verdict, and whether SQLite was used.
    """
    try:
        history = draw_history(seed)
        if seed % ON_SQLITE_EVERY:
            return play(history), False
        return play(history, store=on_sqlite), True
    except Exception as error:
        error.add_note(f"seed {seed} broke off")
        raise


def play_seeds(first: int, last: int) -> Tally:
    """Plays the histories of these seeds one after the other; silences trueup's log for good."""
    logger.disable("trueup")
    tally, began = Tally(), time.process_time()
    gc.disable()
    with mutable_dataclasses(), empty_databases() as empty:
        for seed in range(first, last + 1):
            verdict, on_sqlite = play_seed(seed, empty)
            tally.histories += 1
            tally.on_sqlite += on_sqlite
            tally.live += verdict.is_live
            tally.crashes += verdict.crashes
            tally.faults += verdict.faults
            if verdict.findings:
                tally.failures += ((seed, verdict),)
    gc.enable()
    gc.collect()
    tally.cpu_s = time.process_time() - began
    return tally


def run_campaign(
    first: int,
    last: int | None,
    *,
    budget_s: float,
    least: int,
    processes: int,
    watch: Callable[[Tally], None],
) -> tuple[Tally, int]:
    """Plays seeds from the first one on, and stops early after some failures.

    Args:
        first: the first seed.
        last: the last seed; None goes on until the budget is spent.
        budget_s: seconds after which no further seeds are begun.
        least: how many histories are played whatever the budget says.
        processes: how many processes play at once.
        watch: receives the tally after every chunk of seeds.

    Returns:
        The tally, and the last seed that was played.
    """
    total, until = Tally(), time.monotonic() + budget_s
    reached = first - 1

    def chunks() -> Iterator[tuple[int, int]]:
        nonlocal reached
        while last is None or reached < last:
            spent = last is None and time.monotonic() >= until and reached - first + 1 >= least
            if spent or len(total.failures) >= _MOST_FAILURES:
                return
            begin = reached + 1
            reached = begin + CHUNK - 1 if last is None else min(begin + CHUNK - 1, last)
            yield begin, reached

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        under_way: set[Future[Tally]] = set()
        waiting = chunks()
        while True:
            under_way |= {
                pool.submit(play_seeds, *chunk)
                for chunk in islice(waiting, processes - len(under_way))
            }
            if not under_way:
                return total, reached
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                total.add(future.result())
            watch(total)
