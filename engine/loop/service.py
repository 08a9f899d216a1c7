"""A reconciler that runs by itself: sweeps, wakes and retries, from start to stop."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from traceback import format_exception

from loguru import logger

from ...domain.model.account_status import AccountStatus
from ...domain.model.errors import Fenced, StoreError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord, StateName
from ...domain.ports import Clock, Exchange
from ..run.factory import log_broken_run
from ..run.grouping import by_account
from ..run.main_ladders import MainLadders
from ..run.report import RunReport
from .accounts import Listen, Listening
from .schedule import Schedule
from .settings import LoopSettings
from .sweep import Sweep, Sweeper
from .workers import Work, WorkerPool

_HEARD = "stream"
_START = "start-up"
_LEFT = "resume"
_SOONER = 4

OnRun = Callable[[str, RunReport], None]
"""Takes why a monitor ran, and what that came to. Called from many threads."""
OnSweep = Callable[[Sweep], None]
"""Takes what a sweep found. Called from many threads."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What of a reconciler runs by itself.

    Attributes:
        exchanges: by the account's name.
        listen: makes an account's feed.
        load: a monitor's record, as stored; None if there is none.
        run: runs a monitor once, from its record if that is known.
        deliver: delivers pending alerts.
        swept: keeps what a sweep left to say of its account.
    """

    exchanges: Mapping[str, Exchange]
    listen: Listen
    mains: MainLadders
    clock: Clock
    load: Callable[[MonitorKey], MonitorRecord | None]
    run: Callable[[MonitorKey, str, MonitorRecord | None], RunReport]
    deliver: Callable[[], object]
    swept: Callable[[AccountStatus], None]


class Service:
    """Monitors under way: swept, woken and tried again until it is stopped.

    Args:
        parts: the reconciler's.
        settings: how often, and how much at once.
        on_run: told of every run.
        on_sweep: told of every sweep.
    """

    def __init__(
        self, parts: Parts, settings: LoopSettings, on_run: OnRun, on_sweep: OnSweep
    ) -> None:
        self._parts = parts
        self._settings = settings
        self._on_run = on_run
        self._on_sweep = on_sweep
        self._sweeper = Sweeper(parts.mains)
        self._schedule = Schedule(settings.share, settings.calm)
        self._first_waits: dict[str, timedelta] = {}
        self._left: dict[str, frozenset[MonitorKey]] = {}
        work = Work(self._run, self._sweep, parts.deliver)
        self.loop = WorkerPool(self._schedule, work, parts.clock, settings.threads)
        listen = parts.listen if settings.streams else lambda _account: None
        self.accounts = Listening(
            parts.exchanges, listen, parts.clock, self._heard, self._sweep_for
        )

    def start(self, records: Iterable[MonitorRecord]) -> None:
        """Starts with these monitors: a sweep of each account, then what a killed process left.

        An account that has a feed is swept when that is open, so that one read proves its view,
        and what was left needs no read of its own. Monitors that wait for a next try keep
        waiting for it.
        """
        known = {record.key: record for record in records}
        self._left = {account: frozenset() for account in by_account(known)}
        for record in known.values():
            self._take_in(record)
            if record.state is not StateName.IDLE:
                self._left[record.key.account] |= {record.key}
            elif record.next_try_at is not None:
                self._schedule.retry(record.key, record.next_try_at)
        accounts = sorted(self._left, key=lambda name: (not self._left[name], name))
        # All at once now, and spread over the interval from then on.
        spread = self._settings.interval / max(len(accounts), 1)
        self._first_waits = {name: spread * n for n, name in enumerate(accounts, 1)}
        self.loop.start()
        for account in accounts:
            self._start(account)

    def _start(self, account: str) -> None:
        """Has an account swept once its feed is open, but soon in any case."""
        at = self._parts.clock.now() + self._settings.opening
        self.loop.tell(lambda schedule, _: schedule.sweep(account, at))
        left = self._left[account]
        self.accounts.start(account)
        if not self.accounts.hears(account):
            self.loop.tell(lambda schedule, now: _wake_all(schedule, left, _LEFT, now))
            self._sweep_for(account, _START)

    def stop(self, patience: timedelta | None = None) -> bool:
        """Stops feeds and loop; see :meth:`.loop.Loop.stop`."""
        try:
            return self.loop.stop(patience)
        finally:
            self.accounts.stop()

    def add(self, record: MonitorRecord, reason: str) -> None:
        """Takes a monitor in, or one whose record was changed by hand, and runs it.

        Mirrors that may take its ladder run too.
        """
        followers = self._sweeper.followers(record.key)

        def change(schedule: Schedule, now: datetime) -> None:
            if not schedule.keys(record.key.account):
                schedule.sweep_now(record.key.account, _START)
            self._take_in(record)
            _wake_all(schedule, (record.key, *followers), reason, now)

        self.loop.tell(change)
        self.accounts.start(record.key.account)

    def took(self, record: MonitorRecord) -> None:
        """Takes a record as a run left it."""
        self._sweeper.take(record)

    def remove(self, key: MonitorKey) -> None:
        """Lets a monitor go; its orders stay as they are."""
        self._sweeper.drop(key)
        self.loop.tell(lambda schedule, _: schedule.remove(key))

    def wake(self, key: MonitorKey, reason: str) -> None:
        """Has a monitor run."""
        self.loop.tell(lambda schedule, now: schedule.wake(key, reason, now))

    def _heard(self, keys: tuple[MonitorKey, ...]) -> None:
        """Wakes what a feed told of; what is not watched here sleeps on."""
        self.loop.tell(lambda schedule, now: _wake_all(schedule, keys, _HEARD, now))

    def _sweep_for(self, account: str, reason: str) -> None:
        """Has an account swept now."""
        self.loop.tell(lambda schedule, _: schedule.sweep_now(account, reason))

    def _take_in(self, record: MonitorRecord) -> None:
        self._sweeper.take(record)
        self._schedule.add(record.key)

    def _run(self, key: MonitorKey, reason: str) -> datetime | None:
        """Runs a monitor; a run that breaks is tried again, and is no other's affair."""
        try:
            if reason == _HEARD and self._stands(key):
                return None
            report = self._parts.run(key, reason, self._sweeper.record(key))
        except StoreError as error:
            if not isinstance(error, Fenced):
                raise
            # Somebody gave it another ladder, or let it go, while it ran: it begins anew.
            log_broken_run(key, error)
            self._reload(key)
            return self._parts.clock.now()
        except Exception as error:  # noqa: BLE001 - a defect in one run is no other's affair
            log_broken_run(key, error)
        else:
            self._sweeper.take(report.record)
            _tell(lambda: self._on_run(reason, report))
            return report.record.next_try_at
        self._reload(key)
        return self._parts.clock.now() + self._settings.calm

    def _stands(self, key: MonitorKey) -> bool:
        """Whether the news left nothing to do, as far as it is known without a request."""
        known = self.accounts.known(key)
        return known is not None and self._sweeper.drift(key, known) is None

    def _reload(self, key: MonitorKey) -> None:
        record = self._parts.load(key)
        if record is not None:
            self._sweeper.take(record)

    def _sweep(self, account: str, reason: str) -> datetime | None:
        """Sweeps an account and wakes what drifted."""
        started = self._parts.clock.now()
        is_first, left = account in self._left, self._left.pop(account, frozenset())
        try:
            sweep = self._look(account, started)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a defect at one account is no other's affair
            logger.bind(account=account).error(
                "the sweep broke: {}", "".join(format_exception(error))
            )
            self.loop.tell(lambda schedule, now: _wake_all(schedule, left, _LEFT, now))
            return started + self._settings.interval
        why = _START if is_first else reason
        self.loop.tell(lambda schedule, now: _wake_drifted(schedule, sweep, left, why, now))
        self._parts.swept(self.accounts.account_status(sweep))
        _tell(lambda: self._on_sweep(sweep))
        return started + self._until_next(sweep)

    def _until_next(self, sweep: Sweep) -> timedelta:
        """After trouble sooner than usual; where a feed tells everything, later."""
        if sweep.unreadable:
            return self._settings.interval / _SOONER
        if self.accounts.is_synced(sweep.account):
            return self._settings.streamed_interval
        return self._first_waits.pop(sweep.account, self._settings.interval)

    def _look(self, account: str, at: datetime) -> Sweep:
        keys = self.loop.tell(lambda schedule, _: schedule.keys(account))
        return self._sweeper.sweep(self.accounts.exchange(account), keys, at)


def _tell(listener: Callable[[], None]) -> None:
    """Tells a listener of somebody else's; one that raises does not end a thread of the loop."""
    try:
        listener()
    except Exception as error:  # noqa: BLE001 - it may raise anything
        logger.error("a listener broke: {}", "".join(format_exception(error)))


def _wake_all(schedule: Schedule, keys: Iterable[MonitorKey], reason: str, now: datetime) -> None:
    for key in keys:
        schedule.wake(key, reason, now)


def _wake_drifted(
    schedule: Schedule, sweep: Sweep, left: frozenset[MonitorKey], reason: str, now: datetime
) -> None:
    """Wakes what drifted; of an account that cannot be read, only what does not wait already.

    What a killed process left comes first. What a run is changing right now has not drifted; the
    next sweep sees it at rest.
    """
    for key in sorted(sweep.drifted, key=lambda one: one not in left):
        if not (schedule.runs(key) or (sweep.unreadable and schedule.waits(key))):
            schedule.wake(key, _LEFT if key in left else reason, now)
