"""The public face: watches monitors and runs them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import TracebackType
from typing import Self

from ..domain.model.account import Account
from ..domain.model.errors import ConfigurationError
from ..domain.model.identity import MonitorKey, Side
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord, Source
from ..domain.ports import AlertSink, Clock, Exchange, Feed, Randomness, Store
from ..states.work.settings import RunSettings
from .accounts import mains_first
from .discovery.result import Discovered
from .discovery.scan import Discovery
from .live.exchange import LiveStatus
from .loop.service import OnRun, OnSweep, Parts, Service
from .loop.settings import LoopSettings
from .outbox.outbox import Outbox
from .run.crash_points import no_crash
from .run.factory import MAX_THREADS, RunFactory, World
from .run.main_ladders import MainLadders
from .run.preview import Preview
from .run.report import RunReport
from .validation import check_wanted


class Reconciler:
    """Watches monitors and runs them, at whatever exchange and on whatever database.

    It holds the database for itself while it is open, and closes it. Runs of one monitor never
    overlap; accounts run side by side and cannot touch each other.

    Args:
        store: the database.
        accounts: every account that has monitors, or is followed by one, by name, as
            :func:`.accounts.check_accounts` gives them.
        connect: makes an account's exchange.
        listen: makes an account's feed, for :meth:`start`; None where it has none.
        sinks: where alerts go.
        clock: time.
        randomness: where run ids and link ids come from.
        settings: the patience of runs.
        reach: called with the name of every crash point (:mod:`.run.crash_points`) that is
            reached.
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
    ) -> None:
        self._accounts = accounts
        self._settings = settings
        self._clock = clock
        self._store = store
        self._mains = MainLadders(store, accounts)
        self._exchanges = {name: connect(account) for name, account in accounts.items()}
        self._listen = listen
        world = World(
            mains_first(accounts), self._exchange, store, self._mains, clock, randomness, reach
        )
        self._runs = RunFactory(world, settings)
        self._outbox = Outbox(store, sinks, clock, reach)
        self._running: Service | None = None

    def __enter__(self) -> Self:
        """The reconciler, open."""
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
        """Stops it, if it runs by itself, and closes connections and the database."""
        try:
            self.stop()
        finally:
            self._close()

    def _close(self) -> None:
        for exchange in self._exchanges.values():
            close = getattr(exchange, "close", None)
            if close is not None:
                close()
        self._store.close()

    @property
    def store(self) -> Store:
        """The database, for reading."""
        return self._store

    def watch(
        self,
        account: str,
        symbol: str,
        side: Side | str,
        ladder: Ladder | None = None,
        *,
        source: Source = Source.CALLER,
    ) -> MonitorRecord:
        """Puts a position under watch, or gives a watched one another ladder.

        Without a ladder the stored one stays; a mirror without any takes its main's. ``source``
        is who says so: ``trueup run`` leaves the monitors of other programs alone.
        The ladder is checked against the instrument and the open position before anything is
        stored; where the exchange cannot be reached the first run checks it.

        Raises:
            ConfigurationError: an unknown account or side.
            InstrumentError: the exchange does not trade the symbol.
            LadderError: the ladder does not fit the instrument or the open position.
            StoreError: the database cannot be written.
        """
        key = self._key(account, symbol, side)
        check_wanted(self._exchanges[account], key, ladder)
        owner, before = self._accounts[account], self._store.load(key)
        record = self._store.watch(key, owner.role, owner.follows, ladder, source=source)
        if self._running is not None and record != before:
            self._running.add(record, "caller")
        return record

    def unwatch(self, monitor: MonitorRecord | MonitorKey) -> MonitorRecord:
        """Lets a position go: it is not run any more, from the end of a run under way on.

        Nothing is asked of the exchange. Its orders stay as they are, and so do its record and
        its history; :meth:`watch` takes it up again.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
            StoreError: the database cannot be written.
        """
        key = monitor if isinstance(monitor, MonitorKey) else monitor.key
        if self._running is not None:
            self._running.remove(key)
        with self._runs.alone(key):
            record = self._runs.load(key)
            return self._store.watch(
                key, record.role, record.follows, None, source=Source.UNWATCHED
            )

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """Every monitor on record, those that are not watched any more included."""
        return self._store.monitors()

    def reconcile(self, monitor: MonitorRecord | MonitorKey, reason: str = "caller") -> RunReport:
        """Runs one monitor once and delivers its alert.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
            Fenced: another writer owns the monitor.
            StoreError: the database cannot be written; nothing more was sent.
        """
        report = self._run(monitor if isinstance(monitor, MonitorKey) else monitor.key, reason)
        self._outbox.deliver()
        return report

    def reconcile_all(
        self, monitors: Iterable[MonitorKey] | None = None, reason: str = "sweep"
    ) -> tuple[RunReport, ...]:
        """Runs every watched monitor of our accounts once; accounts side by side.

        A run that is fenced off or breaks leaves the others alone: it is logged, and missing
        from the reports; the next pass goes on where it stood.

        Raises:
            StoreError: the database cannot be written.
        """
        keys = (
            monitors if monitors is not None else (m.key for m in self.monitors() if m.is_watched)
        )
        try:
            return self._runs.run_all(keys, reason)
        finally:
            self._outbox.deliver()

    def preview(self, monitor: MonitorRecord | MonitorKey) -> Preview:
        """What a run would do now; nothing is sent and nothing is stored.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
        """
        return self._runs.preview(monitor if isinstance(monitor, MonitorKey) else monitor.key)

    def discover(self, accounts: Iterable[str] | None = None) -> tuple[Discovered, ...]:
        """What is open on the accounts, watched or not; nothing is sent and nothing is stored.

        Args:
            accounts: names of accounts; all of ours if None.

        Raises:
            ConfigurationError: an unknown account.
            StoreError: the database cannot be read.
        """
        names = tuple(self._accounts if accounts is None else dict.fromkeys(accounts))
        for name in names:
            self._known(name)
        discovery = Discovery(self._store, self._mains, self._clock, self._settings)
        wanted = [(self._accounts[name], self._exchanges[name]) for name in names]
        with ThreadPoolExecutor(max_workers=min(MAX_THREADS, len(wanted) or 1)) as pool:
            return tuple(pool.map(lambda each: discovery.of(*each), wanted))

    def wake(self, monitor: MonitorRecord | MonitorKey) -> None:
        """Says that something happened to the position: a run under way goes round again.

        Where the reconciler runs by itself the monitor runs now.
        """
        key = monitor if isinstance(monitor, MonitorKey) else monitor.key
        self._store.wake(key)
        if self._running is not None:
            self._running.wake(key, "caller")

    def start(
        self,
        monitors: Iterable[MonitorKey] | None = None,
        *,
        settings: LoopSettings | None = None,
        on_run: OnRun = lambda _reason, _report: None,
        on_sweep: OnSweep = lambda _sweep: None,
    ) -> None:
        """Runs by itself, in threads, until :meth:`stop`: it returns at once.

        What a killed process left unfinished goes first. Then every account is swept, again
        and again, and whatever drifted runs; so does what is woken, put under watch, or due for
        its next try. Alerts are delivered beside it.

        Args:
            monitors: which to keep; every watched one whose account is ours if None.
            settings: how often, and how much at once.
            on_run: told why a monitor ran and what it came to, from the loop's threads.
            on_sweep: told what a sweep found, from the loop's threads.

        Raises:
            ConfigurationError: it runs already.
            StoreError: the database cannot be read.
        """
        if self._running is not None:
            raise ConfigurationError("it runs already")
        wanted = None if monitors is None else set(monitors)
        records = [
            record
            for record in self.monitors()
            if record.is_watched
            and record.key.account in self._accounts
            and (wanted is None or record.key in wanted)
        ]
        parts = Parts(
            self._exchanges,
            lambda account: self._listen(self._accounts[account]),
            self._mains,
            self._clock,
            self._store.load,
            self._runs.run,
            self._outbox.deliver,
            self._store.swept,
        )
        self._running = Service(parts, settings or LoopSettings(), on_run, on_sweep)
        self._running.start(records)

    def wait(self, patience: timedelta | None = None) -> bool:
        """Waits until it stops; says whether it has, where patience ends before.

        Raises:
            StoreError: the database could not be written: it stopped by itself.
        """
        return self._running is None or self._running.loop.wait(patience)

    def stop(self, patience: timedelta | None = None) -> bool:
        """Starts no further run and waits for those under way; says whether all have ended.

        Runs are never cut short: one that waits for an exchange ends by its own time limits.
        What is pending in the outbox is delivered.

        Args:
            patience: how long to wait at most; None for as long as it takes.

        Raises:
            StoreError: the database could not be written.
        """
        running, self._running = self._running, None
        return running is None or running.stop(patience)

    def views(self) -> tuple[LiveStatus, ...]:
        """How the accounts' views stand; none unless it runs by itself and listens."""
        return () if self._running is None else self._running.accounts.statuses()

    def deliver_alerts(self) -> int:
        """Delivers what is pending in the outbox; says how many alerts went out."""
        return self._outbox.deliver()

    def _run(self, key: MonitorKey, reason: str) -> RunReport:
        report = self._runs.run(key, reason)
        if self._running is not None:
            self._running.took(report.record)
        return report

    def _exchange(self, account: str) -> Exchange:
        """The account's exchange: live while it runs by itself and its feed tells."""
        running = self._running
        return self._exchanges[account] if running is None else running.accounts.exchange(account)

    def _key(self, account: str, symbol: str, side: Side | str) -> MonitorKey:
        self._known(account)
        try:
            return MonitorKey(account, symbol, Side(side))
        except ValueError:
            raise ConfigurationError(
                f"a side is Buy or Sell, not {side!r}", account=account, symbol=symbol
            ) from None

    def _known(self, account: str) -> None:
        if account not in self._accounts:
            raise ConfigurationError(
                f"unknown account; configured are {', '.join(self._accounts)}", account=account
            )
