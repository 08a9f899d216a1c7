"""The loop of ``trueup run``: sweeps, retries when they are due, and a clean stop.

Every account has a loop of its own, in a thread of its own: a slow one delays nobody else.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from ..domain.identity import MonitorKey
from ..domain.ports import Clock
from ..engine.reconciler import Reconciler
from ..engine.report import RunReport
from .stopping import Stop

Show = Callable[[str, Sequence[RunReport]], None]
"""Takes why monitors ran, and their reports. Called from several threads."""


class AccountLoop:
    """Runs the monitors of one account, over and over.

    Args:
        reconciler: runs them.
        keys: the account's monitors.
        interval: from the start of a sweep to the start of the next.
        clock: time; it is not used to wait.
        show: what to do with the reports.
    """

    def __init__(
        self,
        reconciler: Reconciler,
        keys: Sequence[MonitorKey],
        interval: timedelta,
        clock: Clock,
        show: Show,
    ) -> None:
        self._reconciler = reconciler
        self._interval = interval
        self._clock = clock
        self._show = show
        self._next_try: dict[MonitorKey, datetime | None] = dict.fromkeys(keys)

    def run(self, stop: Stop) -> None:
        """Sweeps until ``stop`` is set; the run under way is finished.

        A sweep leaves out monitors that failed and wait for their next try; those run when it
        is due, between the sweeps too.

        Raises:
            StoreError: the database cannot be written.
        """
        sweep_at = self._clock.now()
        reason = "start-up"
        while not stop.is_set:
            now = self._clock.now()
            sweeping = now >= sweep_at
            due = [key for key, at in self._next_try.items() if _is_due(at, now, sweeping)]
            if sweeping:
                sweep_at = now + self._interval
            if due:
                self._run(due, reason if sweeping else "retry")
                reason = "sweep"
            stop.wait(self._until_next(sweep_at).total_seconds())

    def _run(self, due: Sequence[MonitorKey], reason: str) -> None:
        reports = self._reconciler.reconcile_all(due, reason)
        # A run without a report was fenced off: the next sweep looks at it again.
        self._next_try |= dict.fromkeys(due)
        self._next_try |= {report.key: report.record.next_try_at for report in reports}
        self._show(reason, reports)

    def _until_next(self, sweep_at: datetime) -> timedelta:
        tries = (at for at in self._next_try.values() if at is not None)
        return max(min((sweep_at, *tries)) - self._clock.now(), timedelta(0))


def run_loops(loops: Sequence[AccountLoop], stop: Stop) -> None:
    """Runs the loops side by side until ``stop`` is set; one that fails stops the others.

    The caller's is the main thread: it waits for signals meanwhile.

    Raises:
        StoreError: the database cannot be written.
    """

    def guarded(loop: AccountLoop) -> None:
        try:
            loop.run(stop)
        finally:
            stop.set()

    with ThreadPoolExecutor(max_workers=len(loops), thread_name_prefix="trueup") as pool:
        ends = [pool.submit(guarded, loop) for loop in loops]
        stop.wait_for_signal()
        for end in ends:
            end.result()


def _is_due(at: datetime | None, now: datetime, sweeping: bool) -> bool:  # noqa: FBT001
    return sweeping if at is None else at <= now
