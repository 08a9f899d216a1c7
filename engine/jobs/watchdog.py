"""Notices what does not return: an exchange adapter or a callback of the bot stands still."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Lock, Thread

from ...aio.log import logger
from ...domain.model.alert import Alert
from ...domain.model.identity import MonitorKey
from ...domain.model.record import RunOutcome
from ...domain.ports import Clock, Moment
from ...domain.reporting.held_text import held_text, log_text, returned_text, stands_text
from .schedule import Job

TOO_LONG = timedelta(minutes=2)
"""Longer than all time limits of trueup's own requests together."""
_CHECKS_EVERY = timedelta(seconds=10)


PULSE = Job("", None, "pulse")
"""Stands for the thread that does all jobs: it is asked, and answers."""
LOG = Job("", None, "log")
"""Stands for the handlers of the log, which are asked likewise."""
LOG_TOO_LONG = timedelta(seconds=10)
"""Nothing waits for them, but lines do, and are dropped where there are too many."""


class _Held:
    """A job under way."""

    __slots__ = ("is_said", "job", "key", "since")

    def __init__(self, job: Job, key: MonitorKey | None, since: Moment) -> None:
        self.job = job
        self.key = key
        self.since = since
        self.is_said = False


class Watchdog:
    """Alerts a job that stands still for minutes, once, and once more when it has returned.

    No call can be ended from outside. But the account's other jobs wait for it, and nobody
    else would say so.

    Args:
        clock: the time.
        alert: has the sinks given an alert; it returns at once.
        also: what else to do at every check.
        where: where the thread stands that does all jobs, for the log.
    """

    def __init__(
        self,
        clock: Clock,
        alert: Callable[[Alert], object],
        also: Callable[[], object],
        where: Callable[[], str] = str,
    ) -> None:
        self._clock = clock
        self._alert = alert
        self._also = also
        self._where = where
        self._lock = Lock()
        self._held: dict[int, _Held] = {}
        self._stopped = Event()
        self._thread = Thread(target=self._serve, name="trueup-watchdog", daemon=True)

    def start(self) -> None:
        """Checks at regular intervals, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Checks no more."""
        self._stopped.set()

    def join(self) -> None:
        """Waits for the end of the thread."""
        self._thread.join()

    def began(self, job: Job, key: MonitorKey | None) -> None:
        """A job is under way from now on; an alert about it names the monitor."""
        with self._lock:
            self._held[id(job)] = _Held(job, key, self._clock.moment())

    def ended(self, job: Job) -> None:
        """A job has returned."""
        with self._lock:
            held = self._held.pop(id(job))
        if held.is_said:
            lasted = self._clock.moment() - held.since
            self._say(held, RunOutcome.SUCCESS, returned_text(_named(held.job), lasted))

    def check(self) -> None:
        """Alerts each job that has been under way for too long without a pause, once."""
        now = self._clock.moment()
        with self._lock:
            late = [
                each
                for each in self._held.values()
                if not each.is_said and now - each.since >= _limit(each.job)
            ]
            for each in late:
                each.is_said = True
        for each in late:
            lasts = now - each.since
            if each.job is LOG:
                self._say(each, RunOutcome.PARTIAL, log_text(lasts))
                continue
            is_pulse = each.job is PULSE
            text = stands_text(lasts) if is_pulse else held_text(_named(each.job), lasts)
            self._say(each, RunOutcome.FAILED, text)
            logger.error("{}{}", text, self._where() if is_pulse else "")

    def _say(self, held: _Held, status: RunOutcome, text: str) -> None:
        if held.key is not None:
            now = self._clock.now()
            self._alert(Alert("", held.key, status, text, now, about=_named(held.job)))

    def _serve(self) -> None:
        while not self._stopped.wait(_CHECKS_EVERY.total_seconds()):
            self.check()
            self._also()


def _limit(job: Job) -> timedelta:
    return LOG_TOO_LONG if job is LOG else TOO_LONG


def _named(job: Job) -> str:
    if job is LOG:
        return "the log"
    if job is PULSE:
        return "the thread that does all jobs"
    return job_in_words(job.account, job.key)


def job_in_words(account: str, key: MonitorKey | None) -> str:
    """A job, for people."""
    return f"the sweep of {account}" if key is None else f"the run of {key}"
