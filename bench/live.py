"""trueup at work in this process, on an exchange in another one."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Condition
from typing import NamedTuple

from trueup import Account, LoopSettings, Reconciler, RunReport, Sweep
from trueup.adapters.bybit import BybitExchange, BybitFeed, SystemClock
from trueup.adapters.bybit.limits.ip_limiter import IpBudget
from trueup.adapters.bybit.stream.budget import CONNECTIONS, ConnectionBudget
from trueup.adapters.notify import CallableSink
from trueup.domain.ports import AlertSink, Exchange, Feed
from trueup.engine.live.status import ViewState

from .scene import Place, account, ladder, monitor_of

RARELY = timedelta(hours=1)
STREAMS = LoopSettings(interval=RARELY, streamed_interval=RARELY)
"""The defaults, except that sweeps are too rare to fall into a measurement by chance."""
_PATIENCE_S = 120.0
_LOOK_S = 0.02
_UNBOUND = 1_000_000


class Moment(NamedTuple):
    """A moment: by the clock, and by the CPU time that the process had used."""

    wall_s: float
    cpu_s: float


def now() -> Moment:
    """The present moment."""
    return Moment(time.perf_counter(), time.process_time())


@dataclass
class Engine:
    """A live reconciler, and what it reported."""

    reconciler: Reconciler
    runs: Counter[str] = field(default_factory=Counter)
    ends: dict[str, list[Moment]] = field(default_factory=dict)
    swept: dict[str, Moment] = field(default_factory=dict)
    _changed: Condition = field(default_factory=Condition)

    def ran(self, reason: str, _report: RunReport) -> None:
        """Counts a run."""
        with self._changed:
            self.runs[reason] += 1
            self.ends.setdefault(reason, []).append(now())
            self._changed.notify_all()

    def saw(self, sweep: Sweep) -> None:
        """Notes when the account's first sweep ended."""
        with self._changed:
            self.swept.setdefault(sweep.account, now())
            self._changed.notify_all()

    def start(self, settings: LoopSettings) -> None:
        """Starts it."""
        self.reconciler.start(settings=settings, on_run=self.ran, on_sweep=self.saw)

    def wait_for_runs(self, count: int, reason: str = "stream") -> None:
        """Waits until this many runs have ended."""
        self._wait(lambda: self.runs[reason] >= count)

    def wait_for_sweeps(self, count: int) -> None:
        """Waits until this many accounts have been swept."""
        self._wait(lambda: len(self.swept) >= count)

    def wait_until_synced(self, count: int) -> None:
        """Waits until this many accounts have a synced view, and need no request to be read."""
        until = time.monotonic() + _PATIENCE_S
        while sum(v.state is ViewState.SYNCED for v in self.reconciler.views()) < count:
            if time.monotonic() > until:
                raise TimeoutError("not every view is synced")
            time.sleep(_LOOK_S)

    def _wait(self, come: Callable[[], bool]) -> None:
        with self._changed:
            if not self._changed.wait_for(come, _PATIENCE_S):
                raise TimeoutError("the engine did not reach the awaited state in time")


def unbound_exchange() -> Callable[[Account], Exchange]:
    """Connects without a limit per address; the limits per account hold."""
    budget = IpBudget(SystemClock(), requests=_UNBOUND)
    return lambda account: BybitExchange(account, ip_budget=budget)


def unbound_feed() -> Callable[[Account], Feed]:
    """Makes feeds that ignore Bybit's limit of 500 connections in five minutes."""
    budgets: list[ConnectionBudget] = []
    made = 0

    def feed(account: Account) -> Feed:
        nonlocal made
        if made % CONNECTIONS == 0:
            budgets.append(ConnectionBudget())
        made += 1
        return BybitFeed(account, budget=budgets[-1])

    return feed


@contextmanager
def engine(
    folder: Path,
    accounts: Sequence[Account],
    connect: Callable[[Account], Exchange] | None = None,
    listen: Callable[[Account], Feed | None] | None = None,
    sinks: Sequence[AlertSink] | None = None,
) -> Iterator[Engine]:
    """Opens a reconciler on ``trueup.db`` in the folder, without starting it."""
    with Reconciler(
        f"sqlite:///{folder / 'trueup.db'}",
        accounts=accounts,
        sinks=[CallableSink(lambda _: None)] if sinks is None else sinks,
        connect=connect or unbound_exchange(),
        listen=listen or unbound_feed(),
    ) as reconciler:
        yield Engine(reconciler)


def watch(reconciler: Reconciler, accounts: Iterable[Account], places: Iterable[Place]) -> None:
    """Puts positions under watch, all with the same ladder, without asking the exchange."""
    owners = {one.name: one for one in accounts}
    for place in places:
        owner = owners[place.account]
        reconciler.store.watch(monitor_of(place), owner.role, owner.follows, ladder())


def owners_of(names: Sequence[str], url: str) -> tuple[Account, ...]:
    """The accounts of these names; all others follow the first."""
    return tuple(account(name, url, main=names[0]) for name in names)


def percentile(values: Sequence[Decimal], share: int) -> Decimal:
    """The percentile of the values, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
