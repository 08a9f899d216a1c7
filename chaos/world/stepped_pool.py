"""A worker pool, and the courier of a sink, without threads."""

from collections.abc import Callable
from typing import TypeVar

from trueup.domain.model.errors import StoreUnavailable
from trueup.domain.ports import Clock, Moment
from trueup.engine.loop.schedule import Job, Schedule
from trueup.engine.loop.workers import Over, Work, do_job
from trueup.engine.outbox.courier import Round

_Answer = TypeVar("_Answer")


class SteppedPool:
    """Replaces :class:`trueup.engine.loop.workers.WorkerPool`; does a job when it is asked to.

    Attributes:
        on_job: called with each job before it is done, or goes on.
    """

    def __init__(self, schedule: Schedule, clock: Clock, threads: int) -> None:
        del threads
        self._schedule = schedule
        self._clock = clock
        self.on_job: Callable[[Job], None] = lambda _job: None

    def start(self, work: Work) -> None:
        """Keeps what there is to do: there are no threads to start."""
        self._work = work

    def with_schedule(self, use: Callable[[Schedule, Moment], _Answer]) -> _Answer:
        """Calls ``use`` with the schedule and the time, at once."""
        return use(self._schedule, self._clock.moment())

    def next_at(self) -> Moment | None:
        """When the next job falls due."""
        return self._schedule.next_at()

    @property
    def begun(self) -> int:
        """How many jobs have begun and not ended: runs that wait."""
        return self._schedule.begun

    def run_next(self) -> bool:
        """Does the next job that is due and delivers alerts after it; false if none is due."""
        job = self._schedule.next_job(self._clock.moment())
        if job is None:
            return False
        self.on_job(job)
        named = job.key or next(iter(self._schedule.keys(job.account)), None)
        stop = do_job(self._work, job, named, self._clock)
        stop.apply_to(self._schedule, self._clock.moment())
        if isinstance(stop, Over):
            self._work.deliver()
        return True


class SteppedCourier:
    """Replaces :class:`trueup.engine.outbox.courier.Courier`; plays a round when it is asked to."""

    def __init__(
        self,
        rounds: Round,
        clock: Clock,
        play: Callable[[Round, bool], None],
        lasts: Callable[[StoreUnavailable], bool],
    ) -> None:
        del clock
        self._rounds = rounds
        self._play = play
        self._lasts = lasts

    def ask(self, *, at_once: bool) -> int:
        """Plays a round, at once.

        Raises:
            StoreUnavailable: the database is away, and nobody waits for it.
        """
        try:
            self._play(self._rounds, at_once)
        except StoreUnavailable as error:
            if not self._lasts(error):
                raise
        return 0

    def wait(self, number: int, seconds: float | None) -> bool:
        """Every round is over already."""
        del number, seconds
        return True
