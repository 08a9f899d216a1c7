"""Which monitor runs next: wakes, retries and sweeps, fairly by account. No threads, no clock.

Accounts take turns, and none has more than its share of runs under way, so that neither a flood
of fills nor a slow exchange of one account keeps another waiting (promise P8). A monitor never
runs twice at a time: wakes of one that is running, or waits for its turn, become one more run.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from ...domain.model.identity import MonitorKey


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: a run of a monitor, or a sweep of an account where ``key`` is None."""

    account: str
    key: MonitorKey | None
    reason: str


@dataclass(slots=True)
class _Entry:
    """One monitor: when it ran last, when it is to be tried again, whether it runs now."""

    ran_at: datetime | None = None
    try_at: datetime | None = None
    is_running: bool = False
    again: str = ""


@dataclass(slots=True)
class _Lane:
    """One account: its monitors, what is due now in its order, and what is under way."""

    entries: dict[MonitorKey, _Entry] = field(default_factory=dict)
    due: OrderedDict[MonitorKey | None, str] = field(default_factory=OrderedDict)
    sweep_at: datetime | None = None
    is_swept: bool = False
    again: str = ""
    under_way: int = 0


class Schedule:
    """What is due, and whose turn it is.

    Args:
        share: runs of one account that may be under way at once.
        calm: a monitor that failed and waits for its next try is not run sooner than this after
            its last run, whatever wakes it: its own orders' echoes would make it spin.
    """

    def __init__(self, share: int, calm: timedelta) -> None:
        self._share = share
        self._calm = calm
        self._lanes: dict[str, _Lane] = {}
        self._turns: OrderedDict[str, None] = OrderedDict()
        self._timers: list[tuple[datetime, int, str, MonitorKey | None]] = []
        self._number = count()

    def add(self, key: MonitorKey) -> None:
        """Takes a monitor in; one that is known stays as it is."""
        self._lane(key.account).entries.setdefault(key, _Entry())

    def remove(self, key: MonitorKey) -> None:
        """Lets a monitor go; a run under way ends as it would."""
        lane = self._lane(key.account)
        lane.entries.pop(key, None)
        lane.due.pop(key, None)

    def keys(self, account: str) -> tuple[MonitorKey, ...]:
        """The account's monitors."""
        return tuple(self._lane(account).entries)

    def wake(self, key: MonitorKey, reason: str, now: datetime) -> None:
        """Makes a monitor due: now, or with the calm of one that failed."""
        lane = self._lane(key.account)
        entry = lane.entries.get(key)
        if entry is None:
            return
        if entry.is_running:
            entry.again = entry.again or reason
        elif entry.try_at is not None and entry.ran_at is not None:
            self._try_at(key, entry, min(entry.try_at, max(now, entry.ran_at + self._calm)))
        else:
            self._make_due(key.account, key, reason)

    def retry(self, key: MonitorKey, at: datetime) -> None:
        """Makes a monitor due at a time."""
        entry = self._lane(key.account).entries.get(key)
        if entry is not None:
            self._try_at(key, entry, at)

    def sweep(self, account: str, at: datetime) -> None:
        """Has the account swept at a time, instead of when it was to be."""
        lane = self._lane(account)
        lane.sweep_at = at
        heappush(self._timers, (at, next(self._number), account, None))

    def sweep_now(self, account: str, reason: str) -> None:
        """Has the account swept as its next job; once more if it is being swept."""
        lane = self._lane(account)
        if lane.is_swept:
            lane.again = lane.again or reason
        else:
            self._make_due(account, None, reason)

    def waits(self, key: MonitorKey) -> bool:
        """Whether the monitor failed and waits for its next try."""
        entry = self._lane(key.account).entries.get(key)
        return entry is not None and entry.try_at is not None

    def runs(self, key: MonitorKey) -> bool:
        """Whether a run of the monitor is under way."""
        entry = self._lane(key.account).entries.get(key)
        return entry is not None and entry.is_running

    def take(self, now: datetime) -> Job | None:
        """The next job, which is under way from now on; None if nothing may start now."""
        self._ring(now)
        while self._turns:
            account, _ = self._turns.popitem(last=False)
            lane = self._lanes[account]
            if not lane.due or lane.under_way >= self._share:
                continue
            key, reason = lane.due.popitem(last=False)
            lane.under_way += 1
            if key is None:
                lane.is_swept, lane.sweep_at = True, None
            else:
                lane.entries[key].is_running = True
                lane.entries[key].try_at = None
            self._line_up(account)
            return Job(account, key, reason)
        return None

    def done(self, job: Job, now: datetime, next_at: datetime | None) -> None:
        """A job ended; ``next_at`` is when the monitor is to be tried, or the account swept, again.

        What woke it meanwhile makes it due at once.
        """
        lane = self._lanes[job.account]
        lane.under_way -= 1
        if job.key is None:
            lane.is_swept, again, lane.again = False, lane.again, ""
            if next_at is not None:
                self.sweep(job.account, next_at)
            if again:
                self._make_due(job.account, None, again)
        elif (entry := lane.entries.get(job.key)) is not None:
            entry.is_running, again, entry.again = False, entry.again, ""
            entry.ran_at = now
            if next_at is not None:
                self._try_at(job.key, entry, next_at)
            if again:
                self.wake(job.key, again, now)
        self._line_up(job.account)

    def next_at(self) -> datetime | None:
        """When something becomes due of itself; None if nothing will."""
        return self._timers[0][0] if self._timers else None

    @property
    def has_turns(self) -> bool:
        """Whether an account is in line, for something that may start now."""
        return bool(self._turns)

    @property
    def under_way(self) -> int:
        """How many jobs are under way."""
        return sum(lane.under_way for lane in self._lanes.values())

    def _ring(self, now: datetime) -> None:
        """Makes due whatever has its time; timers that were set anew since ring in vain."""
        while self._timers and self._timers[0][0] <= now:
            at, _, account, key = heappop(self._timers)
            lane = self._lanes[account]
            if key is None:
                if lane.sweep_at == at:
                    self.sweep_now(account, "sweep")
            elif (entry := lane.entries.get(key)) is not None and entry.try_at == at:
                self._make_due(account, key, "retry")

    def _try_at(self, key: MonitorKey, entry: _Entry, at: datetime) -> None:
        entry.try_at = at
        heappush(self._timers, (at, next(self._number), key.account, key))

    def _make_due(self, account: str, key: MonitorKey | None, reason: str) -> None:
        self._lane(account).due.setdefault(key, reason)
        self._line_up(account)

    def _line_up(self, account: str) -> None:
        """Puts the account at the end of the line if it has work that may start."""
        lane = self._lanes[account]
        if lane.due and lane.under_way < self._share:
            self._turns.setdefault(account, None)

    def _lane(self, account: str) -> _Lane:
        return self._lanes.setdefault(account, _Lane())
