"""A job loop, and the courier of a sink, without threads."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

from trueup.aio.threads import Threads
from trueup.domain.flow import Flow, Request, Wait
from trueup.domain.model.errors import StoreUnavailable
from trueup.domain.ports import Clock, Moment
from trueup.engine.jobs.job import Over, Work, do_job
from trueup.engine.jobs.schedule import Job, Schedule
from trueup.engine.outbox.courier import Round

_Answer = TypeVar("_Answer")


class SteppedLoop:
    """Replaces :class:`trueup.engine.jobs.job_loop.JobLoop`; does a job when it is asked to.

    Attributes:
        on_job: called with each job before it is done, or goes on.
        on_notified: called after the sinks were given what is due.
    """

    def __init__(self, schedule: Schedule, clock: Clock, threads: Threads) -> None:
        del threads
        self._schedule = schedule
        self._clock = clock
        self.on_job: Callable[[Job], None] = lambda _job: None
        self.on_notified: Callable[[], None] = lambda: None

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
            self.on_notified()
        return True


Keeps = Callable[[str, Callable[[], None]], bool]
"""Whether the sink of a name keeps the call that is due for a while; if so, what goes on then."""


class SteppedCourier:
    """Replaces :class:`trueup.engine.outbox.courier.Courier`; plays a round when it is asked to.

    Where the sink keeps a call, the round stands still until that is over, as its thread would;
    whoever asked goes on, and the next round follows this one.

    Args:
        rounds: the sink's.
        clock: not needed: the world moves it.
        play: plays a round.
        lasts: whether to wait for a database that is away.
        keeps: whether the sink keeps a call.
    """

    def __init__(
        self,
        rounds: Round,
        clock: Clock,
        play: Callable[[Round, bool], Flow[None]],
        lasts: Callable[[StoreUnavailable], bool],
        keeps: Keeps,
    ) -> None:
        del clock
        self._rounds = rounds
        self._play = play
        self._lasts = lasts
        self._keeps = keeps
        self._is_kept = self._asked = self._at_once = False

    def ask(self, *, at_once: bool) -> int:
        """Plays a round, at once or after the one that stands still.

        Raises:
            StoreUnavailable: the database is away, and nobody waits for it.
        """
        self._asked, self._at_once = True, self._at_once or at_once
        try:
            self._play_rounds()
        except StoreUnavailable as error:
            if not self._lasts(error):
                raise
        return 0

    def wait(self, number: int, seconds: float | None) -> bool:
        """Every round is over already, or takes longer than anybody waits for it."""
        del number, seconds
        return not self._is_kept

    def _play_rounds(self) -> None:
        while self._asked and not self._is_kept:
            self._asked, at_once, self._at_once = False, self._at_once, False
            self._drive(self._play(self._rounds, at_once))

    def _drive(self, flow: Flow[None]) -> None:
        for call in flow:
            assert not isinstance(call, Wait)  # noqa: S101 - a round only calls its sink
            if self._keeps(self._rounds.name, partial(self._goes_on, call, flow)):
                self._is_kept = True
                return
            call.perform()

    def _goes_on(self, call: Request[object], flow: Flow[None]) -> None:
        """The sink returns from the call; nobody waits for the round, so nothing is raised."""
        self._is_kept = False
        call.perform()
        with suppress(StoreUnavailable):
            self._drive(flow)
            self._play_rounds()
