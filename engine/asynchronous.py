"""The reconciler for bots on asyncio: the same methods, awaited."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from datetime import timedelta
from functools import partial, wraps
from threading import Event
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar

from ..domain.flow import Flow, Wait
from ..domain.model.errors import TrueupError
from ..domain.model.identity import MonitorKey
from ..domain.model.record import MonitorRecord
from ..domain.store import Store
from .live.status import LiveStatus
from .one_process import check_process
from .reconciler import Reconciler
from .run.driving import run_until_wait
from .run.factory import MAX_THREADS
from .run.report import RunReport

_P = ParamSpec("_P")
_T = TypeVar("_T")
_R = TypeVar("_R", bound=Reconciler)
_CALLS = 8
"""Threads for calls that are no runs: they get their turn however slow the runs' requests are."""


def _awaited(
    method: Callable[Concatenate[Reconciler, _P], _T],
) -> Callable[Concatenate["AsyncReconciler[Any]", _P], Coroutine[Any, Any, _T]]:
    """The method of a :class:`Reconciler`, with the same arguments, as one that is awaited."""

    @wraps(method)
    async def awaited(self: "AsyncReconciler[Any]", /, *args: _P.args, **options: _P.kwargs) -> _T:
        return await self._call(partial(method, self._open), *args, **options)

    awaited.__doc__ = f"See :meth:`Reconciler.{method.__name__}`."
    return awaited


class AsyncReconciler(Generic[_R]):
    """A :class:`Reconciler` whose methods are awaited. Callbacks run in the service's threads.

    Exchange and database calls block, so they are made in threads of its own, and leave the event
    loop and its default executor free. A run that waits holds no thread. Cancelling the task that
    awaits a run does not stop the run: it goes on to its end, and :meth:`close` waits for it.

    Args:
        make: opens the reconciler, in a thread too.
    """

    def __init__(self, make: Callable[[], _R]) -> None:
        self._make = make
        self._process = os.getpid()
        self._reconciler: _R | None = None
        self._runs: set[asyncio.Task[RunReport]] = set()
        self._closing: asyncio.Future[None] | None = None
        self._requests = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="trueup-requests")
        self._threads = ThreadPoolExecutor(_CALLS, thread_name_prefix="trueup-calls")

    async def __aenter__(self) -> Self:
        """Opens the database and the connections."""
        try:
            self._reconciler = await self._call(self._make)
        except BaseException:
            self._end_threads()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stops the service, if it runs, and closes them."""
        await self.close()

    async def close(self) -> None:
        """Waits for the runs that :meth:`reconcile` began; then see :meth:`Reconciler.close`."""
        if os.getpid() != self._process:
            return
        if self._closing is None:
            # It begins before anything is awaited: nobody who cancels that leaves the engine alive.
            are_over = Event()
            closed = self._threads.submit(self._close_after, self._open, are_over)
            self._closing = asyncio.ensure_future(self._close_behind(closed, are_over))
        await asyncio.shield(self._closing)

    async def _close_behind(self, closed: "Future[None]", are_over: Event) -> None:
        """Waits for the runs, then for the end of what closes; goes on where nobody awaits it."""
        try:
            await asyncio.gather(*self._runs, return_exceptions=True)
        finally:
            are_over.set()
        await asyncio.shield(asyncio.wrap_future(closed))

    def _close_after(self, reconciler: _R, are_over: Event) -> None:
        """Stops at once, and closes once the runs of :meth:`reconcile` are over; in a thread."""
        with suppress(TrueupError):  # closing raises it, too
            reconciler.stop()
        are_over.wait()
        try:
            reconciler.close()
        finally:
            self._end_threads()

    def _end_threads(self) -> None:
        for threads in (self._requests, self._threads):
            threads.shutdown(wait=False)

    watch = _awaited(Reconciler.watch)
    unwatch = _awaited(Reconciler.unwatch)
    monitors = _awaited(Reconciler.monitors)
    reconcile_all = _awaited(Reconciler.reconcile_all)
    wake = _awaited(Reconciler.wake)
    start = _awaited(Reconciler.start)
    stop = _awaited(Reconciler.stop)
    preview = _awaited(Reconciler.preview)
    discover = _awaited(Reconciler.discover)
    close_position = _awaited(Reconciler.close_position)
    pause = _awaited(Reconciler.pause)
    halt = _awaited(Reconciler.halt)
    resume = _awaited(Reconciler.resume)
    deliver_alerts = _awaited(Reconciler.deliver_alerts)

    async def reconcile(
        self, monitor: MonitorRecord | MonitorKey, reason: str = "caller"
    ) -> RunReport:
        """See :meth:`Reconciler.reconcile`."""
        run = asyncio.create_task(self._drive(self._open.reconciling(monitor, reason)))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
        return await asyncio.shield(run)

    async def _drive(self, flow: Flow[RunReport]) -> RunReport:
        """Drives a run to its end; the event loop does other things while it waits."""
        stop = await self._in_thread(self._requests, run_until_wait, flow)
        while isinstance(stop, Wait):
            await asyncio.sleep(max(self._open.seconds_until(stop.until), 0))
            stop = await self._in_thread(self._requests, run_until_wait, flow)
        return stop.value

    async def wait(self, patience: timedelta | None = None) -> bool:
        """See :meth:`Reconciler.wait`; no thread is held meanwhile."""
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        forget = self._open.when_stopped(lambda: loop.call_soon_threadsafe(stopped.set))
        try:
            async with asyncio.timeout(None if patience is None else patience.total_seconds()):
                await stopped.wait()
        except TimeoutError:
            return False
        finally:
            forget()
        return await self._call(self._open.wait, timedelta(0))

    def views(self) -> tuple[LiveStatus, ...]:
        """See :meth:`Reconciler.views`; it does not block."""
        return self._open.views()

    def under_way(self) -> tuple[str, ...]:
        """See :meth:`Reconciler.under_way`; it does not block."""
        return self._open.under_way()

    @property
    def store(self) -> Store:
        """The database, for reading; its methods block for a moment."""
        return self._open.store

    @property
    def _open(self) -> _R:
        if self._reconciler is None:
            raise RuntimeError("use it as `async with AsyncReconciler(...) as reconciler:`")
        check_process(self._process)
        return self._reconciler

    async def _call(self, method: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
        return await self._in_thread(self._threads, method, *args, **options)

    @staticmethod
    async def _in_thread(
        threads: ThreadPoolExecutor,
        method: Callable[_P, _T],
        *args: _P.args,
        **options: _P.kwargs,
    ) -> _T:
        call = partial(copy_context().run, method, *args, **options)
        return await asyncio.get_running_loop().run_in_executor(threads, call)
