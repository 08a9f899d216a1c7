"""A database that is away for a moment is waited for, one that is broken ends all: both aloud."""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import TypeVar

from ...aio.log import logger
from ...domain.flow import Flow, Wait, ask
from ...domain.model.alert import Alert
from ...domain.model.errors import LeaseOver, StoreError, StoreUnavailable, TrueupError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import RunOutcome
from ...domain.ports import Clock, Moment
from ...domain.reporting.outage_text import (
    MEND,
    REPORT,
    outage_text,
    recovery_text,
    stop_text,
)

_T = TypeVar("_T")
FIRST_WAIT = timedelta(milliseconds=100)
LONGEST_WAIT = timedelta(seconds=5)
_WHY = "the database, which cannot be written"


class Outage:
    """Whether the database can be written, as the writes of all threads have found.

    While it cannot, the outbox cannot either: the sinks are alerted directly, once when it begins
    and once when it ends.

    Args:
        clock: the time.

    Attributes:
        send: has the sinks given an alert; it returns at once.
        is_patient: whether to wait for the database. The service does; a caller's single run
            raises after the seconds that SQLite itself waits.
    """

    def __init__(self, clock: Clock) -> None:
        self.is_patient = False
        self.send: Callable[[Alert], object] = lambda _alert: None
        self._clock = clock
        self._lock = Lock()
        self._since: Moment | None = None
        self._named: MonitorKey | None = None
        self._last: MonitorKey | None = None

    @property
    def is_open(self) -> bool:
        """Whether the last write failed, and is waited for."""
        return self._since is not None

    def durably(self, call: Callable[[], _T], key: MonitorKey) -> Flow[_T]:
        """Makes a write; waits and makes it again for as long as the database is away.

        Raises:
            StoreUnavailable: the database is away, and nobody waits for it.
            BaseException: what else the call raises.
        """
        wait, self._last = FIRST_WAIT, key
        while True:
            try:
                answer = yield from ask(call)
            except StoreUnavailable as error:
                if not self.lasts(error, key):
                    raise
                yield Wait(self._clock.moment() + wait, _WHY, is_asked_for=True)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                self.is_over()
                return answer

    def lasts(self, error: StoreUnavailable, key: MonitorKey | None = None) -> bool:
        """Notes that a write has failed; returns whether to wait for the database.

        Args:
            error: what the write raised.
            key: a monitor that the alert can name; None for the last one that wrote. Without any,
                nobody is alerted yet.
        """
        if not self.is_patient:
            return False
        key = key or self._last
        with self._lock:
            is_first, self._since = self._since is None, self._since or self._clock.moment()
            is_named = self._named is None and key is not None
            if is_named:
                self._named = key
        if is_first:
            logger.error("{}: nothing is sent to the exchange until it can be written", error)
        if is_named and key is not None:
            self._alert(key, RunOutcome.FAILED, outage_text(str(error)))
        return True

    def is_over(self) -> None:
        """Notes that a write has succeeded."""
        with self._lock:
            since, key = self._since, self._named
            self._since = self._named = None
        if since is None:
            return
        lasted = self._clock.moment() - since
        logger.info("the database can be written again, after {:.0f} s", lasted.total_seconds())
        if key is not None:
            self._alert(key, RunOutcome.SUCCESS, recovery_text(lasted))

    def stops(self, error: TrueupError, key: MonitorKey | None) -> None:
        """Says that the service has ended by itself: of its database, or of a defect.

        Where its lease is over, only the log says so: its accounts, and their alerts, are another
        process's.
        """
        key = key or self._last
        if key is not None and not isinstance(error, LeaseOver):
            remedy = MEND if isinstance(error, StoreError) else REPORT
            self._alert(key, RunOutcome.FAILED, stop_text(str(error), remedy))
        logger.opt(exception=error).critical("the service has stopped: {}", error)

    def _alert(self, key: MonitorKey, status: RunOutcome, text: str) -> None:
        self.send(Alert("", key, status, text, self._clock.now(), about="the database"))
