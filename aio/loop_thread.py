"""The one thread of the process whose event loop everybody shares; it lives while it is held."""

import asyncio
import os
from asyncio import AbstractEventLoop
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread, current_thread
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from .names import Loop

_T = TypeVar("_T")


class LoopThread:
    """Starts a thread with an event loop when the first holder comes; ends it after the last.

    Args:
        name: the thread's.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._forget()

    def _forget(self) -> None:
        """In a forked process there is no such thread."""
        self._lock = Lock()
        self._holders = 0
        self._thread: Thread | None = None
        self._loop: AbstractEventLoop | None = None

    def hold(self) -> AbstractEventLoop:
        """The loop, which runs from now until :meth:`release`."""
        with self._lock:
            self._holders += 1
            if self._loop is None:
                self._loop = Loop()
                self._thread = Thread(
                    target=_serve, args=(self._loop,), name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop

    def release(self) -> None:
        """Ends what :meth:`hold` began; with the last holder the thread ends too.

        It waits for the end of the thread, unless that thread itself calls it.
        """
        with self._lock:
            self._holders -= 1
            if self._holders or self._loop is None:
                return
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        loop.call_soon_threadsafe(loop.stop)
        if thread is not None and thread is not current_thread():
            thread.join()


_AT_END: WeakKeyDictionary[AbstractEventLoop, list[Callable[[], object]]] = WeakKeyDictionary()


def at_end(loop: AbstractEventLoop, close: Callable[[], object]) -> None:
    """Has something called in the loop's thread before the loop ends."""
    _AT_END.setdefault(loop, []).append(close)


def _run_until_stopped(loop: AbstractEventLoop) -> None:
    """Runs the loop until it is stopped: what ends a thread elsewhere ends nothing but its task.

    An event loop lets SystemExit and KeyboardInterrupt pass, wherever they were raised.
    """
    is_stopped = False
    while not is_stopped:
        with suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()
            is_stopped = True


def _serve(loop: AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        _run_until_stopped(loop)
        for close in _AT_END.pop(loop, ()):
            close()
        for task in (tasks := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        # The loop notifies what was closed one round later.
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


def submit(loop: AbstractEventLoop, work: Coroutine[Any, Any, _T]) -> Future[_T]:
    """Has a coroutine run on the loop, from any thread; the future is done when it is."""
    return asyncio.run_coroutine_threadsafe(work, loop)


def call(loop: AbstractEventLoop, function: Callable[[], object]) -> None:
    """Has a function called on the loop's thread soon, from any thread."""
    loop.call_soon_threadsafe(function)


LOOP = LoopThread("trueup-loop")
"""The process's own."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LOOP._forget)  # noqa: SLF001 - of this module
