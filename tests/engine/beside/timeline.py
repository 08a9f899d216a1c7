"""Virtual time for many threads: each waits by itself, and only one of them runs at a time.

A clock on which a waiting thread moves the time for everybody adds up what the threads wait for.
Here the waits overlap, as they do in the real world, and a test can say who held up whom.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from threading import Event, Thread, current_thread
from typing import Any, Self, TypeVar

from trueup.aio.threads import Threads
from trueup.domain.ports import Clock, Moment
from trueup.engine.jobs.job import Over, Work, do_job
from trueup.engine.jobs.schedule import Job, Schedule
from trueup.simulator import VirtualClock

_Answer = TypeVar("_Answer")
AT_ONCE = 32
_STUCK_S = 60
_MOST_TURNS = 200_000


class _Task(Thread):
    """A thread that runs only while the timeline lets it."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._may_run = Event()
        self._has_paused = Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        """Does the work."""
        self._may_run.wait()
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - the timeline raises it in the test's thread
            self.error = error
        self._has_paused.set()

    def proceed(self) -> None:
        """Lets it run until it waits, or ends."""
        self._has_paused.clear()
        self._may_run.set()
        if not self.is_alive():
            self.start()
        assert self._has_paused.wait(_STUCK_S), "a thread waits for something that is not the clock"
        if self.error is not None:
            raise self.error

    def pause(self) -> None:
        """Called by itself: hands over, until it may run again."""
        self._may_run.clear()
        self._has_paused.set()
        self._may_run.wait()


class Timeline(VirtualClock):
    """The clock, and what drives the threads on it."""

    def __init__(self, start_ms: int) -> None:
        super().__init__(start_ms)
        self._waiting: list[tuple[int, int, _Task]] = []
        self._numbers_of_turns = count()
        self.pool: TimelineLoop | None = None

    def begin(self, work: Callable[[], object]) -> None:
        """Starts a thread that does this work from now on."""
        self._wait(_Task(work), self.now_ms())

    def advance(self, ms: int) -> None:
        """In a thread of the timeline: waits. Anywhere else: moves the time."""
        task = current_thread()
        if not isinstance(task, _Task):
            super().advance(ms)
            return
        self._wait(task, self.now_ms() + ms)
        task.pause()

    def until(self, is_over: Callable[[], bool], most: timedelta) -> None:
        """Lets the threads run and the time pass until it is over, or this long."""
        ends_ms = self.now_ms() + most // timedelta(milliseconds=1)
        for _ in range(_MOST_TURNS):
            if is_over() or self.now_ms() >= ends_ms:
                return
            due_ms = self.next_due_ms()
            if due_ms is not None and due_ms <= self.now_ms():
                super().advance(0)
            if self.pool is not None:
                self.pool.begin_due(self)
            if self._waiting and self._waiting[0][0] <= self.now_ms():
                heappop(self._waiting)[2].proceed()
                continue
            super().advance(max(min((ends_ms, *self._next())) - self.now_ms(), 0))
        raise AssertionError("the engine spins")

    @property
    def is_idle(self) -> bool:
        """Whether no thread is under way."""
        return not self._waiting

    def _wait(self, task: _Task, until_ms: int) -> None:
        heappush(self._waiting, (until_ms, next(self._numbers_of_turns), task))

    def _next(self) -> Iterator[int]:
        if self._waiting:
            yield self._waiting[0][0]
        due_ms = self.next_due_ms()
        if due_ms is not None:
            yield due_ms
        at = None if self.pool is None else self.pool.next_at()
        if at is not None:
            yield self.now_ms() + max(-(-(at - self.moment()) // timedelta(milliseconds=1)), 1)


class TimelineLoop:
    """Replaces :class:`trueup.engine.jobs.job_loop.JobLoop`: its threads are the timeline's."""

    def __init__(self, schedule: Schedule, clock: Clock, threads: Threads) -> None:
        assert isinstance(clock, Timeline)
        self._schedule = schedule
        self._clock = clock
        del threads
        self._work: Work | None = None

    def start(self, work: Work) -> None:
        """From now on, what is due begins."""
        self._work = work
        self._clock.pool = self

    def stop(self, patience: timedelta | None = None) -> bool:
        """No job begins any more."""
        del patience
        self._clock.pool = None
        return True

    def is_own_thread(self) -> bool:
        """Nobody who asks is in a job."""
        return False

    def with_schedule(self, use: Callable[[Schedule, Moment], _Answer]) -> _Answer:
        """Calls ``use`` at once: only one thread runs."""
        return use(self._schedule, self._clock.moment())

    def next_at(self) -> Moment | None:
        """When the next job falls due."""
        return self._schedule.next_at()

    def begin_due(self, timeline: Timeline) -> None:
        """Begins every job that is due."""
        while self._schedule.under_way < AT_ONCE:
            job = self._schedule.next_job(timeline.moment())
            if job is None:
                return
            timeline.begin(partial(self._do, job))

    def _do(self, job: Job) -> None:
        assert self._work is not None
        stop = do_job(self._work, job, job.key, self._clock)
        stop.apply_to(self._schedule, self._clock.moment())
        if isinstance(stop, Over):
            self._work.deliver()


class InTurn:
    """Replaces an executor in a thread of the timeline: does the work at once."""

    def __init__(self, max_workers: int) -> None:
        del max_workers

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left to wait for."""

    def submit(self, work: Callable[..., Any], *args: Any) -> "Future[Any]":  # noqa: ANN401 - as of any executor
        """Does it now."""
        done: Future[Any] = Future()
        done.set_result(work(*args))
        return done
