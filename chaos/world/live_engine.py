"""trueup running by itself, without threads: its loop turned by hand, its feeds on virtual time.

Everything that decides is the real thing: ``Reconciler.start``, the schedule, the sweeps, what
wakes and what is tried again, the live exchange. Only the threads are left out: the loop does one
job when it is told to, and waiting moves the virtual clock.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, TypeVar

from trueup.adapters.bybit import parse_events
from trueup.domain.model.account import Account
from trueup.domain.model.errors import Fenced
from trueup.domain.model.feed import StreamEvent
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.observation import Observation
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import Clock, Exchange, Feed
from trueup.engine import reconciler
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.loop import accounts, service
from trueup.engine.loop.schedule import Schedule
from trueup.engine.loop.service import Service
from trueup.engine.loop.workers import Work
from trueup.simulator import VirtualClock
from trueup.testing import SimulatorFeed

from ..judging.judge import Judge
from ..speed.patching import Swap, Swaps
from .engine import Engine, Parts, Trueup
from .waiting import VirtualWaiting

_Answer = TypeVar("_Answer")


class HandLoop:
    """Stands in for :class:`trueup.engine.loop.workers.WorkerPool`, and does one job a turn."""

    def __init__(self, schedule: Schedule, work: Work, clock: Clock, threads: int) -> None:
        del threads
        self._schedule = schedule
        self._work = work
        self._clock = clock

    def start(self) -> None:
        """Nothing has to be started."""

    def tell(self, change: Callable[[Schedule, datetime], _Answer]) -> _Answer:
        """Changes the schedule, now, or asks it something."""
        return change(self._schedule, self._clock.now())

    def next_at(self) -> datetime | None:
        """When something becomes due of itself."""
        return self._schedule.next_at()

    def turn(self) -> bool:
        """Does what is due next, and delivers alerts after it; false if nothing is due."""
        job = self._schedule.take(self._clock.now())
        if job is None:
            return False
        if job.key is None:
            next_at = self._work.sweep(job.account, job.reason)
        else:
            next_at = self._work.run(job.key, job.reason)
        self._schedule.done(job, self._clock.now(), next_at)
        self._work.deliver()
        return True


_PING_MS = 10_000


class WatchedFeed(SimulatorFeed):
    """A feed of the simulator that pings as ``BybitFeed`` does; the judge hears what it tells."""

    def __init__(
        self, parts: Parts, account: Account, hearing: Callable[[], AbstractContextManager[object]]
    ) -> None:
        super().__init__(parts.simulator, account.name, parse_events)
        self._judge = parts.judge
        self._hearing = hearing
        self._clock = parts.simulator.clock
        self._stopped = False

    def start(self, take: Callable[[StreamEvent], None]) -> None:
        """Begins."""

        def received(news: StreamEvent) -> None:
            self._judge.received(self.account, news)
            with self._hearing():
                take(news)

        super().start(received)
        self._keep_pinging()

    def stop(self) -> None:
        """Ends."""
        self._stopped = True
        super().stop()

    def _keep_pinging(self) -> None:
        if not self._stopped:
            self.ping()
            self._clock.call_at(self._clock.now_ms() + _PING_MS, self._keep_pinging)


class WatchedLive(LiveExchange):
    """A live exchange on virtual time; the judge sees what its view shows."""

    def __init__(
        self,
        judge: Judge,
        between: tuple[Exchange, Feed, VirtualClock],
        woken: Callable[[str, Side | None], None],
        invalidated: Callable[[str], None],
    ) -> None:
        exchange, feed, clock = between
        waiting = VirtualWaiting(clock)
        super().__init__(
            exchange, feed, clock, woken=woken, invalidated=invalidated, waiting=waiting
        )
        self._judge = judge

    def known(self, symbols: Sequence[str]) -> Observation | None:
        """What is known without a request."""
        seen = super().known(symbols)
        if seen is not None:
            self._judge.viewed(seen, symbols)
        return seen


class LiveTrueup(Trueup):
    """The real reconciler, started."""

    def __init__(self, parts: Parts) -> None:
        self._feeds: list[WatchedFeed] = []
        self._running: list[Service] = []
        super().__init__(parts)
        self._alive: tuple[Swap, ...] = (
            (reconciler, "Service", self._make_running),
            (service, "WorkerPool", HandLoop),
            (service, "log_broken_run", self._note_broken),
            (service, "format_exception", self._note_broken_sweep),
            (accounts, "LiveExchange", self._make_live),
        )
        with Swaps(self._alive):
            self._reconciler.start()

    def turn(self) -> bool:
        """Does one thing that is due."""
        with Swaps(self._alive):
            return self._loop.turn()

    def next_at(self) -> datetime | None:
        """When something becomes due of itself."""
        return self._loop.next_at()

    def given(self, record: MonitorRecord) -> None:
        """A monitor was given another ladder."""
        self._running[0].add(record, "caller")

    def wake(self, key: MonitorKey) -> None:
        """A monitor is to run."""
        self._running[0].wake(key, "caller")

    def cut(self) -> None:
        """The process has died."""
        for feed in self._feeds:
            feed.stop()

    def hearing(self) -> AbstractContextManager[object]:
        """While this lasts, the engine takes news."""
        return nullcontext()

    @property
    def _loop(self) -> HandLoop:
        loop = self._running[0].loop
        assert isinstance(loop, HandLoop)  # noqa: S101 - it was put there
        return loop

    def _listen(self, account: Account) -> Feed | None:
        feed = WatchedFeed(self._parts, account, self._take_news)
        self._feeds.append(feed)
        return feed

    def _take_news(self) -> AbstractContextManager[object]:
        return self.hearing()

    def _note_broken(self, key: MonitorKey, error: Exception) -> None:
        if not isinstance(error, Fenced):
            self._parts.judge.find("no run breaks", key, repr(error))

    def _note_broken_sweep(self, error: Exception) -> list[str]:
        self._parts.judge.find("no run breaks", "", f"a sweep broke: {error!r}")
        return []

    def _make_running(self, *parts: Any) -> Service:  # noqa: ANN401 - Running's own
        made = Service(*parts)
        self._running.append(made)
        return made

    def _make_live(
        self,
        exchange: Exchange,
        feed: Feed,
        clock: Clock,
        *,
        woken: Callable[[str, Side | None], None],
        invalidated: Callable[[str], None],
    ) -> LiveExchange:
        del clock  # the exchange's own: it is known to bring news about
        between = (exchange, feed, self._parts.simulator.clock)
        return WatchedLive(self._parts.judge, between, woken, invalidated)


def start_trueup(parts: Parts) -> Engine:
    """Starts trueup; by itself where the scene says so."""
    return LiveTrueup(parts) if parts.scene.is_live else Trueup(parts)
