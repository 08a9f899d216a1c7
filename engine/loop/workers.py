"""The loop: threads that take what the schedule says is due, and do it.

It decides nothing: what is due is :mod:`.schedule`'s affair, what a run does the states'. It
holds its lock only while it asks the schedule.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Condition, Lock, Thread
from typing import TypeVar

from ...domain.model.errors import StoreError
from ...domain.model.identity import MonitorKey
from ...domain.ports import Clock
from .schedule import Job, Schedule

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Work:
    """What the loop's threads call; from many of them at once.

    Attributes:
        run: runs a monitor; gives when it is to be tried again, or None.
        sweep: sweeps an account; gives when to do it again, or None.
        deliver: delivers pending alerts.
    """

    run: Callable[[MonitorKey, str], datetime | None]
    sweep: Callable[[str, str], datetime | None]
    deliver: Callable[[], object]


class WorkerPool:
    """Threads that work off a schedule until they are stopped.

    Args:
        schedule: what is due; nobody else may touch it once the loop runs.
        work: what to do.
        clock: time, for the schedule.
        threads: how many jobs may be under way at once.
    """

    def __init__(self, schedule: Schedule, work: Work, clock: Clock, threads: int) -> None:
        self._schedule = schedule
        self._work = work
        self._clock = clock
        self._lock = Lock()
        self._idle = Condition(self._lock)
        self._time = Condition(self._lock)
        self._mail = Condition(self._lock)
        self._end = Condition(self._lock)
        self._stopping = False
        self._is_closed = False
        self._has_mail = True
        self._is_watched = False
        self._broken: BaseException | None = None
        self._threads = [
            Thread(target=self._serve, name=f"trueup-{number}", daemon=True)
            for number in range(threads)
        ]
        self._courier = Thread(target=self._carry, name="trueup-courier", daemon=True)

    def start(self) -> None:
        """Starts the threads."""
        for thread in (*self._threads, self._courier):
            thread.start()

    def stop(self, patience: timedelta | None = None) -> bool:
        """Starts no further job and waits for those under way; says whether all have ended.

        Args:
            patience: how long to wait at most; None for as long as it takes.

        Raises:
            StoreError: the database could not be written: the loop had stopped by itself.
        """
        until = None if patience is None else self._clock.now() + patience
        with self._lock:
            self._halt()
        for thread in self._threads:
            left = None if until is None else max((until - self._clock.now()).total_seconds(), 0)
            thread.join(left)
        with self._lock:
            self._is_closed = True
            self._mail.notify()
        self._courier.join()
        self.check()
        return not any(thread.is_alive() for thread in self._threads)

    def wait(self, patience: timedelta | None = None) -> bool:
        """Waits until it is stopped or broken; says whether it is, should patience end.

        Raises:
            StoreError: the database could not be written.
        """
        seconds = None if patience is None else patience.total_seconds()
        with self._lock:
            self._end.wait_for(lambda: self._stopping, seconds)
        self.check()
        return self._stopping

    def check(self) -> None:
        """Nothing, while all is well.

        Raises:
            StoreError: the database could not be written; the loop has stopped.
        """
        if self._broken is not None:
            raise self._broken

    def tell(self, change: Callable[[Schedule, datetime], _Answer]) -> _Answer:
        """Changes the schedule, now, or asks it something; gives what that returns.

        Whoever watches the time is only roused for what may start now, or sooner than it thought:
        a flood of news about what runs already costs the others nothing.
        """
        with self._lock:
            rings_at = self._schedule.next_at()
            answer = change(self._schedule, self._clock.now())
            if self._schedule.has_turns or self._schedule.next_at() != rings_at:
                self._time.notify()
        return answer

    def _serve(self) -> None:
        job = self._next_job(None, None)
        while job is not None:
            job = self._next_job(job, self._do(job))

    def _next_job(self, done: Job | None, next_at: datetime | None) -> Job | None:
        """Ends a job and waits for the next one; None once the loop stops.

        Of the threads that have nothing to do one watches the time; the others wait until it
        leaves with a job.
        """
        with self._lock:
            if done is not None:
                self._schedule.done(done, self._clock.now(), next_at)
                self._time.notify()
                self._has_mail = True
                self._mail.notify()
            while not self._stopping:
                job = self._schedule.take(self._clock.now())
                if job is not None:
                    (self._time if self._is_watched else self._idle).notify()
                    return job
                self._rest()
        return None

    def _rest(self) -> None:
        if self._is_watched:
            self._idle.wait()
            return
        self._is_watched = True
        try:
            self._time.wait(self._until_next())
        finally:
            self._is_watched = False

    def _until_next(self) -> float | None:
        at = self._schedule.next_at()
        return None if at is None else max((at - self._clock.now()).total_seconds(), 0)

    def _do(self, job: Job) -> datetime | None:
        try:
            if job.key is None:
                return self._work.sweep(job.account, job.reason)
            return self._work.run(job.key, job.reason)
        except StoreError as error:
            self._break(error)
            return None

    def _carry(self) -> None:
        """Delivers alerts after whatever may have made some, beside the runs."""
        last = False
        while not last:
            with self._lock:
                self._mail.wait_for(lambda: self._has_mail or self._is_closed)
                last, self._has_mail = self._is_closed, False
            try:
                self._work.deliver()
            except StoreError as error:
                self._break(error)
                return

    def _break(self, error: StoreError) -> None:
        with self._lock:
            self._broken = self._broken or error
            self._halt()

    def _halt(self) -> None:
        self._stopping = True
        for waiting in (self._idle, self._time, self._end):
            waiting.notify_all()
