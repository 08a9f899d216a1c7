"""The functions of the bot that the service calls: one that raises ends no thread."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Lock
from traceback import format_exception

from ...aio.log import logger
from ...aio.threads import Threads, aside
from ...domain.model.alert import Alert
from ...domain.model.events import Event
from ...domain.model.identity import MonitorKey
from ...domain.model.record import RunOutcome
from ...domain.ports import Clock
from ...domain.reporting.callback_text import raises_text, works_text
from ..run.report import RunReport
from .sweep import Sweep

OnRun = Callable[[str, RunReport], None]
"""Called after each run with its reason and its report; from other threads."""
OnEvent = Callable[[MonitorKey, Event], None]
"""Called with a monitor, or an unwatched position's key, and an event; from other threads."""
OnSweep = Callable[[Sweep], None]
"""Called after each sweep with what the sweep found; from other threads."""
GOES_ON = 5
"""A function that has raised so often in a row is alerted."""


class Callbacks:
    """Calls functions of the bot, counts how often each raises, and alerts one that goes on so.

    Args:
        clock: the time.
        alert: has the sinks given an alert; it returns at once.
        threads: where they run: a function that blocks holds up nothing but its own run.
        on_run: called after each run.
        on_sweep: called after each sweep.
        on_event: called after ``on_run`` with each event of the run.
    """

    def __init__(
        self,
        clock: Clock,
        alert: Callable[[Alert], object],
        threads: Threads,
        on_run: OnRun,
        on_sweep: OnSweep,
        on_event: OnEvent,
    ) -> None:
        self._clock = clock
        self._alert = alert
        self._threads = threads
        self._on_run = on_run
        self._on_sweep = on_sweep
        self._on_event = on_event
        self._lock = Lock()
        self._raised: Counter[str] = Counter()

    def ran(self, reason: str, report: RunReport) -> None:
        """A run has ended."""
        self._call("on_run", report.key, partial(self._on_run, reason, report))
        self.happened(report)

    def happened(self, report: RunReport) -> None:
        """A run has ended that the caller has the report of: the events are for everybody."""
        for event in report.events:
            self.happened_to(report.key, event)

    def happened_to(self, key: MonitorKey, event: Event) -> None:
        """Something has become of a position."""
        self._call("on_event", key, partial(self._on_event, key, event))

    def swept(self, sweep: Sweep, key: MonitorKey | None) -> None:
        """An account was swept; an alert about the function can name that monitor of it."""
        self._call("on_sweep", key, partial(self._on_sweep, sweep))

    def _call(self, name: str, key: MonitorKey | None, function: Callable[[], object]) -> None:
        """Calls the function; whatever it raises is logged, SystemExit and the like included."""
        try:
            aside(function, self._threads)
        except BaseException as error:  # noqa: BLE001 - the bot's code may raise anything
            logger.error("{} raised: {}", name, "".join(format_exception(error)))
            with self._lock:
                self._raised[name] += 1
                goes_on = self._raised[name] == GOES_ON
            if goes_on:
                text = raises_text(name, type(error).__name__, GOES_ON)
                self._say(key, name, RunOutcome.PARTIAL, text)
        else:
            with self._lock:
                raised = self._raised.pop(name, 0)
            if raised >= GOES_ON:
                self._say(key, name, RunOutcome.SUCCESS, works_text(name, raised))

    def _say(self, key: MonitorKey | None, name: str, status: RunOutcome, text: str) -> None:
        if key is not None:
            self._alert(Alert("", key, status, text, self._clock.now(), about=name))
