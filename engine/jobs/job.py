"""Jobs: a run or a sweep, done until it waits or is over."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ...domain.flow import Wait
from ...domain.model.errors import StoreUnavailable
from ...domain.model.identity import MonitorKey
from ...domain.ports import Clock, Moment
from ..run.driving import Ended, run_until_wait
from ..run.outage import LONGEST_WAIT, Outage
from .schedule import Job, RunFlow, Schedule


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do; several of these may be under way at the same time.

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
    """What has become of a job: its run waits, and holds nothing meanwhile."""

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
