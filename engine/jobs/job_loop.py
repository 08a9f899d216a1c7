"""The loop of the service: one thread that does the jobs that the schedule says are due.

Each job is a fiber. Where it waits, for the exchange, the database or a function of the bot, the
others go on: so one thread has all requests of all accounts under way at once. The loop decides
nothing: :mod:`.schedule` says what is due, and the states decide what a run does.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import islice
from threading import Condition, Lock
from traceback import format_exception
from typing import TypeVar

from ...aio.fibers import Killed, is_on, run_fiber
from ...aio.log import ask as ask_log
from ...aio.log import contain_libraries, logger
from ...aio.loop_thread import LOOP, at_death
from ...aio.loop_thread import call as call_soon
from ...aio.threads import THREADS, Threads
from ...domain.model.errors import LoopDied, StoreError, TrueupError
from ...domain.model.identity import MonitorKey
from ...domain.ports import Clock, Moment
from ..run.outage import LONGEST_WAIT
from .job import Over, Waits, Work, do_job
from .schedule import Job, Schedule
from .watchdog import LOG, PULSE, Watchdog, job_in_words

_Answer = TypeVar("_Answer")
_AT_ONCE = 4
"""How many jobs begin before the loop reads again what has come in meanwhile."""
_LONGEST_NAP_S = 10.0
"""The loop's timers stand still while the machine sleeps; the clock does not."""


class JobLoop:
    """Does the jobs of a schedule until it is stopped.

    A run that waits holds nothing: the schedule keeps it until its time has come, or an event for
    its monitor wakes it.

    Args:
        schedule: what is due; once the loop is started, only :meth:`with_schedule` may touch it.
        clock: the time that the schedule goes by.
        threads: where the bot's own functions run.
    """

    def __init__(self, schedule: Schedule, clock: Clock, threads: Threads) -> None:
        self._schedule = schedule
        self._clock = clock
        self._threads = threads
        self._lock = Lock()
        self._changed = Condition(self._lock)
        self._stopping = self._is_poked = False
        self._asked: set[Job] = set()
        self._error: TrueupError | None = None
        self._is_dead = False
        self._forget_death: Callable[[], None] = lambda: None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._watchdogs: list[Watchdog] = []
        self._when_stopped: list[Callable[[], object]] = []

    def start(self, work: Work) -> None:
        """Starts the loop.

        Args:
            work: what there is to do.
        """
        self._work = work
        watchdog = Watchdog(self._clock, work.outage.send, self._attend, LOOP.stack)
        self._watchdogs = [watchdog]
        self.when_stopped(watchdog.stop)
        watchdog.start()
        contain_libraries()
        self._loop = loop = LOOP.hold()
        self._forget_death = at_death(loop, self._die)
        self._poke()
        self._deliver()

    def stop(self, patience: timedelta | None = None) -> bool:
        """Starts no further job and waits for those under way; returns whether all have ended.

        A function of the bot waits for nothing; whoever stops the loop after that waits for both.

        Args:
            patience: how long to wait at most; None for as long as it takes.

        Raises:
            StoreError: the database could not be written; the loop had stopped by itself.
            LoopDied: the same, of a defect.
        """
        with self._lock:
            self._begin_stop()
        self._poke()
        if self.is_own_thread():
            return False
        seconds = None if patience is None else max(patience.total_seconds(), 0)
        with self._lock:
            has_ended = self._changed.wait_for(self._has_ended, seconds)
        if has_ended:
            self._let_go()
        for watchdog in self._watchdogs:
            watchdog.join()
        self.check()
        return has_ended

    def under_way(self) -> tuple[str, ...]:
        """What has begun and not ended, for people."""
        with self._lock:
            return tuple(job_in_words(*each) for each in self._schedule.begun_jobs())

    def is_own_thread(self) -> bool:
        """Whether a function of the bot asks that a job waits for: it cannot wait for that job."""
        return self._threads.is_own() or is_on(self._loop)

    def wait(self, patience: timedelta | None = None) -> bool:
        """Waits until the loop stops; returns whether it has, in case ``patience`` runs out.

        Raises:
            StoreError: the database could not be written; the loop stopped by itself.
            LoopDied: the same, of a defect.
        """
        seconds = None if patience is None else patience.total_seconds()
        with self._lock:
            self._changed.wait_for(lambda: self._stopping, seconds)
        self.check()
        return self._stopping

    def when_stopped(self, call: Callable[[], object]) -> Callable[[], None]:
        """Has a function called once the loop stops, or at once if it has; returns what forgets it.

        The thread that stops the loop calls it: it must return at once.
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
            StoreError: the database could not be written; the loop has stopped by itself.
            LoopDied: the same, of a defect.
        """
        if self._error is not None:
            raise self._error

    def with_schedule(self, use: Callable[[Schedule, Moment], _Answer]) -> _Answer:
        """Calls ``use`` with the schedule and the time, under the lock; returns its result.

        The loop is woken only if a job may start now, or where a timer fires sooner than before: a
        burst of stream events about monitors that are already running costs it nothing.
        """
        with self._lock:
            fires_at = self._schedule.next_at()
            answer = use(self._schedule, self._clock.moment())
            has_changed = self._schedule.has_ready_account or self._schedule.next_at() != fires_at
        if has_changed:
            self._poke()
        return answer

    def pulse(self, answer: Callable[[], object]) -> None:
        """Has the loop's thread call a function, as soon as it can; one that hangs does not."""
        loop = self._loop
        if loop is not None:
            call_soon(loop, answer)

    def _poke(self) -> None:
        """Has the loop ask the schedule soon; from any thread."""
        loop = self._loop
        if loop is None or self._is_poked:
            return
        self._is_poked = True
        call = loop.call_soon if is_on(loop) else loop.call_soon_threadsafe
        with suppress(RuntimeError):  # the loop has ended meanwhile
            call(self._begin_jobs)

    # -- on the loop's thread -----------------------------------------------------------------

    def _begin_jobs(self) -> None:
        """Begins some of the jobs that are due, and sets the timer for the next one."""
        self._is_poked = False
        loop = asyncio.get_running_loop()
        with self._lock:
            jobs = list(islice(iter(self._next_job, None), _AT_ONCE))
            at = self._schedule.next_at()
        for job in jobs:
            task = loop.create_task(run_fiber(partial(self._serve, job)))
            self._tasks.add(task)
            task.add_done_callback(self._note_end)
        if len(jobs) == _AT_ONCE:
            self._poke()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at is not None:
            left = (at - self._clock.moment()).total_seconds()
            self._timer = loop.call_later(min(max(left, 0), _LONGEST_NAP_S), self._poke)

    def _next_job(self) -> Job | None:
        """The next job that is due; the caller holds the lock."""
        return self._schedule.next_job(self._clock.moment(), only_begun=self._stopping)

    def _note_end(self, task: "asyncio.Task[None]") -> None:
        with self._lock:
            self._tasks.discard(task)
            self._changed.notify_all()
        error = None if task.cancelled() else task.exception()
        if error is not None:
            logger.critical("a job broke off: {}", "".join(format_exception(error)))

    def _serve(self, job: Job) -> None:
        """Does a job, in a fiber of its own."""
        stop = self._do(job)
        with self._lock:
            stop.apply_to(self._schedule, self._clock.moment())
        if isinstance(stop, Over):
            self._deliver()
        self._poke()

    def _do(self, job: Job) -> Waits | Over:
        named = job.key or self._any_monitor(job.account)
        (watchdog,) = self._watchdogs
        watchdog.began(job, named)
        try:
            return do_job(self._work, job, named, self._clock)
        except StoreError as error:
            self._fail(error, named)
            return Over(job, None)
        except Killed:
            raise
        except BaseException as error:  # noqa: BLE001 - no job ends the thread without a word
            logger.critical("a job broke off: {}", "".join(format_exception(error)))
            return Over(job, self._clock.moment() + LONGEST_WAIT)
        finally:
            watchdog.ended(job)

    def _attend(self) -> None:
        """Has alerts delivered, and asks loop and log whether they go on; for another thread."""
        self._deliver()
        loop = self._loop
        if loop is not None:
            self._ask(PULSE, partial(call_soon, loop))
            self._ask(LOG, ask_log)

    def _ask(self, job: Job, ask: Callable[[Callable[[], None]], object]) -> None:
        """Asks what a job stands for whether it goes on, unless it has not answered yet."""
        if job in self._asked:
            return
        self._asked.add(job)
        with self._lock:
            named = next(self._schedule.all_keys(), None)
        (watchdog,) = self._watchdogs
        watchdog.began(job, named)

        def answer() -> None:
            watchdog.ended(job)
            self._asked.discard(job)

        ask(answer)

    def _any_monitor(self, account: str) -> MonitorKey | None:
        """A monitor of the account that an alert about it can name."""
        with self._lock:
            return next(iter(self._schedule.keys(account)), None)

    def _deliver(self) -> None:
        """Has alerts delivered after every job that may have written some."""
        try:
            self._work.deliver()
        except StoreError as error:
            self._fail(error, None)

    # -- its end ------------------------------------------------------------------------------

    def _die(self, defect: BaseException) -> None:
        """The loop has died, and with it whatever is under way: nothing of it ends any more."""
        error = LoopDied(
            f"the thread that does all jobs has ended: {type(defect).__name__}: {defect}"
        )
        error.__cause__ = defect
        self._is_dead = True
        self._fail(error, None)

    def _fail(self, error: TrueupError, key: MonitorKey | None) -> None:
        with self._lock:
            key = key or next(self._schedule.all_keys(), None)
            is_first = self._error is None and not self._stopping
            self._error = self._error or error
            self._begin_stop()
        if is_first:
            self._work.outage.stops(error, key)

    def _begin_stop(self) -> None:
        """From now on no job starts; the caller holds the lock."""
        self._stopping = True
        for call in self._when_stopped:
            call()
        self._when_stopped.clear()
        self._changed.notify_all()

    def _has_ended(self) -> bool:
        """Whether nothing is under way any more; the caller holds the lock."""
        return self._is_dead or not (self._tasks or self._schedule.begun)

    def _let_go(self) -> None:
        """Lets go of the thread, once."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            self._forget_death()
            LOOP.release(loop)
            self._threads.close()
            THREADS.close()
