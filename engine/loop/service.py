"""The service: a reconciler that runs by itself, from start to stop."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord, StateName
from ...domain.ports import Moment
from ...domain.stopping.control import Scope
from ..jobs.job import Work
from ..jobs.job_loop import JobLoop
from ..jobs.reasons import KEY, RESUME, START_UP, STREAM
from ..jobs.schedule import Schedule
from ..run.grouping import by_account
from ..run.report import RunReport
from .accounts import AccountExchanges
from .monitor_job import MonitorJob
from .parts import Parts
from .settings import LoopSettings
from .sweep import Sweeper
from .sweep_job import SweepJob


class Service:
    """Keeps monitors swept, woken and retried until it is stopped.

    Wakes, retries and sweeps are put on a schedule; the job loop does them.

    Args:
        parts: the reconciler's.
        settings: how often, and how much in parallel.

    Attributes:
        jobs: the loop that does them.
        accounts: the accounts' exchanges, with their live views.
    """

    def __init__(self, parts: Parts, settings: LoopSettings) -> None:
        self._parts = parts
        self._settings = settings
        self._sweeper = Sweeper(parts.main_ladders, parts.clock)
        self._schedule = Schedule(settings.max_runs_per_account, settings.cool_down)
        self.jobs = JobLoop(self._schedule, parts.clock, parts.threads)
        self.accounts = AccountExchanges(
            parts.exchanges,
            parts.make_feed if settings.streams else lambda _account: None,
            parts.clock,
            self._on_change,
            self._sweep_now,
            self._on_open,
            parts.threads,
        )
        self._monitor_job = MonitorJob(parts, settings, self._sweeper, self.accounts)
        self._sweep_job = SweepJob(parts, settings, self._sweeper, self.accounts, self.jobs)

    def start(self, records: Iterable[MonitorRecord]) -> None:
        """Starts the loop and the feeds; sweeps every account, and resumes interrupted runs.

        An account with a feed is swept once the feed is open: one read then syncs its live view,
        and interrupted runs need no read of their own. Monitors that wait for their next try go
        on waiting, unless that was for a person who had stopped them.

        Args:
            records: the monitors, as stored.
        """
        known = {record.key: record for record in records}
        for record in known.values():
            self._add(record)
            next_try = self._parts.moment_of(record)
            if record.was_stopped or any(not one.is_runner for one in record.withheld):
                # It may have been resumed meanwhile, and `beyond_market` set anew.
                next_try = self._parts.clock.moment()
            if record.state is StateName.IDLE and next_try is not None:
                self._schedule.retry(record.key, next_try)
        interrupted = _interrupted(known)
        for account in self._parts.unwatched.auto_watched:
            interrupted.setdefault(account, frozenset())
        self._sweep_job.expect(interrupted)
        self._parts.gate.on_change = self._on_gate
        self._parts.gate.ask_all(interrupted)
        self._parts.engine_log.started(self._settings)
        outage, notify = self._parts.outage, self._parts.outbox.notify
        outage.is_patient = True
        self.jobs.start(Work(self._monitor_job.do, self._sweep_job.do, notify, outage))
        for account, keys in interrupted.items():
            self._start_account(account, keys)

    def stop(self, patience: timedelta | None = None) -> bool:
        """Stops the loop, then the feeds; see :meth:`.JobLoop.stop`."""
        self._parts.outage.is_patient = False
        try:
            return self.jobs.stop(patience)
        finally:
            self.accounts.stop()
            self._parts.engine_log.stopped()

    def add(self, record: MonitorRecord, reason: str) -> None:
        """Adds a monitor, or one whose record a caller changed, and runs it.

        At start-up the sweep of its account runs it, with all others that were added meanwhile. The
        monitors on mirrors that may copy its ladder run too.
        """
        account = record.key.account
        is_start_up = reason == START_UP
        woken = (*(() if is_start_up else (record.key,)), *self._sweeper.followers(record.key))

        def change(schedule: Schedule, now: Moment) -> None:
            if is_start_up or not schedule.keys(account):
                schedule.sweep_now(account, START_UP)
            self._add(record)
            schedule.wake_all(woken, reason, now)

        self.jobs.with_schedule(change)
        self.accounts.start(account)

    def ran_beside(self, report: RunReport) -> None:
        """Keeps the record that a caller's own run stored, and hands on what it reports."""
        self._sweeper.update(report.record)
        self._parts.callbacks.happened(report)

    def remove(self, key: MonitorKey) -> None:
        """Removes a monitor; its orders stay as they are."""
        self._sweeper.remove(key)
        self.jobs.with_schedule(lambda schedule, _: schedule.remove(key))

    def wake(self, key: MonitorKey, reason: str) -> None:
        """Makes a monitor run."""
        self.jobs.with_schedule(lambda schedule, now: schedule.wake(key, reason, now))

    def wake_within(self, scope: Scope, reason: str) -> None:
        """Makes every monitor run that belongs to a scope."""

        def wake(schedule: Schedule, now: Moment) -> None:
            for account in self._parts.exchanges:
                keys = filter(scope.covers, schedule.keys(account))
                schedule.wake_all(keys, reason, now)

        self.jobs.with_schedule(wake)

    def _start_account(self, account: str, interrupted: frozenset[MonitorKey]) -> None:
        """Starts an account's feed. Its first sweep follows the opening, or comes without one."""
        at = self._parts.clock.moment() + self._settings.opening
        self.jobs.with_schedule(lambda schedule, _: schedule.sweep(account, at))
        self.accounts.start(account)
        if not self.accounts.has_feed(account):
            self.jobs.with_schedule(
                lambda schedule, now: schedule.wake_all(interrupted, RESUME, now)
            )
            self._sweep_now(account, START_UP)

    def _on_change(self, keys: tuple[MonitorKey, ...]) -> None:
        """Wakes the monitors that a stream event concerns; the schedule ignores unknown ones."""
        self.jobs.with_schedule(lambda schedule, now: schedule.wake_all(keys, STREAM, now))

    def _on_open(self, key: MonitorKey) -> None:
        """Sweeps an account at once whose stream shows a position that is to come under watch."""
        if self._sweeper.record(key) is None and self._parts.unwatched.awaits(key):
            self._sweep_now(key.account, STREAM)

    def _on_gate(self, account: str) -> None:
        """Wakes the monitors of an account that may no longer write, or may again."""
        self.jobs.with_schedule(
            lambda schedule, now: schedule.wake_all(schedule.keys(account), KEY, now)
        )

    def _sweep_now(self, account: str, reason: str) -> None:
        self.jobs.with_schedule(lambda schedule, _: schedule.sweep_now(account, reason))

    def _add(self, record: MonitorRecord) -> None:
        self._sweeper.update(record)
        self._schedule.add(record.key)


def _interrupted(
    records: Mapping[MonitorKey, MonitorRecord],
) -> dict[str, frozenset[MonitorKey]]:
    """For each account the monitors that are not Idle; accounts that have any come first."""
    found = {
        account: frozenset(key for key in keys if records[key].state is not StateName.IDLE)
        for account, keys in by_account(records).items()
    }
    return {name: found[name] for name in sorted(found, key=lambda name: (not found[name], name))}
