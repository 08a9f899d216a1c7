"""The public face: puts positions under watch, runs them, and runs by itself."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from threading import Lock
from types import TracebackType
from typing import Self

from ..domain.flow import Flow, ask
from ..domain.model.errors import ConfigurationError
from ..domain.model.identity import MonitorKey, Side
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord, Source
from ..domain.model.stop import AutoWatch, NoStop, RuleLadder, Stop
from ..domain.ports import AlertSink, Clock, Exchange, Feed, Randomness
from ..domain.store import Store
from ..domain.venue.account import Account
from ..states.work.settings import RunSettings
from .accounts import connect_all, main_accounts_first
from .closes import Closes
from .control.controlled import Controlled
from .control.stops import Stops
from .discovery.result import Discovered
from .discovery.scan import Discovery
from .jobs.reasons import AUTO_WATCH, CALLER, START_UP, SWEEP
from .keys.examination import Examined, examine
from .keys.gate import KeyGate
from .loop.callbacks import OnSweep
from .loop.positions_sweep import PositionsSweep
from .loop.service import Service
from .loop.sweep import Sweep
from .one_process import of_one_process
from .outbox.outbox import Outbox
from .previews import Previews
from .run.crash_points import no_crash
from .run.driving import run_flow
from .run.factory import RunFactory, World
from .run.main_ladders import MainLadders
from .run.outage import Outage
from .run.report import RunReport
from .served import key_of
from .watchlist import Watchlist


@of_one_process
class Reconciler(Closes, Previews, Controlled):
    """Watches monitors and runs them, on any exchange and any database.

    While it is open, no other process can use its database; closing it closes the database. Runs
    of one monitor never overlap; accounts run in parallel, and none touches another. All methods
    may be called from any thread.

    Args:
        store: the database. It belongs to the reconciler, which closes it even where the
            constructor raises.
        accounts: every account that has monitors, or that a mirror follows, by name, as
            :func:`.accounts.check_accounts` returns them.
        connect: makes an account's exchange.
        listen: makes an account's feed for :meth:`start`, or returns None for none.
        sinks: where alerts go.
        clock: the time.
        randomness: random numbers, for run ids and link ids.
        settings: the time limits and rules of runs.
        reach: called with the name of every crash point (:mod:`.run.crash_points`) that a run
            reaches; for tests.
        versions: of ``trueup`` and ``pybit``, for the record of starts.
    """

    def __init__(  # noqa: PLR0913 - keyword-only parts of the world, each replaceable
        self,
        store: Store,
        *,
        accounts: Mapping[str, Account],
        connect: Callable[[Account], Exchange],
        listen: Callable[[Account], Feed | None],
        sinks: Sequence[AlertSink],
        clock: Clock,
        randomness: Randomness,
        settings: RunSettings,
        reach: Callable[[str], None] = no_crash,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self._accounts, self._versions = accounts, versions or {}
        self._settings = settings
        self._clock = clock
        self._store = store
        self._outage = Outage(clock)
        self._outbox = Outbox(store, sinks, clock, self._outage, reach)
        self._main_ladders = MainLadders(store, accounts)
        with ExitStack() as opened:
            opened.callback(store.close)
            self._exchanges = connect_all(accounts, connect, opened)
            self._opened = opened.pop_all()
        self._watchlist = Watchlist(accounts, self._exchanges, store)
        self._listen = listen
        self._gate = KeyGate(accounts, self._exchanges, store, clock, randomness)
        self._stops = Stops(store, clock)
        self._stops.on_due = self._on_due
        world = World(
            main_accounts_first(accounts),
            self._exchange,
            store,
            self._outage,
            self._main_ladders,
            clock,
            randomness,
            reach,
            self._gate.barred,
            self._stops,
            self._versions.get("trueup", ""),
        )
        self._run_factory = RunFactory(world, settings)
        self._give_watch = self._watch_with
        self._positions_sweep = PositionsSweep(
            accounts, self._exchanges, store, settings, clock, self._watch_with
        )
        self._lifecycle = Lock()
        self._service: Service | None = None
        self._ending: Service | None = None
        self._process = os.getpid()

    def __enter__(self) -> Self:
        """Returns the reconciler itself: it is open since it was made."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes it."""
        self.close()

    def close(self) -> None:
        """Stops the service, if it runs, and closes the connections and the database.

        Raises:
            ConfigurationError: a callback of the service calls it, whose run goes on, or a sink,
                whose alert is not on record as delivered yet: the service stops, and the
                reconciler is to be closed from a thread of the bot's own.
            StoreError: the database could not be written while the service ran.
        """
        if self._is_own_thread():
            self.stop()
            raise ConfigurationError(
                "close it from a thread of your own, not from a callback or a sink"
            )
        try:
            self.stop()
        finally:
            self._gate.close()
            self._outbox.close()
            self._opened.close()

    @property
    def store(self) -> Store:
        """The database, for reading."""
        return self._store

    # -- monitors -------------------------------------------------------------------------

    def watch(
        self,
        account: str,
        symbol: str,
        side: Side | str,
        ladder: Ladder | RuleLadder | None = None,
        *,
        source: Source = Source.CALLER,
        stop: Stop | NoStop | None = None,
    ) -> MonitorRecord:
        """Puts a position under watch, or replaces the ladder or the stop of a watched one.

        It judges what the caller asks for, not the market. A contract that was delisted or takes no
        orders, a ladder that does not fit the contract's rules or the entry price: the monitor
        comes under watch, its runs end ``SKIPPED`` with that reason, an alert says so, and trueup
        tries again; :meth:`preview` shows it beforehand. The exchange is asked only whether it
        knows the symbol of a monitor that is not on record; if it cannot be read, the first run
        finds out. While the service runs, the monitor runs at once.

        Args:
            account: the account's name.
            symbol: such as ``BANDUSDT``.
            side: of the position.
            ladder: the levels, at prices or by rule. A rule is reckoned from the entry of each
                position. None keeps the stored ladder; a monitor that has none takes over its live
                orders, or, on a mirror, the main account's ladder.
            stop: the stop-loss that is wanted. None keeps the stored one; ``NO_STOP`` takes it off:
                nothing of it is kept, and what rests at the exchange stays as it is.
            source: who asks; ``trueup run`` does not run the monitors of other programs.

        Raises:
            ConfigurationError: an unknown account or side.
            InstrumentError: the monitor is not on record, and the exchange knows no such symbol.
            LadderError: the prices of the ladder run the wrong way for the side.
            StopError: the stop contradicts the ladder, no stop defines the R of a ladder in R, or
                none trails beside a ladder with a runner.
            StoreError: the database cannot be written.
        """
        key = self._watchlist.key(account, symbol, side)
        reason = START_UP if source is Source.CONFIGURED else CALLER
        return self._watch(key, ladder, source, stop, reason)

    def _watch(
        self,
        key: MonitorKey,
        ladder: Ladder | RuleLadder | None,
        source: Source,
        stop: Stop | NoStop | None,
        reason: str,
    ) -> MonitorRecord:
        record, has_changed = self._watchlist.watch(key, ladder, source, stop)
        if self._service is not None and has_changed:
            self._service.add(record, reason)
        return record

    def _watch_with(self, key: MonitorKey, wanted: AutoWatch) -> None:
        """Puts a position under watch that a sweep found, on an account that is set so."""
        self._watch(key, wanted.ladder, Source.DISCOVERED, wanted.stop, AUTO_WATCH)

    def unwatch(self, monitor: MonitorRecord | MonitorKey) -> MonitorRecord:
        """Ends the watch of a position: no further run starts; one under way ends first.

        The exchange is not asked for anything. The position's orders, the record and the history
        stay as they are; :meth:`watch` puts the position under watch again.

        Raises:
            ConfigurationError: the monitor is not watched, or its account is not configured.
            StoreError: the database cannot be written.
        """
        key = key_of(monitor)
        service = self._service
        if service is not None:
            service.remove(key)
        with self._run_factory.exclusive(key):
            record = self._run_factory.load(key)
            return self._store.watch(
                key, record.role, record.follows, None, source=Source.UNWATCHED
            )

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """Every monitor on record, including those that are no longer watched."""
        return self._store.monitors()

    def discover(self, accounts: Iterable[str] | None = None) -> tuple[Discovered, ...]:
        """Finds what is open on the accounts, watched or not; sends no write, stores nothing.

        Args:
            accounts: names of accounts; None for all that are configured.

        Raises:
            ConfigurationError: an unknown account.
            StoreError: the database cannot be read.
        """
        names = tuple(self._accounts if accounts is None else dict.fromkeys(accounts))
        for name in names:
            self._watchlist.check_account(name)
        discovery = Discovery(self._store, self._main_ladders, self._clock, self._settings)
        return discovery.of_all([(self._accounts[name], self._exchanges[name]) for name in names])

    def examine(self) -> tuple[Examined, ...]:
        """Checks every account's key, clock and position mode; sends no write.

        Raises:
            StoreError: the database cannot be read, or written.
        """
        keys = [record.key for record in self._watchlist.watched()]
        return tuple(examine(each, self._exchanges, keys) for each in self._gate.health())

    # -- single runs ----------------------------------------------------------------------

    def reconcile(self, monitor: MonitorRecord | MonitorKey, reason: str = CALLER) -> RunReport:
        """Runs one monitor once, in the calling thread, and delivers its alert.

        The caller waits for the sinks, each of which has a thread, for five seconds at most.

        An unexpected exception in the run does not leave it: the report says ``FAILED``, with the
        reason "internal error" and an id that the log's traceback carries.

        Raises:
            ConfigurationError: the monitor is not watched, or its account is not configured.
            Fenced: another writer owns the monitor.
            StoreError: the database cannot be written; nothing more was sent.
        """
        return run_flow(self.reconciling(monitor, reason), self._clock)

    def reconciling(
        self, monitor: MonitorRecord | MonitorKey, reason: str = CALLER
    ) -> Flow[RunReport]:
        """The same as a flow: for a driver that does something else while the run waits.

        Nothing happens before the flow is driven. It must be driven to its end, by one thread at a
        time.
        """
        report = yield from self._run_factory.run(key_of(monitor), reason)
        self._ran_beside(report)
        yield from ask(self._outbox.deliver)
        return report

    def reconcile_all(
        self,
        monitors: Iterable[MonitorKey] | None = None,
        reason: str = SWEEP,
        *,
        on_sweep: OnSweep = lambda _sweep: None,
    ) -> tuple[RunReport, ...]:
        """Runs monitors once each, accounts in parallel, and delivers their alerts.

        A run that fails or is fenced off affects no other. One that is fenced off is logged, and
        has no report; the next pass goes on where it stopped.

        After the monitors of an account have run, its open positions are read once more, all of
        them, and one that no monitor watches is alerted once. An account whose key is barred is not
        read, and none is while the service runs, whose sweeps do that. One with an ``auto_watch``
        is read in any case, and what it has taken up runs, too.

        Args:
            monitors: which; None for every watched monitor.
            reason: why, for the log and the journal.
            on_sweep: called with what that read found of each account, or why it found nothing, in
                the calling thread, after the alerts.

        Raises:
            StoreError: the database cannot be written.
        """
        keys = [r.key for r in self._watchlist.watched()] if monitors is None else list(monitors)
        run = {key.account for key in keys}
        new = [name for name, one in self._accounts.items() if one.auto_watch and name not in run]
        self._gate.ask_all((*(key.account for key in keys), *new))
        sweeps: list[Sweep] = []

        def then(account: str, own: Sequence[MonitorKey]) -> None:
            if self._service is None and not self._gate.is_barred(account):
                sweeps.append(self._positions_sweep.of(account, own))

        try:
            reports = self._run_factory.run_all(keys, reason, then)
            for account in new:
                then(account, ())
            reports += self._run_factory.run_all(self._taken_up(sweeps), reason, lambda *_: None)
        finally:
            self._outbox.deliver()
        for report in reports:
            self._ran_beside(report)
        for sweep in sorted(sweeps, key=lambda one: one.account):
            on_sweep(sweep)
        return reports

    def _ran_beside(self, report: RunReport) -> None:
        """A caller's own run has ended: the service, where it runs, goes on from there."""
        service = self._service
        if service is not None:
            service.ran_beside(report)

    def _taken_up(self, sweeps: Iterable[Sweep]) -> list[MonitorKey]:
        """The positions that nobody watched when they were read, and that came under watch."""
        keys = (MonitorKey(s.account, one.symbol, one.side) for s in sweeps for one in s.unwatched)
        records = [self._store.load(key) for key in dict.fromkeys(keys)]
        return [one.key for one in records if one is not None and one.is_watched]

    def deliver_alerts(self) -> int:
        """Delivers what is pending in the outbox; returns how many alerts every sink accepted."""
        return self._outbox.deliver(at_once=True)

    def _exchange(self, account: str) -> Exchange:
        """The account's exchange: with a live view while the service runs."""
        service = self._service
        return self._exchanges[account] if service is None else service.accounts.exchange(account)
