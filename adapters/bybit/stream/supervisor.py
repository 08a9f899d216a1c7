"""What keeps a feed going: on the event loop, it is tended whenever something is due."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from ....aio.loop_thread import call

_LONGEST_NAP_S = 60.0


class Supervisor:
    """Tends a feed when it is due or asked for, from now until it is stopped.

    Its methods may be called from any thread.

    Args:
        tend: does what is due, without blocking; returns when it wants to be called again, by the
            monotonic clock in seconds.
        loop: on whose thread it is called.
    """

    def __init__(self, tend: Callable[[float], float], loop: AbstractEventLoop) -> None:
        self._tend = tend
        self._loop = loop
        self._timer: TimerHandle | None = None
        self._is_stopped = False
        self.call()

    def call(self) -> None:
        """Has it tended at once."""
        with suppress(RuntimeError):  # the loop has ended
            call(self._loop, self._round)

    def stop(self) -> None:
        """Tends it no more."""
        self._is_stopped = True
        self.call()

    def _round(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_stopped:
            return
        at = monotonic() + _LONGEST_NAP_S
        try:
            at = min(at, self._tend(monotonic()))
        finally:
            # An event loop keeps its time by the same clock.
            self._timer = self._loop.call_at(at, self._round)
