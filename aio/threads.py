"""Threads for calls that may block: as many as there are such calls, and none for long."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Any, TypeVar

from .fibers import in_fiber
from .waits import result_of

_T = TypeVar("_T")
_Call = tuple[Callable[[], Any], Future[Any]]
_KEPT_S = 10.0


class Threads:
    """Makes each call in a thread; none waits for another, however many never return.

    The threads are daemons: a call that never returns keeps no process from its end.

    Args:
        name: what the threads are called.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._forget()

    def _forget(self) -> None:
        """In a forked process there are no such threads."""
        self._lock = Lock()
        self._idle: list[SimpleQueue[_Call | None]] = []
        self._threads: set[Thread] = set()
        self._is_closed = False

    def submit(self, call: Callable[[], _T]) -> Future[_T]:
        """Has a thread make a call, in the context of the caller; the future is done after it."""
        future: Future[_T] = Future()
        within = copy_context()
        item = (lambda: within.run(call), future)
        with self._lock:
            self._is_closed = False
            if self._idle:
                self._idle.pop().put(item)
                return future
            calls: SimpleQueue[_Call | None] = SimpleQueue()
            thread = Thread(target=self._serve, args=(calls,), name=self._name, daemon=True)
            self._threads.add(thread)
        calls.put(item)
        thread.start()
        return future

    def is_own(self) -> bool:
        """Whether the caller is in one of the threads."""
        return current_thread() in self._threads

    def close(self) -> None:
        """Ends the threads that have nothing to do; the others end after their calls.

        The next call opens them again.
        """
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            threads = [each for each in self._threads if each is not current_thread()]
        for calls in idle:
            calls.put(None)
        if len(idle) == len(threads):
            for thread in threads:
                thread.join()

    def _serve(self, calls: SimpleQueue[_Call | None]) -> None:
        try:
            while (item := self._next(calls)) is not None:
                _make(*item)
                del item
        finally:
            with self._lock:
                self._threads.discard(current_thread())

    def _next(self, calls: SimpleQueue[_Call | None]) -> _Call | None:
        """The next call of this thread; None once it is not needed any more."""
        try:
            return calls.get_nowait()
        except Empty:
            pass
        with self._lock:
            if self._is_closed:
                return None
            self._idle.append(calls)
        try:
            return calls.get(timeout=_KEPT_S)
        except Empty:
            with self._lock:
                if calls in self._idle:
                    self._idle.remove(calls)
                    return None
            return calls.get()  # it was given a call at the last moment


def _make(call: Callable[[], Any], future: "Future[Any]") -> None:
    try:
        answer = call()
    except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the call
        future.set_exception(error)
    else:
        future.set_result(answer)


THREADS = Threads("trueup-call")
"""The process's own."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=THREADS._forget)  # noqa: SLF001 - of this module


def aside(call: Callable[[], _T], threads: Threads = THREADS) -> _T:
    """Makes a call that may block: a fiber suspends, and has a thread make it.

    Raises:
        BaseException: what the call raises.
    """
    return result_of(threads.submit(call)) if in_fiber() else call()
