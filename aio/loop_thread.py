"""The one thread of the process whose event loop everybody shares; it lives while it is held."""

import asyncio
import os
import sys
from asyncio import AbstractEventLoop
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from threading import Lock, Thread, current_thread
from traceback import format_stack
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from .fibers import Killed
from .names import Loop

_T = TypeVar("_T")
_Notice = Callable[[BaseException], object]
_MOST_WAITS = 100
"""So often code that is killed may wait on its way out; it waits for nothing."""


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
                    target=self._serve, args=(self._loop,), name=self._name, daemon=True
                )
                self._thread.start()
            return self._loop

    def release(self, held: AbstractEventLoop | None = None) -> None:
        """Ends what :meth:`hold` began; with the last holder the thread ends too.

        It waits for the end of the thread, unless that thread itself calls it.

        Args:
            held: the loop; one that has died is over already. None for the one that runs.
        """
        with self._lock:
            if self._loop is None or held not in (None, self._loop):
                return
            self._holders -= 1
            if self._holders:
                return
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        loop.call_soon_threadsafe(loop.stop)
        if thread is not None and thread is not current_thread():
            thread.join()

    def stack(self) -> str:
        """Where the thread stands at this moment, for a log."""
        thread = self._thread
        frame = None if thread is None else sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - as its docs say
        return "" if frame is None else "\n" + "".join(format_stack(frame))

    def _serve(self, loop: AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            _run_until_stopped(loop)
        except BaseException as error:  # noqa: BLE001 - those who hold the loop say it aloud
            self._lose(loop, error)
        with suppress(BaseException) if loop in _DIED else nullcontext():
            try:
                _finish(loop)
            finally:
                _kill(loop)
                loop.close()

    def _lose(self, loop: AbstractEventLoop, error: BaseException) -> None:
        """The loop has died of a defect: whoever comes next gets another one."""
        with self._lock:
            if self._loop is loop:
                self._loop = self._thread = None
                self._holders = 0
        with _DYING:
            _DIED[loop] = error
            notices = tuple(_AT_DEATH.pop(loop, ()))
        for notice in notices:
            with suppress(BaseException):
                notice(error)


_AT_END: WeakKeyDictionary[AbstractEventLoop, list[Callable[[], object]]] = WeakKeyDictionary()


def at_end(loop: AbstractEventLoop, close: Callable[[], object]) -> None:
    """Has something called in the loop's thread before the loop ends."""
    _AT_END.setdefault(loop, []).append(close)


_DYING = Lock()
_DIED: WeakKeyDictionary[AbstractEventLoop, BaseException] = WeakKeyDictionary()
_AT_DEATH: WeakKeyDictionary[AbstractEventLoop, list[_Notice]] = WeakKeyDictionary()


def at_death(loop: AbstractEventLoop, notice: _Notice) -> Callable[[], None]:
    """Has a function called with the defect that the loop dies of, or has died of.

    It is called in the loop's thread, or at once. Whatever is under way on the loop does not go on.

    Returns:
        Makes the loop forget the function.
    """
    with _DYING:
        error = _DIED.get(loop)
        notices = _AT_DEATH.setdefault(loop, [])
        if error is None:
            notices.append(notice)
    if error is not None:
        notice(error)

    def forget() -> None:
        with _DYING:
            if notice in notices:
                notices.remove(notice)

    return forget


def _run_until_stopped(loop: AbstractEventLoop) -> None:
    """Runs the loop until it is stopped: what ends a thread elsewhere ends nothing but its task.

    An event loop lets SystemExit and KeyboardInterrupt pass, wherever they were raised.
    """
    is_stopped = False
    while not is_stopped:
        with suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()
            is_stopped = True


def _finish(loop: AbstractEventLoop) -> None:
    """Ends what is under way on a loop that does not run any more."""
    for close in _AT_END.pop(loop, ()):
        close()
    for task in (tasks := asyncio.all_tasks(loop)):
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    # The loop notifies what was closed one round later.
    loop.run_until_complete(asyncio.sleep(0))
    loop.run_until_complete(loop.shutdown_asyncgens())


def _kill(loop: AbstractEventLoop) -> None:
    """Ends what a loop that cannot run any more has left under way, and the locks that it holds."""
    for task in asyncio.all_tasks(loop):
        coroutine: Any = task.get_coro()
        with suppress(BaseException):
            for _ in range(_MOST_WAITS):
                coroutine.throw(Killed())


def submit(loop: AbstractEventLoop, work: Coroutine[Any, Any, _T]) -> Future[_T]:
    """Has a coroutine run on the loop, from any thread; the future is done when it is."""
    return asyncio.run_coroutine_threadsafe(work, loop)


def call(loop: AbstractEventLoop, function: Callable[[], object]) -> None:
    """Has a function called on the loop's thread soon, from any thread; not once it has ended."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(function)


LOOP = LoopThread("trueup-loop")
"""The process's own."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=LOOP._forget)  # noqa: SLF001 - of this module
