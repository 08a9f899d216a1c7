"""The reconciler for bots on asyncio: the same methods, awaited."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import timedelta
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

from ..domain.model.identity import MonitorKey, Side
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord, Source
from ..domain.ports import Store
from .discovery.result import Discovered
from .live.status import LiveStatus
from .loop.parts import OnRun, OnSweep
from .loop.settings import LoopSettings
from .reconciler import Reconciler
from .run.preview import Preview
from .run.report import RunReport

_P = ParamSpec("_P")
_T = TypeVar("_T")
_R = TypeVar("_R", bound=Reconciler)


class AsyncReconciler(Generic[_R]):
    """A :class:`Reconciler` whose methods are awaited.

    Exchange and database calls block, so every method runs in a worker thread and leaves the
    event loop free. Cancelling the task that awaits a run does not stop the run: it runs to
    its end in its thread.

    Args:
        make: opens the reconciler, in a worker thread too.
    """

    def __init__(self, make: Callable[[], _R]) -> None:
        self._make = make
        self._reconciler: _R | None = None

    async def __aenter__(self) -> Self:
        """Opens the database and the connections."""
        self._reconciler = await asyncio.to_thread(self._make)
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
        """See :meth:`Reconciler.close`."""
        await self._call(self._open.close)

    async def watch(
        self,
        account: str,
        symbol: str,
        side: Side | str,
        ladder: Ladder | None = None,
        *,
        source: Source = Source.CALLER,
    ) -> MonitorRecord:
        """See :meth:`Reconciler.watch`."""
        return await self._call(self._open.watch, account, symbol, side, ladder, source=source)

    async def unwatch(self, monitor: MonitorRecord | MonitorKey) -> MonitorRecord:
        """See :meth:`Reconciler.unwatch`."""
        return await self._call(self._open.unwatch, monitor)

    async def monitors(self) -> tuple[MonitorRecord, ...]:
        """See :meth:`Reconciler.monitors`."""
        return await self._call(self._open.monitors)

    async def reconcile(
        self, monitor: MonitorRecord | MonitorKey, reason: str = "caller"
    ) -> RunReport:
        """See :meth:`Reconciler.reconcile`."""
        return await self._call(self._open.reconcile, monitor, reason)

    async def reconcile_all(
        self, monitors: Iterable[MonitorKey] | None = None, reason: str = "sweep"
    ) -> tuple[RunReport, ...]:
        """See :meth:`Reconciler.reconcile_all`."""
        return await self._call(self._open.reconcile_all, monitors, reason)

    async def wake(self, monitor: MonitorRecord | MonitorKey) -> None:
        """See :meth:`Reconciler.wake`."""
        await self._call(self._open.wake, monitor)

    async def start(
        self,
        monitors: Iterable[MonitorKey] | None = None,
        *,
        settings: LoopSettings | None = None,
        on_run: OnRun = lambda _reason, _report: None,
        on_sweep: OnSweep = lambda _sweep: None,
    ) -> None:
        """See :meth:`Reconciler.start`; the callbacks run in the service's threads."""
        start = self._open.start
        await self._call(start, monitors, settings=settings, on_run=on_run, on_sweep=on_sweep)

    async def wait(self, patience: timedelta | None = None) -> bool:
        """See :meth:`Reconciler.wait`.

        If the task is cancelled, its thread goes on waiting until the service stops.
        """
        return await self._call(self._open.wait, patience)

    async def stop(self, patience: timedelta | None = None) -> bool:
        """See :meth:`Reconciler.stop`."""
        return await self._call(self._open.stop, patience)

    def views(self) -> tuple[LiveStatus, ...]:
        """See :meth:`Reconciler.views`; it does not block."""
        return self._open.views()

    async def preview(self, monitor: MonitorRecord | MonitorKey) -> Preview:
        """See :meth:`Reconciler.preview`."""
        return await self._call(self._open.preview, monitor)

    async def discover(self, accounts: Iterable[str] | None = None) -> tuple[Discovered, ...]:
        """See :meth:`Reconciler.discover`."""
        return await self._call(self._open.discover, accounts)

    async def deliver_alerts(self) -> int:
        """See :meth:`Reconciler.deliver_alerts`."""
        return await self._call(self._open.deliver_alerts)

    @property
    def store(self) -> Store:
        """The database, for reading; its methods block for a moment."""
        return self._open.store

    @property
    def _open(self) -> _R:
        if self._reconciler is None:
            raise RuntimeError("use it as `async with AsyncReconciler(...) as reconciler:`")
        return self._reconciler

    @staticmethod
    async def _call(method: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
        return await asyncio.to_thread(method, *args, **options)
