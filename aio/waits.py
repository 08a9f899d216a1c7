"""Waiting for what others do: a fiber suspends, any other caller blocks its thread."""

import asyncio
import time
from asyncio import AbstractEventLoop
from concurrent.futures import Future
from contextlib import suppress
from threading import Condition
from typing import TypeVar

from .fibers import in_fiber, is_on, suspended

_T = TypeVar("_T")


def result_of(future: Future[_T]) -> _T:
    """What a future holds, once it is done.

    Raises:
        BaseException: what the future holds instead.
    """
    if not future.done() and in_fiber():
        loop = asyncio.get_running_loop()
        waits: asyncio.Future[None] = loop.create_future()

        def done(_future: Future[_T]) -> None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(_resume, waits)

        future.add_done_callback(done)
        suspended(waits)
    return future.result()


def sleep(seconds: float) -> None:
    """Waits for that long."""
    if in_fiber():
        suspended(asyncio.sleep(seconds))
    else:
        time.sleep(seconds)


class Changes:
    """A count of changes that threads and fibers wait for."""

    def __init__(self) -> None:
        self._condition = Condition()
        self._fibers: list[tuple[AbstractEventLoop, asyncio.Future[None]]] = []
        self.count = 0

    def add(self) -> None:
        """Counts one more, and resumes all who wait; from any thread."""
        with self._condition:
            self.count += 1
            self._condition.notify_all()
            fibers, self._fibers = self._fibers, []
        for loop, waits in fibers:
            call = loop.call_soon if is_on(loop) else loop.call_soon_threadsafe
            with suppress(RuntimeError):  # the loop has ended meanwhile
                call(_resume, waits)

    def wait(self, seen: int, seconds: float) -> bool:
        """Waits until the count is no longer ``seen``; returns whether it is not."""
        if in_fiber():
            return self._suspend(seen, seconds)
        with self._condition:
            return self._condition.wait_for(lambda: self.count != seen, seconds)

    def _suspend(self, seen: int, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        waits: asyncio.Future[None] = loop.create_future()
        with self._condition:
            if self.count != seen:
                return True
            self._fibers.append((loop, waits))
        timer = loop.call_later(seconds, _resume, waits)
        suspended(waits)
        timer.cancel()
        with self._condition:
            self._fibers = [each for each in self._fibers if each[1] is not waits]
            return self.count != seen


def _resume(waits: "asyncio.Future[None]") -> None:
    if not waits.done():
        waits.set_result(None)
