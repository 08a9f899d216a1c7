"""Runs of single monitors: what a run gets of the world, and that no two are of one monitor."""

from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from threading import Lock
from traceback import format_exception

from loguru import logger

from ...domain.model.errors import ConfigurationError, Fenced, StoreError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Exchange, Randomness, Store
from ...states.work.run import Ports
from ...states.work.settings import RunSettings
from .grouping import by_account
from .main_ladders import MainLadders
from .preview import Preview, preview
from .report import RunReport
from .stepper import run_to_idle

MAX_THREADS = 32


@dataclass(frozen=True, slots=True)
class World:
    """What runs reach.

    Attributes:
        accounts: names of ours, in the sequence in which they start.
        exchange: gives an account's exchange.
        reach: told the name of every crash point.
    """

    accounts: Collection[str]
    exchange: Callable[[str], Exchange]
    store: Store
    mains: MainLadders
    clock: Clock
    randomness: Randomness
    reach: Callable[[str], None]


class RunFactory:
    """Runs monitors, each one at a time."""

    def __init__(self, world: World, settings: RunSettings) -> None:
        self._world = world
        self._settings = settings
        self._locks: dict[MonitorKey, Lock] = {}
        self._locks_lock = Lock()

    def run(self, key: MonitorKey, reason: str, known: MonitorRecord | None = None) -> RunReport:
        """Runs one monitor once.

        Args:
            key: the monitor.
            reason: why, for the log and the journal.
            known: its record, if the caller has it as it is stored; else it is loaded. One that
                is not as it is stored is fenced off before anything is sent.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
            Fenced: another writer owns the monitor.
            StoreError: the database cannot be written; nothing more was sent.
        """
        with self.alone(key):
            record = self.load(key) if known is None else self._woken(known)
            return run_to_idle(
                self._world.store, record, self._ports(key, reason), self._settings, reason
            )

    def run_all(self, keys: Iterable[MonitorKey], reason: str) -> tuple[RunReport, ...]:
        """Runs each of them once, accounts side by side, mains first.

        A run that is fenced off or breaks leaves the others alone: it is logged, and missing
        from the reports.

        Raises:
            StoreError: the database cannot be written.
        """
        grouped = by_account(key for key in keys if key.account in self._world.accounts)
        names = [name for name in self._world.accounts if name in grouped]
        reports: list[RunReport] = []
        with ThreadPoolExecutor(max_workers=min(MAX_THREADS, len(names) or 1)) as pool:
            ends = [
                pool.submit(self._run_account, grouped[name], reason, reports.append)
                for name in names
            ]
        for end in ends:
            end.result()
        return tuple(sorted(reports, key=lambda report: report.key))

    def preview(self, key: MonitorKey) -> Preview:
        """What a run would do now; nothing is sent and nothing is stored.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
        """
        record = self.load(key)
        ports = replace(self._ports(key, "preview"), log=lambda _run, _text: None)
        return preview(record, ports, self._settings)

    def load(self, key: MonitorKey) -> MonitorRecord:
        """The watched monitor of that key.

        Raises:
            ConfigurationError: it is not watched, or its account is not one of ours.
        """
        if key.account not in self._world.accounts:
            raise ConfigurationError("the account is not configured", account=key.account)
        record = self._world.store.load(key)
        if record is None or not record.is_watched:
            raise ConfigurationError(f"{key} is not watched", account=key.account)
        return record

    def alone(self, key: MonitorKey) -> AbstractContextManager[object]:
        """While this lasts no run of the monitor is under way."""
        with self._locks_lock:
            return self._locks.setdefault(key, Lock())

    def _woken(self, known: MonitorRecord) -> MonitorRecord:
        """The record with the wakes that have come in: this run answers them."""
        return replace(known, wakes=self._world.store.wakes(known.id))

    def _run_account(
        self, keys: Sequence[MonitorKey], reason: str, take: Callable[[RunReport], None]
    ) -> None:
        """Runs an account's monitors one after the other; one that breaks leaves the others be."""
        for key in keys:
            try:
                take(self.run(key, reason))
            except StoreError as error:
                if not isinstance(error, Fenced):
                    raise
                log_broken_run(key, error)
            except Exception as error:  # noqa: BLE001 - a defect in one run is no other's affair
                log_broken_run(key, error)

    def _ports(self, key: MonitorKey, reason: str) -> Ports:
        world = self._world
        log = logger.bind(account=key.account, symbol=key.symbol, side=key.side.value, why=reason)
        return Ports(
            exchange=world.exchange(key.account),
            clock=world.clock,
            randomness=world.randomness,
            main_ladder=world.mains.of,
            why_no_main_ladder=world.mains.why_none,
            wakes=world.store.wakes,
            last_alert=world.store.last_alert,
            log=lambda run, text: log.bind(run=run).info("{}", text),
            reach=world.reach,
        )


def log_broken_run(key: MonitorKey, error: Exception) -> None:
    """Logs a run that was fenced off, or broke."""
    bound = logger.bind(account=key.account, symbol=key.symbol, side=key.side.value)
    if isinstance(error, Fenced):
        bound.warning("{}", error)
    else:
        # The trace as text: a handler that shows variables would show keys too.
        bound.error("the run broke: {}", "".join(format_exception(error)))
