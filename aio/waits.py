"""Waiting for what others do: a fiber suspends, any other caller blocks its thread."""

import asyncio
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
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
    if future.done() or not in_fiber():
        return future.result()
    return suspended(asyncio.wrap_future(future))


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


def in_thread(call: Callable[[], _T], submit: Callable[[Callable[[], _T]], Future[_T]]) -> _T:
    """Makes a call that may block: a fiber has a thread of ``submit`` make it.

    Raises:
        BaseException: what the call raises.
    """
    return result_of(submit(call)) if in_fiber() else call()
