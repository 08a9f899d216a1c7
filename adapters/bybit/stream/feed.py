"""One account's feed: one stream at a time, and the next once that has ended."""

import asyncio
import concurrent.futures
import os
import random
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

from ....aio.fibers import in_fiber, is_on, suspended
from ....aio.log import logger
from ....aio.loop_thread import LOOP
from ....domain.tracking.feed import StreamEvent
from ....domain.venue.account import Account
from .budget import BUDGET, ConnectionBudget
from .connection import Ending, Stream
from .settings import StreamSettings
from .supervisor import Supervisor

_PATIENCE_S = 5.0


class BybitFeed:
    """Implements :class:`trueup.domain.ports.Feed` with pybit's private stream.

    Making a feed connects nothing. Between start and stop it shares the thread of the process's
    event loop with all others; it has none of its own.

    Args:
        account: whose keys and environment are used.
        settings: how long the feed waits for what.
        budget: counts connections; the process's own by default.
    """

    def __init__(
        self,
        account: Account,
        settings: StreamSettings | None = None,
        *,
        budget: ConnectionBudget = BUDGET,
    ) -> None:
        self._account = account
        self._settings = settings or StreamSettings()
        self._budget = budget
        self._handle: Callable[[StreamEvent], None] | None = None
        self._loop: AbstractEventLoop | None = None
        self._supervisor: Supervisor | None = None
        self._stream: Stream | None = None
        self._lock = threading.Lock()
        self._process = os.getpid()
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
        with self._lock:
            self._handle = handle
            self._due = 0.0
            if self._loop is None:
                self._process = os.getpid()
                self._loop = LOOP.hold()
                self._supervisor = Supervisor(self.tend, self._loop)

    def stop(self) -> None:
        """Stops the feed and waits for its end, unless ``handle`` itself or the like calls this.

        A fiber suspends meanwhile. In a forked process it does nothing: the stream is the parent's.
        """
        if os.getpid() != self._process:
            return
        with self._lock:
            self._handle = None
            loop, self._loop = self._loop, None
            supervisor, self._supervisor = self._supervisor, None
            stream, self._stream = self._stream, None
        if loop is None or supervisor is None:
            return
        supervisor.stop()
        if stream is None:
            LOOP.release(loop)
            return
        stream.drop("stopped", Ending.STOPPED)
        if _await_end(stream.over, loop):
            LOOP.release(loop)
        else:
            stream.over.add_done_callback(lambda _: LOOP.release(loop))

    def ping(self) -> None:
        """Asks for a sign of life, if a stream is open."""
        stream = self._stream
        if stream is not None and stream.opened is not None:
            stream.ping()

    def tend(self, now: float) -> float:
        """Does what is due; the supervisor calls it. Returns when it has to be called again."""
        with self._lock:
            if self._handle is None or self._loop is None or self._supervisor is None:
                return now
            if self._stream is not None and self._stream.over.done():
                self._due = now + self._pause(self._stream, now)
                self._stream = None
            if self._stream is not None:
                return self._watch(self._stream, now)
            if self._due > now:
                return self._due
            room_at = self._budget.may_connect(now)
            if room_at:
                return room_at
            self._stream = Stream(
                self._account, self._settings, self._handle, self._supervisor.call, self._loop
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


def _await_end(over: Future[None], loop: AbstractEventLoop) -> bool:
    """Waits for a stream's end where the caller may wait; returns whether it has come."""
    if in_fiber():
        suspended(asyncio.wait([asyncio.wrap_future(over)], timeout=_PATIENCE_S))
    elif not is_on(loop):
        concurrent.futures.wait([over], _PATIENCE_S)
    return over.done()
