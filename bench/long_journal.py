"""Age: what a run costs with ten million rows in its journal, and with none."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from .measurement import CPU, Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .target import ratio_at_most
from .world import AFTER, BEFORE, World, trueup, world

_ROWS = {"full": 10_000_000, "quick": 10_000}
_FILL = """
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :rows),
     last (monitor_id, at_us, orders, events) AS (
         SELECT monitor_id, at_us, orders, events FROM journal ORDER BY id DESC LIMIT 1)
INSERT INTO journal (monitor_id, run_id, at_us, orders, events)
SELECT monitor_id, 'old-' || (n / 2), at_us + n, iif(n % 10, NULL, '[]'), iif(n % 2, events, NULL)
FROM number, last
"""
"""Two commits a run: the one that ends it has the events, and every tenth the orders that ended."""


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    rows = _ROWS[scale.name]
    cost = Kind(f"CPU a run, {rows:,} rows in the journal", CPU.unit)
    with ExitStack() as stack:
        old, new = (stack.enter_context(world()) for _ in range(2))
        with trueup(old):
            tick()
        _fill(old.folder / "trueup.db", rows)
        sides = {"old": _runs(stack, old, scale, cost), "new": _runs(stack, new, scale, cost)}
        taken = interleave(sides, scale.rounds, tick)
    return figures(
        taken["old"], taken["new"], "the same, empty journal", {cost: ratio_at_most("1.1")}
    )


def _fill(path: Path, rows: int) -> None:
    """Adds rows of runs that are over, with no words in them: what counts is how many there are."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_FILL, {"rows": rows})


def _runs(stack: ExitStack, place: World, scale: Scale, cost: Kind) -> Callable[[], Sample]:
    """Runs that each amend the four levels of a position that has grown or shrunk."""
    reconciler, monitor = stack.enter_context(trueup(place))

    def sample() -> Sample:
        with Stopwatch(place.server_cpu) as watch:
            for number in range(scale.repeats):
                place.hold(BEFORE if number % 2 else AFTER)
                reconciler.reconcile(monitor)
        return {cost: watch.cpu_ms / scale.repeats}

    return sample


LONG_JOURNAL = Measurement(
    "long-journal", "A monitor that has run for years, and a new one", _measure
)
