"""trueup running by itself, without threads: its jobs done one by one on a virtual clock.

Everything that decides is the real code: ``Reconciler.start``, the schedule, sweeps, wakes,
retries, the live exchange. Only the threads are missing: the job loop does one job when it is
asked to, and waiting moves the virtual clock.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from trueup.domain.model.errors import Fenced
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import Clock, Exchange, Feed, Moment
from trueup.domain.venue.account import Account
from trueup.engine import served
from trueup.engine.keys import gate
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.loop import accounts, monitor_job, service, sweep_job
from trueup.engine.loop.service import Service
from trueup.engine.loop.sweep import Sweep

from ..speed.patching import Patch, Patches
from .engine import Engine, Parts, Trueup, one_by_one
from .observed_stream import ObservedFeed, ObservedLiveExchange
from .stepped_loop import SteppedLoop


class LiveTrueup(Trueup):
    """trueup: the real reconciler, started, with a job loop that is stepped from outside."""

    def __init__(self, parts: Parts) -> None:
        self._feeds: list[ObservedFeed] = []
        self._services: list[Service] = []
        self._aside: list[Callable[[], None]] = []
        super().__init__(parts)
        self.patches: tuple[Patch, ...] = (
            (served, "Service", self._make_service),
            (service, "JobLoop", SteppedLoop),
            (monitor_job, "log_broken_run", self._note_broken),
            (sweep_job, "format_exception", self._note_broken_sweep),
            (accounts, "LiveExchange", self._make_live),
            (gate, "in_threads", self._do_aside),
        )

    def open(self) -> None:
        """Puts the monitors under watch, and starts the service."""
        super().open()
        with Patches(self.patches):
            self._is_starting = True
            self._reconciler.start(on_sweep=self._swept, on_run=self._called, on_event=self._called)
            self._is_starting = False
        judge = self._parts.judge
        self._loop.on_job = lambda job: judge.works_on(job.key, begins=job.flow is None)
        self._loop.on_notified = judge.notified

    def _swept(self, sweep: Sweep) -> None:
        self._parts.judge.swept(sweep)
        self._called()

    def _called(self, *_: object) -> None:
        """A callback of the bot, which may raise what would end a thread."""
        if self._parts.scene.callbacks_raise:
            raise SystemExit

    def run_next(self) -> bool:
        """Does the next job that is due; false if none is."""
        with Patches(self.patches):
            while self._aside:
                self._aside.pop(0)()
            return self._loop.run_next()

    def next_at(self) -> Moment | None:
        """When the next job falls due."""
        return self._loop.next_at()

    @property
    def begun(self) -> int:
        """How many jobs have begun and not ended: runs that wait."""
        return self._loop.begun

    def ladder_given(self, record: MonitorRecord) -> None:
        """A monitor's ladder was replaced."""
        self._services[0].add(record, "caller")

    def wake(self, key: MonitorKey) -> None:
        """A monitor was woken."""
        self._services[0].wake(key, "caller")

    def disconnect(self) -> None:
        """The process has died: its streams end."""
        for feed in self._feeds:
            feed.stop()

    def stands_still(self) -> Callable[[], None]:
        """What the streams receive waits until the function that is returned is called."""
        feeds = tuple(self._feeds)
        for feed in feeds:
            feed.hold()

        def go_on() -> None:
            for feed in feeds:
                feed.release()

        return go_on

    def handling_events(self) -> AbstractContextManager[object]:
        """Surrounds the handling of stream events; a planted bug patches trueup meanwhile."""
        return nullcontext()

    @property
    def _loop(self) -> SteppedLoop:
        loop = self._services[0].jobs
        assert isinstance(loop, SteppedLoop)  # noqa: S101 - patched in above
        return loop

    def _listen(self, account: Account) -> Feed | None:
        if account == self._parts.scene.twin:
            return None
        feed = ObservedFeed(self._parts, account, self._handle_events)
        self._feeds.append(feed)
        return feed

    def _do_aside(self, jobs: Sequence[Callable[[], None]]) -> None:
        """Does jobs that are no one's turn: at once, or those of the start as its first jobs."""
        if self._is_starting:
            self._aside += jobs
        else:
            one_by_one(jobs)

    def _handle_events(self) -> AbstractContextManager[object]:
        return self.handling_events()

    def _note_broken(self, key: MonitorKey, error: Exception) -> None:
        if isinstance(error, Fenced):
            self._parts.judge.run_dropped()
        else:
            self._parts.judge.find("no run breaks", key, repr(error))

    def _note_broken_sweep(self, error: Exception) -> list[str]:
        self._parts.judge.find("no run breaks", "", f"a sweep broke: {error!r}")
        return []

    def _make_service(self, *parts: Any) -> Service:  # noqa: ANN401 - Service's own
        made = Service(*parts)
        self._services.append(made)
        return made

    def _make_live(
        self,
        exchange: Exchange,
        feed: Feed,
        clock: Clock,
        *,
        on_change: Callable[[str, Side | None], None],
        on_survey_needed: Callable[[str], None],
    ) -> LiveExchange:
        del clock  # the simulator's own clock takes its place: waiting has to move it
        between = (exchange, feed, self._parts.simulator.clock)
        return ObservedLiveExchange(self._parts.judge, between, on_change, on_survey_needed)


def start_trueup(parts: Parts) -> Engine:
    """Starts trueup; by itself if the scene is live."""
    engine = LiveTrueup(parts) if parts.scene.is_live else Trueup(parts)
    engine.open()
    return engine
