"""Which monitor runs next: wakes, retries and sweeps, shared out fairly between accounts.

The schedule has no threads and reads no clock; its callers pass the moment and hold the lock.

Accounts are served in turn (round robin), and no account has more jobs under way than
``max_runs_per_account``, so that neither a flood of fills nor a slow exchange at one account delays
another (promise P8). A monitor never has two runs at once: wakes of a monitor that is running, or
already in the queue, are merged into one further run.

A run that waits is parked: it holds no thread and no share of its account's jobs. An event for its
monitor makes it go on sooner.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heappop, heappush
from itertools import chain, count
from typing import TypeAlias

from ...domain.flow import Flow
from ...domain.model.identity import MonitorKey
from ...domain.ports import Moment
from .reasons import RETRY, SWEEP

RunFlow: TypeAlias = Flow[Moment | None]
"""A run: in the end it returns when to try the monitor again; None for not by itself."""


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do: a run of a monitor, or, where ``key`` is None, a sweep of an account.

    Attributes:
        flow: the run, where it has begun and waited; None where it is to begin.
    """

    account: str
    key: MonitorKey | None
    reason: str
    flow: RunFlow | None = None


@dataclass(frozen=True, slots=True)
class _Parked:
    """A run that waits, and holds no thread.

    Attributes:
        job: the run.
        until: when it goes on.
        wakes: whether an event for the monitor makes it go on sooner.
    """

    job: Job
    until: Moment
    wakes: bool


@dataclass(slots=True)
class _Entry:
    """One monitor.

    Attributes:
        ran_at: when its last run ended.
        retry_at: when it is due again after a failure; None if its last run did not fail.
        is_running: whether a run is under way.
        run_again: the reason of a wake that came in during the run; empty for none.
    """

    ran_at: Moment | None = None
    retry_at: Moment | None = None
    is_running: bool = False
    run_again: str = ""


@dataclass(slots=True)
class _AccountQueue:
    """One account.

    Attributes:
        entries: its monitors.
        due: the monitors that may run now, and None for the sweep, each with its reason.
        parked: the runs that wait.
        resumed: the runs that have waited and may go on; they go before those that are due.
        sweep_at: when its next sweep is due.
        is_sweeping: whether a sweep is under way.
        sweep_again: the reason of a sweep requested during the sweep; empty for none.
        under_way: how many of its jobs are under way.
    """

    entries: dict[MonitorKey, _Entry] = field(default_factory=dict)
    due: OrderedDict[MonitorKey | None, str] = field(default_factory=OrderedDict)
    parked: dict[MonitorKey, _Parked] = field(default_factory=dict)
    resumed: deque[Job] = field(default_factory=deque)
    sweep_at: Moment | None = None
    is_sweeping: bool = False
    sweep_again: str = ""
    under_way: int = 0


class Schedule:
    """What is due, and which account is next.

    Args:
        max_runs_per_account: how many jobs of one account may be under way at once.
        cool_down: the shortest pause after the run of a monitor that failed, whatever wakes it;
            without it, the stream events of its own writes would make it spin.
    """

    def __init__(self, max_runs_per_account: int, cool_down: timedelta) -> None:
        self._max_runs = max_runs_per_account
        self._cool_down = cool_down
        self._accounts: dict[str, _AccountQueue] = {}
        self._ready: OrderedDict[str, None] = OrderedDict()
        self._timers: list[tuple[Moment, int, str, MonitorKey | None]] = []
        self._sequence = count()

    def add(self, key: MonitorKey) -> None:
        """Adds a monitor; one that is already scheduled stays as it is."""
        self._queue(key.account).entries.setdefault(key, _Entry())

    def remove(self, key: MonitorKey) -> None:
        """Removes a monitor; a run under way is not cut short."""
        queue = self._queue(key.account)
        queue.entries.pop(key, None)
        queue.due.pop(key, None)

    def keys(self, account: str) -> tuple[MonitorKey, ...]:
        """The account's monitors."""
        return tuple(self._queue(account).entries)

    def all_keys(self) -> Iterator[MonitorKey]:
        """The monitors of all accounts."""
        return chain.from_iterable(map(self.keys, self._accounts))

    def wake(self, key: MonitorKey, reason: str, now: Moment) -> None:
        """Makes a monitor due: at once, or after its cool-down if its last run failed."""
        queue = self._queue(key.account)
        entry = queue.entries.get(key)
        if entry is None:
            return
        if entry.is_running:
            entry.run_again = entry.run_again or reason
            self._resume_sooner(key)
        elif entry.retry_at is not None and entry.ran_at is not None:
            cooled_down_at = max(now, entry.ran_at + self._cool_down)
            self._retry_at(key, entry, min(entry.retry_at, cooled_down_at))
        else:
            self._make_due(key.account, key, reason)

    def wake_all(self, keys: Iterable[MonitorKey], reason: str, now: Moment) -> None:
        """Wakes each of these monitors, in this order."""
        for key in keys:
            self.wake(key, reason, now)

    def retry(self, key: MonitorKey, at: Moment) -> None:
        """Makes a monitor due at a time."""
        entry = self._queue(key.account).entries.get(key)
        if entry is not None:
            self._retry_at(key, entry, at)

    def sweep(self, account: str, at: Moment) -> None:
        """Schedules the account's next sweep, in place of the one scheduled before."""
        self._queue(account).sweep_at = at
        heappush(self._timers, (at, next(self._sequence), account, None))

    def sweep_now(self, account: str, reason: str) -> None:
        """Makes a sweep of the account due at once; one under way is followed by another."""
        queue = self._queue(account)
        if queue.is_sweeping:
            queue.sweep_again = queue.sweep_again or reason
        else:
            self._make_due(account, None, reason)

    def is_waiting(self, key: MonitorKey) -> bool:
        """Whether the monitor failed and waits for its next try."""
        entry = self._queue(key.account).entries.get(key)
        return entry is not None and entry.retry_at is not None

    def is_running(self, key: MonitorKey) -> bool:
        """Whether a run of the monitor is under way."""
        entry = self._queue(key.account).entries.get(key)
        return entry is not None and entry.is_running

    def next_job(self, now: Moment, *, only_begun: bool = False) -> Job | None:
        """The next job: it is under way until :meth:`park` or :meth:`done`; None if none may start.

        Args:
            now: the time.
            only_begun: start no further run and no sweep; only runs that have waited go on.
        """
        self._fire_timers(now)
        while self._ready:
            account, _ = self._ready.popitem(last=False)
            queue = self._accounts[account]
            may_begin = bool(queue.due) and not only_begun
            if not (queue.resumed or may_begin) or queue.under_way >= self._max_runs:
                continue
            queue.under_way += 1
            if queue.resumed:
                job = queue.resumed.popleft()
                self._line_up(account)
                return job
            key, reason = queue.due.popitem(last=False)
            if key is None:
                queue.is_sweeping, queue.sweep_at = True, None
            else:
                queue.entries[key].is_running = True
                queue.entries[key].retry_at = None
            self._line_up(account)
            return Job(account, key, reason)
        return None

    def park(self, job: Job, until: Moment, *, wakes: bool) -> None:
        """Puts a run aside that waits: it is no longer under way, and goes on at a time.

        Args:
            job: with the run.
            until: when it goes on.
            wakes: whether an event for the monitor makes it go on sooner.
        """
        queue = self._accounts[job.account]
        queue.under_way -= 1
        if job.key is not None:
            queue.parked[job.key] = _Parked(job, until, wakes)
            heappush(self._timers, (until, next(self._sequence), job.account, job.key))
        self._line_up(job.account)

    def done(self, job: Job, now: Moment, next_at: Moment | None) -> None:
        """Ends a job; what woke its monitor or account meanwhile is due at once.

        Args:
            job: what :meth:`next_job` started.
            now: the time.
            next_at: when to try the monitor, or to sweep the account, again; None for not by
                itself.
        """
        queue = self._accounts[job.account]
        queue.under_way -= 1
        if job.key is None:
            queue.is_sweeping, again, queue.sweep_again = False, queue.sweep_again, ""
            if next_at is not None:
                self.sweep(job.account, next_at)
            if again:
                self._make_due(job.account, None, again)
        elif (entry := queue.entries.get(job.key)) is not None:
            entry.is_running, again, entry.run_again = False, entry.run_again, ""
            entry.ran_at = now
            if next_at is not None:
                self._retry_at(job.key, entry, next_at)
            if again:
                self.wake(job.key, again, now)
        self._line_up(job.account)

    def next_at(self) -> Moment | None:
        """When the next timer fires; None if none is set."""
        return self._timers[0][0] if self._timers else None

    @property
    def has_ready_account(self) -> bool:
        """Whether an account has a job that may start now."""
        return bool(self._ready)

    @property
    def under_way(self) -> int:
        """How many jobs are under way, those that wait not among them."""
        return sum(queue.under_way for queue in self._accounts.values())

    @property
    def begun(self) -> int:
        """How many jobs have begun and not ended: under way, or waiting."""
        waiting = sum(len(q.parked) + len(q.resumed) for q in self._accounts.values())
        return self.under_way + waiting

    def begun_jobs(self) -> tuple[tuple[str, MonitorKey | None], ...]:
        """The account and the monitor, None for the sweep, of what has begun and not ended."""
        return tuple(
            (account, key)
            for account, queue in self._accounts.items()
            for key, has_begun in [
                (None, queue.is_sweeping),
                *((key, entry.is_running) for key, entry in queue.entries.items()),
            ]
            if has_begun
        )

    def _fire_timers(self, now: Moment) -> None:
        """Makes due what the timers say; a timer that was replaced meanwhile does nothing."""
        while self._timers and self._timers[0][0] <= now:
            at, _, account, key = heappop(self._timers)
            queue = self._accounts[account]
            if key is None:
                if queue.sweep_at == at:
                    self.sweep_now(account, SWEEP)
            elif (parked := queue.parked.get(key)) is not None and parked.until == at:
                self._resume(key)
            elif (entry := queue.entries.get(key)) is not None and entry.retry_at == at:
                self._make_due(account, key, RETRY)

    def _retry_at(self, key: MonitorKey, entry: _Entry, at: Moment) -> None:
        entry.retry_at = at
        heappush(self._timers, (at, next(self._sequence), key.account, key))

    def _resume_sooner(self, key: MonitorKey) -> None:
        """An event for the monitor: a run that waits goes on at once, unless it must not."""
        parked = self._queue(key.account).parked.get(key)
        if parked is not None and parked.wakes:
            self._resume(key)

    def _resume(self, key: MonitorKey) -> None:
        queue = self._queue(key.account)
        queue.resumed.append(queue.parked.pop(key).job)
        self._line_up(key.account)

    def _make_due(self, account: str, key: MonitorKey | None, reason: str) -> None:
        self._queue(account).due.setdefault(key, reason)
        self._line_up(account)

    def _line_up(self, account: str) -> None:
        """Puts the account last in the round, if it has a job that may start."""
        queue = self._accounts[account]
        if (queue.due or queue.resumed) and queue.under_way < self._max_runs:
            self._ready.setdefault(account, None)

    def _queue(self, account: str) -> _AccountQueue:
        return self._accounts.setdefault(account, _AccountQueue())
