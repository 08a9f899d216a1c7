"""The worker pool: threads that do the jobs that the schedule says are due.

The pool decides nothing: :mod:`.schedule` says what is due, and the states decide what a run does.
The pool holds its lock only while it asks the schedule, never during a job.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from threading import Condition, Lock, Thread, current_thread
from traceback import format_exception
from typing import TypeVar

from loguru import logger

from ...domain.flow import Wait
from ...domain.model.errors import StoreError, StoreUnavailable
from ...domain.model.identity import MonitorKey
from ...domain.ports import Clock, Moment
from ..run.driving import Ended, run_until_wait
from ..run.outage import LONGEST_WAIT, Outage
from .schedule import Job, RunFlow, Schedule
from .watchdog import Watchdog

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Work:
    """What the threads call, several of them at the same time.

    Attributes:
        run: the run of a monitor for a reason; it returns when to try it again, or None.
        sweep: sweeps an account for a reason; returns when to do so again, or None.
        deliver: has pending alerts delivered; returns at once.
        outage: whether the database can be written.
    """

    run: Callable[[MonitorKey, str], RunFlow]
    sweep: Callable[[str, str], Moment | None]
    deliver: Callable[[], object]
    outage: Outage


@dataclass(frozen=True, slots=True)
class Waits:
    """What has become of a job: its run waits, and no thread is held meanwhile."""

    job: Job
    wait: Wait

    def apply_to(self, schedule: Schedule, now: Moment) -> None:
        """Parks the run."""
        del now
        schedule.park(self.job, self.wait.until, wakes=not self.wait.is_asked_for)


@dataclass(frozen=True, slots=True)
class Over:
    """What has become of a job: it is over; with the time of the next one, if there is one."""

    job: Job
    next_at: Moment | None

    def apply_to(self, schedule: Schedule, now: Moment) -> None:
        """Ends the job."""
        schedule.done(self.job, now, self.next_at)


def do_job(work: Work, job: Job, named: MonitorKey | None, clock: Clock) -> Waits | Over:
    """Does a job until it waits or is over; one that the database was away for is due again.

    Args:
        work: what there is to do.
        job: the job.
        named: the monitor that an alert about the database can name.
        clock: the time.

    Raises:
        StoreError: the database cannot be written, and nobody waits for it.
    """
    try:
        if job.key is None:
            next_at = work.sweep(job.account, job.reason)
            work.outage.is_over()
            return Over(job, next_at)
        flow = work.run(job.key, job.reason) if job.flow is None else job.flow
        stop = run_until_wait(flow)
    except StoreUnavailable as error:
        if not work.outage.lasts(error, named):
            raise
        return Over(job, clock.moment() + LONGEST_WAIT)
    if isinstance(stop, Ended):
        return Over(job, stop.value)
    return Waits(replace(job, flow=flow), stop)


class WorkerPool:
    """Threads that work off a schedule until they are stopped.

    A run that waits holds no thread: the schedule keeps it until its time has come, or an event for
    its monitor wakes it.

    Args:
        schedule: what is due; once the pool is started, only :meth:`with_schedule` may touch it.
        clock: the time that the schedule goes by.
        threads: how many jobs may be under way at once.
    """

    def __init__(self, schedule: Schedule, clock: Clock, threads: int) -> None:
        self._schedule = schedule
        self._clock = clock
        self._lock = Lock()
        self._idle = Condition(self._lock)
        self._timer = Condition(self._lock)
        self._stopped = Condition(self._lock)
        self._stopping = False
        self._is_timer_watched = False
        self._error: BaseException | None = None
        self._size = threads
        self._threads: list[Thread] = []
        self._watchdogs: list[Watchdog] = []
        self._when_stopped: list[Callable[[], object]] = []

    def start(self, work: Work) -> None:
        """Starts the threads.

        Args:
            work: what they do.
        """
        alert, deliver = work.outage.send, partial(self._deliver, work)
        watchdog = Watchdog(self._clock, alert, deliver)
        self._watchdogs = [watchdog]
        self._threads = [
            Thread(target=self._serve, args=(work, watchdog), name=f"trueup-{number}", daemon=True)
            for number in range(self._size)
        ]
        self.when_stopped(watchdog.stop)
        watchdog.start()
        for thread in self._threads:
            thread.start()
        self._deliver(work)

    def stop(self, patience: timedelta | None = None) -> bool:
        """Starts no further job and waits for those under way; returns whether all have ended.

        A callback of the pool waits for nothing; whoever stops the pool after that waits for both.

        Args:
            patience: how long to wait at most; None for as long as it takes.

        Raises:
            StoreError: the database could not be written; the pool had stopped by itself.
        """
        until = None if patience is None else self._clock.moment() + patience
        with self._lock:
            self._begin_stop()
        if self.is_own_thread():
            return False
        for thread in self._threads:
            thread.join(self._seconds_left(until))
        for watchdog in self._watchdogs:
            watchdog.join()
        self.check()
        return not any(thread.is_alive() for thread in self._threads)

    def is_own_thread(self) -> bool:
        """Whether a thread of the pool asks: a callback, which cannot wait for its own end."""
        return current_thread() in self._threads

    def _seconds_left(self, until: Moment | None) -> float | None:
        return None if until is None else max((until - self._clock.moment()).total_seconds(), 0)

    def wait(self, patience: timedelta | None = None) -> bool:
        """Waits until the pool stops; returns whether it has, in case ``patience`` runs out.

        Raises:
            StoreError: the database could not be written; the pool stopped by itself.
        """
        seconds = None if patience is None else patience.total_seconds()
        with self._lock:
            self._stopped.wait_for(lambda: self._stopping, seconds)
        self.check()
        return self._stopping

    def when_stopped(self, call: Callable[[], object]) -> Callable[[], None]:
        """Has a function called once the pool stops, or at once if it has; returns what forgets it.

        The thread that stops the pool calls it: it must return at once.
        """
        with self._lock:
            if not self._stopping:
                self._when_stopped.append(call)
                return partial(self._forget, call)
        call()
        return partial(self._forget, call)

    def _forget(self, call: Callable[[], object]) -> None:
        with self._lock:
            if call in self._when_stopped:
                self._when_stopped.remove(call)

    def check(self) -> None:
        """Returns if all is well.

        Raises:
            StoreError: the database could not be written; the pool has stopped by itself.
        """
        if self._error is not None:
            raise self._error

    def with_schedule(self, use: Callable[[Schedule, Moment], _Answer]) -> _Answer:
        """Calls ``use`` with the schedule and the time, under the lock; returns its result.

        The thread that watches the timer is notified only if a job may start now, or where
        a timer fires sooner than before: a burst of stream events about monitors that are
        already running costs the other threads nothing.
        """
        with self._lock:
            fires_at = self._schedule.next_at()
            answer = use(self._schedule, self._clock.moment())
            if self._schedule.has_ready_account or self._schedule.next_at() != fires_at:
                self._timer.notify()
        return answer

    def _serve(self, work: Work, watchdog: Watchdog) -> None:
        job = self._next_job()
        while job is not None:
            stop = self._do(work, job, watchdog)
            with self._lock:
                self._put_back(stop)
            if isinstance(stop, Over):
                self._deliver(work)
            job = self._next_job()

    def _put_back(self, stop: Waits | Over) -> None:
        """Parks a run that waits, or ends a job; the caller holds the lock."""
        stop.apply_to(self._schedule, self._clock.moment())
        self._timer.notify()
        if self._stopping:
            self._notify_all()

    def _next_job(self) -> Job | None:
        """Waits for the next job; None once the pool stops, and all runs have ended.

        One of the threads without a job watches the timer. The others sleep until it leaves
        with a job and appoints one of them in its place.
        """
        with self._lock:
            while not (self._stopping and not self._schedule.begun):
                job = self._schedule.next_job(self._clock.moment(), only_begun=self._stopping)
                if job is not None:
                    (self._timer if self._is_timer_watched else self._idle).notify()
                    return job
                self._wait_for_job()
        return None

    def _wait_for_job(self) -> None:
        if self._is_timer_watched:
            self._idle.wait()
            return
        self._is_timer_watched = True
        try:
            self._timer.wait(self._seconds_to_timer())
        finally:
            self._is_timer_watched = False

    def _seconds_to_timer(self) -> float | None:
        at = self._schedule.next_at()
        return None if at is None else max((at - self._clock.moment()).total_seconds(), 0)

    def _do(self, work: Work, job: Job, watchdog: Watchdog) -> Waits | Over:
        named = job.key or self._any_monitor(job.account)
        watchdog.began(job, named)
        try:
            return do_job(work, job, named, self._clock)
        except StoreError as error:
            self._fail(work, error, named)
            return Over(job, None)
        except BaseException as error:  # noqa: BLE001 - no job ends a thread without a word
            logger.critical("a job broke off: {}", "".join(format_exception(error)))
            return Over(job, self._clock.moment() + LONGEST_WAIT)
        finally:
            watchdog.ended()

    def _any_monitor(self, account: str) -> MonitorKey | None:
        """A monitor of the account that an alert about it can name."""
        with self._lock:
            return next(iter(self._schedule.keys(account)), None)

    def _deliver(self, work: Work) -> None:
        """Has alerts delivered after every job that may have written some."""
        try:
            work.deliver()
        except StoreError as error:
            self._fail(work, error, None)

    def _fail(self, work: Work, error: StoreError, key: MonitorKey | None) -> None:
        with self._lock:
            is_first = self._error is None and not self._stopping
            self._error = self._error or error
            self._begin_stop()
        if is_first:
            work.outage.stops(error, key)

    def _begin_stop(self) -> None:
        """From now on no job starts; the caller holds the lock."""
        self._stopping = True
        for call in self._when_stopped:
            call()
        self._when_stopped.clear()
        self._notify_all()

    def _notify_all(self) -> None:
        for condition in (self._idle, self._timer, self._stopped):
            condition.notify_all()
