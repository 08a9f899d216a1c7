"""One account's feed: one stream at a time, and the next once that has ended."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

from loguru import logger

from ....domain.model.account import Account
from ....domain.model.feed import StreamEvent
from .connection import Ending, Stream
from .settings import StreamSettings
from .supervisor import SUPERVISOR, Supervisor

_JOIN_S = 5.0


class BybitFeed:
    """Implements :class:`trueup.domain.ports.Feed` with pybit's private stream.

    Making a feed connects nothing. Between start and stop it has one thread of its own, and shares
    another with all feeds of the process.

    Args:
        account: whose keys and environment are used.
        settings: how long the feed waits for what.
        supervisor: counts connections and keeps time; the process's own by default.
    """

    def __init__(
        self,
        account: Account,
        settings: StreamSettings | None = None,
        *,
        supervisor: Supervisor = SUPERVISOR,
    ) -> None:
        self._account = account
        self._settings = settings or StreamSettings()
        self._supervisor = supervisor
        self._handle: Callable[[StreamEvent], None] | None = None
        self._stream: Stream | None = None
        self._lock = threading.Lock()
        self._due = 0.0
        self._failures = 0
        self._refusals = 0

    def __repr__(self) -> str:
        return f"BybitFeed({self._account.name!r}, {self._account.environment!r})"

    @property
    def account(self) -> str:
        """The account's name."""
        return self._account.name

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """Starts the feed; returns at once."""
        self._handle = handle
        self._due = 0.0
        self._supervisor.add(self)

    def stop(self) -> None:
        """Stops the feed and waits for its thread, unless the thread itself calls this."""
        with self._lock:
            self._handle = None
            stream, self._stream = self._stream, None
        self._supervisor.remove(self)
        if stream is not None:
            stream.drop("stopped", Ending.STOPPED)
            if stream.wst is not threading.current_thread():
                stream.wst.join(_JOIN_S)

    def ping(self) -> None:
        """Asks for a sign of life, if a stream is open."""
        stream = self._stream
        if stream is not None and stream.opened is not None:
            stream.ping()

    def tend(self, now: float) -> float:
        """Does what is due; the supervisor calls it."""
        with self._lock:
            if self._handle is None:
                return now
            if self._stream is not None and self._stream.is_over:
                self._due = now + self._pause(self._stream, now)
                self._stream = None
            if self._stream is not None:
                return self._watch(self._stream, now)
            if self._due > now:
                return self._due
            room_at = self._supervisor.may_connect(now)
            if room_at:
                return room_at
            self._stream = Stream(
                self._account,
                self._settings,
                self._handle,
                lambda: self._supervisor.call(self),
            )
            return self._watch(self._stream, now)

    def _watch(self, stream: Stream, now: float) -> float:
        settings = self._settings
        every = settings.ping_every.total_seconds()
        if stream.ending is not None:
            return now + every
        if stream.opened is None:
            until = stream.began + settings.ready_within.total_seconds()
            if now >= until:
                stream.drop("the stream did not open in time")
            return min(until, now + every)
        silent_at = stream.received + settings.silent_after.total_seconds()
        if now >= silent_at:
            stream.drop("silence")
            return now + every
        if now >= stream.pinged + every:
            stream.ping()
        return min(stream.pinged + every, silent_at)

    def _pause(self, stream: Stream, now: float) -> float:
        """Seconds to wait before the next connection; failures in a row make it longer."""
        settings = self._settings
        if stream.ending is Ending.REFUSED:
            self._refusals += 1
            wait = _doubled(settings.refused_after, settings.refused_cap, self._refusals)
            logger.bind(account=self.account).error(
                "{} ({} in a row): next try within {:.0f} s", stream.reason, self._refusals, wait
            )
        else:
            steady = settings.steady_after.total_seconds()
            if stream.opened is not None:
                self._refusals = 0
                if now - stream.opened >= steady:
                    self._failures = 0
            self._failures += 1
            wait = _doubled(settings.retry_after, settings.retry_cap, self._failures)
        return wait * (1 + random.random()) / 2  # noqa: S311 - spreads load, keeps no secret


def _doubled(first: timedelta, cap: timedelta, times: int) -> float:
    return float(min(first * 2 ** min(times - 1, 20), cap).total_seconds())
