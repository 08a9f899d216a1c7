"""One process of an engine: the real reconciler, pybit over HTTP, a SQLite file, and its end."""

import json
import os
import resource
import signal
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from traceback import format_exc
from typing import TextIO

from loguru import logger

from chaos.speed.patching import patched
from tests.crash.clock import SharedClock
from tests.crash.job import Job, Reached, Tale
from tests.stage import accounts
from trueup import (
    Account,
    Alert,
    Fenced,
    Reconciler,
    ReplaceMode,
    RunOutcome,
    RunSettings,
    StoreError,
)
from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.ports import Exchange
from trueup.storage.sqlite import store

PATIENT = BybitSettings(connect_timeout=timedelta(seconds=10), read_timeout=timedelta(seconds=20))


class NamedChance:
    """Ids that no other process draws: they begin with this one's name, and count up."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._runs = 0
        self._digits = 1000 + 1000 * (sum(name.encode()) % 8)

    def run_id(self) -> str:
        """Gives ``name-run-1``, then ``name-run-2``."""
        self._runs += 1
        return f"{self._name}-run-{self._runs}"

    def digits(self) -> int:
        """Counts up from a number of the process's own."""
        self._digits += 1
        return self._digits

    def jitter(self) -> Fraction:
        """Always one half."""
        return Fraction(1, 2)


class FileSink:
    """Appends alerts to a file, each on the disk before it counts as delivered."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, alert: Alert) -> None:
        """Writes one line."""
        line = json.dumps({"run_id": alert.run_id, "status": alert.status, "text": alert.text})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())


class Points:
    """What happens at the crash points: counted, and at one of them the process ends.

    Args:
        job: says at which, and whether every point is waited at.
        tale: where the points are noted.
        opened: closes the pipes at the end.
    """

    def __init__(self, job: Job, tale: Tale, opened: ExitStack) -> None:
        self._job = job
        self._tale = tale
        self._times: Counter[str] = Counter()
        self._steps: TextIO | None = None
        self._goes: TextIO | None = None
        if job.stepped:
            self._steps = opened.enter_context(job.steps.open("w", encoding="utf-8", buffering=1))
            self._goes = opened.enter_context(job.goes.open(encoding="utf-8"))

    def reach(self, point: str) -> None:
        """Notes the point, and dies, waits or loses its disk if that was asked."""
        self._times[point] += 1
        self._tale.reached.append(point)
        now = Reached(point, self._times[point])
        if now == self._job.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if now == self._job.full:
            fill_the_disk(self._job.path)
        if self._steps is not None and self._goes is not None:
            self._steps.write(f"{point}\n")
            if not self._goes.readline():
                raise ConnectionError("nobody is there to say that it may go on")


def fill_the_disk(database: Path) -> None:
    """From now on no file of this process grows: the operating system refuses the write."""
    log = database.with_name(database.name + "-wal")
    _limit_files(log.stat().st_size)


def _limit_files(size: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard if size < 0 else size, hard))


class NoLock:
    """The lock as another host has it, which sees no lock of this one."""

    def __init__(self, database: Path) -> None:
        del database

    def keep(self) -> None:
        """Does nothing."""

    def release(self) -> None:
        """Does nothing."""


def work(job: Job) -> Tale:
    """Does the job; the tale is written down too, unless the process is killed."""
    logger.remove()
    tale = Tale()
    try:
        with ExitStack() as opened:
            if job.unlocked:
                opened.enter_context(patched(store, "FileLock", NoLock))
            _run(job, tale, opened)
    except (StoreError, OSError) as error:
        tale.error = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - the parent shall see any defect
        tale.error = format_exc()
    _limit_files(resource.RLIM_INFINITY)
    tale.save(job.told)
    return tale


def _run(job: Job, tale: Tale, opened: ExitStack) -> None:
    clock = SharedClock(job.exchange)
    opened.callback(clock.close)
    points = Points(job, tale, opened)

    def connect(account: Account) -> Exchange:
        return BybitExchange(account, PATIENT, clock=clock)

    reconciler = opened.enter_context(
        Reconciler(
            f"sqlite:///{job.path}",
            accounts=accounts(job.exchange),
            # This clock moves in waits alone, so no run may end for want of requests.
            settings=RunSettings(replace=ReplaceMode(job.replace), max_requests=400),
            sinks=[FileSink(job.alerts)],
            clock=clock,
            randomness=NamedChance(job.name),
            connect=connect,
            reach=points.reach,
        )
    )
    for _ in range(job.passes):
        tale.passes.append(_pass(reconciler, tale))
        if tale.is_quiet:
            rest = _due_in(reconciler, clock)
            if rest is None:
                break
            clock.sleep(rest)


def _due_in(reconciler: Reconciler, clock: SharedClock) -> timedelta | None:
    """How long until a monitor that is in sync is due again; None where none is, all are at rest.

    It is while a write of a dead process is pending: a run after its time settles it.
    """
    records = (reconciler.store.load(monitor.key) for monitor in reconciler.monitors())
    due = [
        record.next_try_at - clock.now()
        for record in records
        if record is not None and record.last_outcome is RunOutcome.IN_SYNC and record.next_try_at
    ]
    return max(min(due), timedelta(0)) if due else None


def _pass(reconciler: Reconciler, tale: Tale) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for monitor in reconciler.monitors():
        try:
            report = reconciler.reconcile(monitor)
        except Fenced:
            tale.fenced += 1
            runs.append(("FENCED", 0))
        else:
            runs.append((report.outcome.value, report.writes))
    return runs
