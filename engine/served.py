"""The service of a reconciler: started, woken and stopped by its owner, from any thread."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from threading import Lock

from ..aio.log import flush
from ..aio.threads import Threads
from ..domain.model.errors import ConfigurationError
from ..domain.model.identity import MonitorKey
from ..domain.model.record import MonitorRecord
from ..domain.ports import Clock, Exchange, Feed, Moment
from ..domain.stopping.control import Scope
from ..domain.store import Store
from ..domain.venue.account import Account
from ..states.work.settings import RunSettings
from .jobs.reasons import CALLER, CONTROL
from .keys.gate import KeyGate
from .live.status import LiveStatus
from .loop.callbacks import Callbacks, OnEvent, OnRun, OnSweep
from .loop.engine_log import EngineLog
from .loop.parts import Parts
from .loop.service import Service
from .loop.settings import LoopSettings
from .loop.unwatched import GivesWatch, UnwatchedPositions
from .loop.upkeep import Upkeep
from .outbox.outbox import PATIENCE, Outbox
from .run.factory import RunFactory
from .run.main_ladders import MainLadders
from .run.outage import Outage
from .watchlist import Watchlist


class Served:
    """What a reconciler does by itself, between :meth:`start` and :meth:`stop`."""

    _accounts: Mapping[str, Account]
    _settings: RunSettings
    _versions: Mapping[str, str]
    _clock: Clock
    _store: Store
    _outage: Outage
    _main_ladders: MainLadders
    _exchanges: Mapping[str, Exchange]
    _watchlist: Watchlist
    _listen: Callable[[Account], Feed | None]
    _gate: KeyGate
    _run_factory: RunFactory
    _outbox: Outbox
    _lifecycle: Lock
    _service: Service | None
    _ending: Service | None
    _give_watch: GivesWatch

    def start(
        self,
        monitors: Iterable[MonitorKey] | None = None,
        *,
        settings: LoopSettings | None = None,
        on_run: OnRun = lambda _reason, _report: None,
        on_sweep: OnSweep = lambda _sweep: None,
        on_event: OnEvent = lambda _monitor, _event: None,
    ) -> None:
        """Starts the service: threads that keep the monitors, until :meth:`stop`.

        It returns at once. Runs that a killed process left unfinished go first. Then every
        account is swept at regular intervals, and the monitors that drifted run. Stream events,
        :meth:`wake`, :meth:`watch` and retries run monitors, too. After a :meth:`stop` that ran
        out of patience it waits for the runs that are still under way.

        Args:
            monitors: which to keep; None for every watched monitor of the configured accounts.
            settings: how often to sweep, and how much to run in parallel.
            on_run: called after each run with its reason and its report, from the service's
                threads.
            on_sweep: called after each sweep with what it found, from the service's threads.
            on_event: called after ``on_run`` with the monitor and each event of the run, likewise;
                and with a position that no monitor watches, after the sweep that found it.

        Raises:
            ConfigurationError: the service runs already.
            StoreError: the database cannot be read.
        """
        records = self._watchlist.watched(monitors)
        threads = Threads("trueup-callback")
        callbacks = Callbacks(self._clock, self._outage.send, threads, on_run, on_sweep, on_event)
        service = Service(self._parts(callbacks, threads), settings or LoopSettings())
        while (ending := self._begin(service, records)) is not None:
            # It has runs under way, which end before new ones begin.
            if not self._end(ending, None):
                raise ConfigurationError(
                    "the runs of before have not ended: start it from a thread of your own, not "
                    "from a callback"
                )

    def _begin(self, service: Service, records: tuple[MonitorRecord, ...]) -> Service | None:
        """Starts the service, unless an earlier one has not ended; returns that one.

        Raises:
            ConfigurationError: one runs already.
        """
        with self._lifecycle:
            if self._service is not None:
                raise ConfigurationError("the reconciler is already running")
            if self._ending is None:
                self._service = service
                service.start(records)
                for control in self._store.controls():
                    if control.is_untaken_close:
                        service.wake_within(control.scope, CONTROL)
            return self._ending

    def _end(self, service: Service, patience: timedelta | None) -> bool:
        """Stops a service and forgets it once it has ended; returns whether it has."""
        has_ended = True
        try:
            has_ended = service.stop(patience)
        finally:
            with self._lifecycle:
                if has_ended and self._ending is service:
                    self._ending = None
        return has_ended

    def _parts(self, callbacks: Callbacks, threads: Threads) -> Parts:
        return Parts(
            self._exchanges,
            self._gate,
            lambda account: self._listen(self._accounts[account]),
            self._main_ladders,
            self._clock,
            self._settings.longest_wait_of,
            self._store.load,
            self._run_factory.run,
            self._outage,
            self._outbox,
            self._store.swept,
            callbacks,
            EngineLog(self._store, self._clock, self._accounts, self._settings, self._versions),
            threads,
            UnwatchedPositions(
                self._store, self._accounts, self._settings, self._clock, self._give_watch
            ),
            Upkeep(self._store, self._clock),
        )

    def wake(self, monitor: MonitorRecord | MonitorKey) -> None:
        """Reports that something happened to the position: a run under way starts over.

        While the service runs, a monitor that is not running runs now.
        """
        key = key_of(monitor)
        self._store.wake(key)
        service = self._service
        if service is not None:
            service.wake(key, CALLER)

    def wait(self, patience: timedelta | None = None) -> bool:
        """Waits until the service stops; returns whether it has, in case ``patience`` runs out.

        Raises:
            StoreError: the database could not be written: the service stopped by itself.
            TrueupError: a defect ended it.
        """
        service = self._service
        return service is None or service.jobs.wait(patience)

    def when_stopped(self, call: Callable[[], object]) -> Callable[[], None]:
        """Has a function called once the service stops; at once where none runs.

        Returns:
            Makes trueup forget the function.
        """
        service = self._service
        if service is None:
            call()
            return lambda: None
        return service.jobs.when_stopped(call)

    def seconds_until(self, moment: Moment) -> float:
        """How many seconds are left until a moment of this reconciler's clock."""
        return (moment - self._clock.moment()).total_seconds()

    def _is_own_thread(self) -> bool:
        """Whether a function of the bot asks that a run, or an alert, waits for."""
        service = self._service or self._ending
        calls_back = service is not None and service.jobs.is_own_thread()
        return calls_back or self._outbox.is_own_thread()

    def stop(self, patience: timedelta | None = None) -> bool:
        """Starts no further run and waits for those under way; returns whether all have ended.

        No run is cut short: one that waits for the exchange ends by its own time limits. Alerts
        that are pending in the outbox are delivered; a sink that blocks has not ended. Log handlers
        get their lines, where they return within two seconds. A callback of the service that calls
        it waits for nothing, and a sink not for itself: call it from a thread of your own, too, to
        know that all have ended.

        Args:
            patience: how long to wait at most; None for the runs' ends and five seconds more.

        Raises:
            StoreError: the database could not be written.
            TrueupError: a defect had ended the service.
        """
        began = self._clock.moment()

        def left() -> timedelta:
            return PATIENCE if patience is None else began + patience - self._clock.moment()

        try:
            with self._lifecycle:
                service = self._ending = self._service or self._ending
                self._service = None
            if service is None:
                return True
            have_ended = self._end(service, patience)
            return self._outbox.settle(left()) and have_ended
        finally:
            flush(left().total_seconds())

    def under_way(self) -> tuple[str, ...]:
        """The runs and sweeps of the service that have not ended, in words; :meth:`stop` waits."""
        service = self._service or self._ending
        return () if service is None else service.jobs.under_way()

    def pulse(self, answer: Callable[[], object]) -> None:
        """Has the service's thread call a function as soon as it can; one that hangs does not.

        Nothing happens where no service runs. The function must return at once.
        """
        service = self._service or self._ending
        if service is not None:
            service.jobs.pulse(answer)

    @property
    def writes(self) -> bool:
        """Whether the database takes what the service writes, as the last write has shown."""
        return not self._outage.is_open

    def views(self) -> tuple[LiveStatus, ...]:
        """The status of each account's live view; none unless the service listens to streams."""
        service = self._service
        return () if service is None else service.accounts.statuses()

    def _on_due(self, scope: Scope) -> None:
        """Makes what was paused or halted due again, or what somebody wants to be closed."""
        service = self._service
        if service is not None:
            service.wake_within(scope, CONTROL)


def key_of(monitor: MonitorRecord | MonitorKey) -> MonitorKey:
    """The monitor that a caller means."""
    return monitor if isinstance(monitor, MonitorKey) else monitor.key
