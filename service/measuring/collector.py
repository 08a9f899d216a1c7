"""Reads the figures when Prometheus asks for them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from ... import __version__
from ...composition import Reconciler
from ...domain.keeping.durations import Durations
from ...domain.model.identity import MonitorKey
from ...domain.reporting.account_status import ViewWord
from ...engine.live.status import ViewState
from ..ran import Ran
from ..running import NotRunning, RunningEngine
from . import figures
from .figures import Figure

_UNWATCHED = "unwatched"
"""As ``monitor_status.source`` says it."""
PENDING = "SELECT account, COUNT(*), MIN(created_at) FROM pending_write GROUP BY account"
LAGS = (
    "SELECT sink, COUNT(*), MIN(created_at) FROM alert_delivery_log"
    " WHERE delivered_at IS NULL GROUP BY sink"
)
_Values = Iterable[tuple[tuple[str, ...], float]]


class Figures(Collector):
    """The figures of a service, as they are when they are asked for.

    Args:
        running: the engine that runs.
        now: the time, by the wall clock.
    """

    def __init__(self, running: RunningEngine, now: Callable[[], datetime] | None = None) -> None:
        self._running = running
        self._now = now or (lambda: datetime.now(UTC))

    def collect(self) -> Iterator[Metric]:
        """Every figure; those of the engine only while one runs."""
        yield _gauge(figures.BUILD, [((__version__,), 1)])
        try:
            reconciler = self._running.reconciler
        except NotRunning:
            yield _gauge(figures.UP, [((), 0)])
            yield from _of_runs(self._running.ran)
            return
        yield _gauge(figures.UP, [((), 1)])
        watched = [one.key for one in reconciler.monitors() if one.is_watched]
        self._running.ran.keeps(watched)
        yield from _of_runs(self._running.ran)
        yield from self._of_accounts(reconciler)
        yield from _of_limits(reconciler)
        yield _histogram(figures.COMMIT, [((), reconciler.store.commit_times)])
        yield from self._of_database(reconciler, {key.account for key in watched})

    def _of_accounts(self, reconciler: Reconciler) -> Iterator[Metric]:
        swept = {str(row["account"]): row for row in reconciler.store.rows("account_status")}
        ages = {name: self._age(str(row["swept_at"])) for name, row in swept.items()}
        yield _gauge(figures.SWEEP_AGE, [((name,), age) for name, age in ages.items()])
        readable = {
            name: row["view_state"] != ViewWord.UNREADABLE.value for name, row in swept.items()
        }
        yield _gauge(figures.READABLE, [((name,), is_so) for name, is_so in readable.items()])
        views = reconciler.views()
        synced = [((view.account,), view.state is ViewState.SYNCED) for view in views]
        yield _gauge(figures.STREAM, synced)
        rows = reconciler.store.rows("monitor_status")
        covered = [
            ((str(row["account"]), str(row["symbol"]), str(row["side"])), float(pct) / 100)
            for row in rows
            if (pct := row["coverage_pct"]) is not None and row["source"] != _UNWATCHED
        ]
        yield _gauge(figures.COVER, covered)

    def _of_database(self, reconciler: Reconciler, accounts: set[str]) -> Iterator[Metric]:
        with reconciler.store.connection() as connection:
            pending = {name: rest for name, *rest in connection.execute(PENDING)}
            lags = {name: rest for name, *rest in connection.execute(LAGS)}
        none: tuple[int, str | None] = (0, None)
        waits = {account: pending.get(account, none) for account in sorted(accounts)}
        yield _gauge(figures.PENDING, [((name,), count) for name, (count, _) in waits.items()])
        oldest = [((name,), self._age(since)) for name, (_, since) in waits.items()]
        yield _gauge(figures.PENDING_AGE, oldest)
        yield _gauge(figures.UNDELIVERED, [((name,), count) for name, (count, _) in lags.items()])
        lasting = [((name,), self._age(since)) for name, (_, since) in lags.items()]
        yield _gauge(figures.ALERT_AGE, lasting)
        yield _gauge(figures.DATABASE, [((), reconciler.store.size())])

    def _age(self, since: str | None) -> float:
        """Seconds since a time of the database; 0 without one."""
        if since is None:
            return 0.0
        return max((self._now() - datetime.fromisoformat(since)).total_seconds(), 0.0)


def _of_runs(ran: Ran) -> Iterator[Metric]:
    yield _counter(figures.RUNS, ran.outcomes.copy().items())
    yield _counter(figures.REFUSALS, ran.refusals.copy().items())
    yield _counter(figures.UNCOVERED, _by_monitor(ran.uncovered()))
    yield _counter(figures.UNPROTECTED, _by_monitor(ran.unprotected()))
    times = [((account,), one) for account, one in dict(ran.times).items()]
    yield _histogram(figures.TIME_TO_TRUE, times)


def _of_limits(reconciler: Reconciler) -> Iterator[Metric]:
    limits = [((name, one.name), one) for name, all_ in reconciler.limits.items() for one in all_]
    yield _gauge(figures.BUDGET_USED, [(labels, one.used) for labels, one in limits])
    yield _gauge(figures.BUDGET, [(labels, one.limit) for labels, one in limits])


def _by_monitor(values: dict[MonitorKey, float]) -> _Values:
    return (((key.account, key.symbol, key.side.value), value) for key, value in values.items())


def _histogram(figure: Figure, of: Iterable[tuple[tuple[str, ...], Durations]]) -> Metric:
    family = HistogramMetricFamily(figure.name, figure.meaning, labels=figure.labels)
    for labels, times in of:
        bounds = (*map(str, times.bounds), "+Inf")
        buckets = zip(bounds, map(float, accumulate(times.counts)), strict=True)
        family.add_metric(labels, [*buckets], times.total_s)
    return family


def _gauge(figure: Figure, values: _Values) -> Metric:
    family = GaugeMetricFamily(figure.name, figure.meaning, labels=figure.labels)
    for labels, value in values:
        family.add_metric(labels, value)
    return family


def _counter(figure: Figure, values: _Values) -> Metric:
    family = CounterMetricFamily(figure.name, figure.meaning, labels=figure.labels)
    for labels, value in values:
        family.add_metric(labels, value)
    return family


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
