"""One job of the loop: a sweep of an account, and when to do the next one."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from traceback import format_exception

from ...aio.log import logger
from ...domain.model.errors import StoreError, Unstorable
from ...domain.model.identity import MonitorKey
from ...domain.ports import Moment
from ..jobs.job_loop import JobLoop
from ..jobs.reasons import RESUME, START_UP
from ..jobs.schedule import Schedule
from .accounts import AccountExchanges
from .parts import Parts
from .settings import LoopSettings
from .sweep import Sweep, Sweeper

_SOONER = 4
"""An account that could not be read is swept again after this part of the interval."""


class SweepJob:
    """Sweeps accounts; several threads may do so at once, each for another account.

    Args:
        parts: the reconciler's.
        settings: the intervals.
        sweeper: compares accounts with records.
        accounts: the accounts' exchanges.
        workers: schedules the runs of what drifted.
    """

    def __init__(
        self,
        parts: Parts,
        settings: LoopSettings,
        sweeper: Sweeper,
        accounts: AccountExchanges,
        jobs: JobLoop,
    ) -> None:
        self._parts = parts
        self._settings = settings
        self._sweeper = sweeper
        self._accounts = accounts
        self._jobs = jobs
        self._interrupted: dict[str, frozenset[MonitorKey]] = {}
        self._first_waits: dict[str, timedelta] = {}
        self._blindness: dict[str, Mapping[str, str]] = {}

    def expect(self, interrupted: Mapping[str, frozenset[MonitorKey]]) -> None:
        """Before the first sweeps: sets what each account's first sweep is followed by.

        The first sweeps take place together, at start-up; the second ones are spread over the
        interval, and so are all later ones.

        Args:
            interrupted: for each account the monitors whose run a killed process left
                unfinished, in the order in which the accounts start.
        """
        self._interrupted = dict(interrupted)
        spread = self._settings.interval / max(len(interrupted), 1)
        self._first_waits = {name: spread * n for n, name in enumerate(interrupted, 1)}

    def do(self, account: str, reason: str) -> Moment | None:
        """Sweeps an account and wakes what drifted; returns when to sweep it again.

        An unexpected exception ends this sweep alone (promise P8): it is logged, and the account
        is swept again after the interval.

        Raises:
            StoreError: the database cannot be used.
        """
        started = self._parts.clock.moment()
        is_first = account in self._interrupted
        interrupted = self._interrupted.pop(account, frozenset())
        try:
            sweep = self._sweep(account)
        except (StoreError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - a defect at one account concerns no other
            logger.bind(account=account).error(
                "the sweep failed unexpectedly: {}", "".join(format_exception(error))
            )
            self._jobs.with_schedule(
                lambda schedule, now: schedule.wake_all(interrupted, RESUME, now)
            )
            return started + self._settings.interval
        why = START_UP if is_first else reason
        new = {key for key, drift in sweep.drifted.items() if self._sweeper.is_new(key, drift)}
        if self._parts.gate.is_barred(account):
            new = set()
        self._jobs.with_schedule(
            lambda schedule, now: _wake_drifted(schedule, sweep, new, interrupted, why, now)
        )
        self._report_blindness(sweep)
        self._store_status(sweep)
        keys = self._jobs.with_schedule(lambda schedule, _: schedule.keys(account))
        self._parts.callbacks.swept(sweep, next(iter(keys), None))
        self._parts.upkeep.swept(self._settings.retention)
        return started + self._until_next(sweep)

    def _store_status(self, sweep: Sweep) -> None:
        """Stores what was found; a value that the database refuses ends no sweep."""
        parts = self._parts
        try:
            status = self._accounts.account_status(sweep)
            parts.swept(replace(status, engine_start=parts.engine_log.number))
            happened_to = parts.callbacks.happened_to
            parts.unwatched.swept(sweep, self._settings.interval, happened_to)
        except Unstorable as error:
            logger.bind(account=sweep.account).error("{}", error)

    def _sweep(self, account: str) -> Sweep:
        self._parts.gate.refresh(account)
        keys = self._jobs.with_schedule(lambda schedule, _: schedule.keys(account))
        at, also = self._parts.clock.now(), self._parts.unwatched.symbols(account)
        return self._sweeper.sweep(self._accounts.exchange(account), keys, at, also)

    def _report_blindness(self, sweep: Sweep) -> None:
        """Logs once for which symbols sweeps are blind, and once that they are not any more."""
        if sweep.unreadable:
            return
        before = self._blindness.get(sweep.account, {})
        self._blindness[sweep.account] = sweep.unread
        bound = logger.bind(account=sweep.account)
        for symbol in sorted(sweep.unread.keys() - before.keys()):
            bound.warning("sweeps are blind for {}: {}", symbol, sweep.unread[symbol])
        for symbol in sorted(before.keys() - sweep.unread.keys()):
            bound.info("sweeps see {} again", symbol)

    def _until_next(self, sweep: Sweep) -> timedelta:
        """Sooner than usual after a read that failed, later while a stream keeps a view synced."""
        if sweep.unreadable:
            return self._settings.interval / _SOONER
        if self._accounts.is_synced(sweep.account):
            return self._settings.streamed_interval
        return self._first_waits.pop(sweep.account, self._settings.interval)


def _wake_drifted(
    schedule: Schedule,
    sweep: Sweep,
    new: Collection[MonitorKey],
    interrupted: frozenset[MonitorKey],
    reason: str,
    now: Moment,
) -> None:
    """Wakes the monitors that drifted, interrupted ones first.

    A monitor whose run is under way has not drifted: the next sweep sees what the run made of it.
    Where the sweep was blind, monitors that wait for their next try go on waiting; so does a
    monitor whose last run broke, while its drift is no new one.
    """
    for key in sorted(sweep.drifted, key=lambda one: one not in interrupted):
        waits = schedule.is_waiting(key) and (sweep.is_blind_for(key) or key not in new)
        if not (schedule.is_running(key) or waits):
            schedule.wake(key, RESUME if key in interrupted else reason, now)
