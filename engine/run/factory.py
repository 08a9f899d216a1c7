"""The run factory: provides each run with its record and ports, and never lets two overlap."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Lock

from ...aio.log import logger
from ...domain.copies import replace
from ...domain.flow import Flow, Wait
from ...domain.model.close.closing import CloseCommand
from ...domain.model.errors import ConfigurationError, Fenced, StoreError
from ...domain.model.identity import MonitorKey
from ...domain.model.record import MonitorRecord
from ...domain.ports import Clock, Exchange, Randomness
from ...domain.store import Store
from ...domain.tracking.unanswered import Unanswered
from ...states.ports import Ports
from ...states.work.settings import RunSettings
from ..control.stops import Stops
from ..recording.base import Base
from ..recording.recording import Recording, Shelf
from ..recording.taped import TapedStore, taped
from .driving import run_flow
from .grouping import by_account
from .internal_error import log_broken_run
from .main_ladders import MainLadders
from .outage import Outage
from .preview import Preview, preview
from .report import RunReport
from .stepper import run_to_idle

MAX_THREADS = 32
_TURN = timedelta(milliseconds=50)
# Of a decision's log line: the port's function and Run.decide. Its origin is whoever decided.
_CALLERS = 2


@dataclass(frozen=True, slots=True)
class World:
    """What runs work with.

    Attributes:
        accounts: the configured accounts' names, in the order in which their runs start.
        exchange: returns an account's exchange.
        store: the database.
        outage: whether it can be written.
        main_ladders: finds the ladder of a mirror's main account.
        clock: the time.
        randomness: random numbers, for run ids and order link ids.
        reach: called with the name of every crash point that a run reaches.
        barred: why no write of an account may leave; empty if it may.
        stops: what people have paused or halted.
        version: of trueup, for the record of runs.
    """

    accounts: Collection[str]
    exchange: Callable[[str], Exchange]
    store: Store
    outage: Outage
    main_ladders: MainLadders
    clock: Clock
    randomness: Randomness
    reach: Callable[[str], None]
    barred: Callable[[str], str]
    stops: Stops
    version: str


class RunFactory:
    """Runs monitors; runs of one monitor wait for each other.

    Args:
        world: what runs work with.
        settings: their time limits and rules.
    """

    def __init__(self, world: World, settings: RunSettings) -> None:
        self._world = world
        self._settings = settings
        self._locks: dict[MonitorKey, Lock] = {}
        self._locks_lock = Lock()
        self._unanswered: dict[MonitorKey, Unanswered] = {}
        self._shelves: dict[MonitorKey, Shelf] = {}

    def run(
        self, key: MonitorKey, reason: str, known: MonitorRecord | None = None
    ) -> Flow[RunReport]:
        """Runs one monitor once.

        Args:
            key: the monitor.
            reason: why, for the log and the journal.
            known: its record, if the caller has it as stored; else it is loaded. The first
                commit refuses an outdated record before anything is sent.

        Raises:
            ConfigurationError: the monitor is not watched, or its account is not configured.
            Fenced: another writer owns the monitor.
            StoreError: the database cannot be written; nothing more was sent.
        """
        with (yield from self._turn(key)):
            record = self.load(key) if known is None else self._with_wakes(known)
            record = self._world.main_ladders.with_rules(record)
            tape, ports = self._recorded(record, reason)
            report = yield from run_to_idle(
                TapedStore(self._world.store, tape),
                self._world.outage,
                record,
                ports,
                self._settings,
                reason,
            )
            if report.record.closing != record.closing or ports.commands:
                self._world.stops.note_taken(ports.commands, report.record.closing.taken)
            return report

    def run_all(
        self,
        keys: Iterable[MonitorKey],
        reason: str,
        then: Callable[[str, Sequence[MonitorKey]], None],
    ) -> tuple[RunReport, ...]:
        """Runs each of these monitors once; accounts in parallel, main accounts first.

        A run that fails or is fenced off affects no other. One that is fenced off is logged, and
        has no report.

        Args:
            keys: the monitors.
            reason: why, for the log and the journal.
            then: called with each account and its monitors once these have run, from the account's
                thread.

        Raises:
            StoreError: the database cannot be written.
        """
        grouped = by_account(key for key in keys if key.account in self._world.accounts)
        names = [name for name in self._world.accounts if name in grouped]
        reports: list[RunReport] = []
        with ThreadPoolExecutor(max_workers=min(MAX_THREADS, len(names) or 1)) as pool:
            ends = [
                pool.submit(self._run_account, name, grouped[name], reason, reports.append, then)
                for name in names
            ]
        for end in ends:
            end.result()
        return tuple(sorted(reports, key=lambda report: report.key))

    def preview(
        self,
        record: MonitorRecord,
        exchange: Exchange | None = None,
        close: CloseCommand | None = None,
    ) -> Preview:
        """What a run would do now; sends no write, stores nothing.

        Of what somebody has paused or halted, it is what a run would do if it were resumed.

        Args:
            record: the monitor, with what it might be given; it need not be stored.
            exchange: what is read; by default what runs read.
            close: a close that somebody might command.
        """
        record = self._world.main_ladders.with_rules(record)
        live, pauses = self._ports(record.key, "preview"), list[str]()
        ports = replace(
            live,
            log=lambda _run, _text: None,
            pause=pauses.append,
            stopped=lambda: "; ".join(pauses),
            exchange=exchange or live.exchange,
            unanswered=Unanswered(live.unanswered.noted),
            commands=live.commands if close is None else (*live.commands, close),
        )
        shown = run_flow(preview(record, ports, self._settings), self._world.clock)
        return replace(shown, stopped=live.stopped())

    def load(self, key: MonitorKey) -> MonitorRecord:
        """Loads a watched monitor.

        Raises:
            ConfigurationError: the monitor is not watched, or its account is not configured.
        """
        if key.account not in self._world.accounts:
            raise ConfigurationError("the account is not configured", account=key.account)
        record = self._world.store.load(key)
        if record is None or not record.is_watched:
            raise ConfigurationError(f"{key} is not watched", account=key.account)
        return record

    def exclusive(self, key: MonitorKey) -> AbstractContextManager[object]:
        """A context in which no run of the monitor is under way; its thread waits for the turn."""
        with self._locks_lock:
            return self._locks.setdefault(key, Lock())

    def _turn(self, key: MonitorKey) -> Flow[AbstractContextManager[None]]:
        """Waits, without a thread, until no other run of the monitor is under way."""
        with self._locks_lock:
            lock = self._locks.setdefault(key, Lock())
        while not lock.acquire(blocking=False):
            at = self._world.clock.moment() + _TURN
            yield Wait(at, "another run of the monitor is under way", is_asked_for=True)
        return _released(lock)

    def _recorded(self, record: MonitorRecord, reason: str) -> tuple[Recording, Ports]:
        """The tape of a pass that begins, and its ports on it."""
        world, key = self._world, record.key
        live = self._ports(key, reason)
        tape = Recording(world.clock, self._shelves.setdefault(key, Shelf()))
        tape.begin(
            Base(
                version=world.version,
                reason=reason,
                record=record,
                settings=self._settings,
                position_mode=live.exchange.position_mode,
                lateness=live.exchange.lateness,
                link_ids=live.exchange.link_ids,
                now=tape.now(),
                moment=tape.moment(),
                unanswered=live.unanswered.noted,
                commands=live.commands,
            )
        )
        return tape, taped(live, tape)

    def _with_wakes(self, known: MonitorRecord) -> MonitorRecord:
        """The record with the number of wakes so far: this run covers them all."""
        return replace(known, wakes=self._world.store.wakes(known.id))

    def _run_account(
        self,
        account: str,
        keys: Sequence[MonitorKey],
        reason: str,
        add: Callable[[RunReport], None],
        then: Callable[[str, Sequence[MonitorKey]], None],
    ) -> None:
        """Runs an account's monitors in turn; a run that raises does not stop the others."""
        for key in keys:
            try:
                add(run_flow(self.run(key, reason), self._world.clock))
            except StoreError as error:
                if not isinstance(error, Fenced):
                    raise
                log_broken_run(key, error)
            except Exception as error:  # noqa: BLE001 - a defect in one run concerns no other
                log_broken_run(key, error)
        then(account, keys)

    def _ports(self, key: MonitorKey, reason: str) -> Ports:
        world = self._world
        bound = logger.bind(account=key.account, symbol=key.symbol, side=key.side.value, why=reason)
        log = bound.opt(depth=_CALLERS)

        def write(run: str, text: str) -> None:
            log.bind(run=run).info("{}", text)

        return Ports(
            exchange=world.exchange(key.account),
            clock=world.clock,
            randomness=world.randomness,
            main_ladder=world.main_ladders.of,
            main_stands=world.main_ladders.stands,
            why_no_main_ladder=world.main_ladders.why_none,
            wakes=world.store.wakes,
            last_alert=world.store.last_alert,
            log=write,
            reach=world.reach,
            barred=partial(world.barred, key.account),
            stopped=partial(world.stops.why, key),
            is_stopped=partial(world.stops.is_stopped, key),
            pause=partial(world.stops.pause, key),
            gate=partial(world.stops.gate, key),
            is_rewritten=partial(_is_rewritten, world.store),
            unanswered=self._unanswered.setdefault(key, Unanswered()),
            commands=world.stops.commands(key),
        )


def _is_rewritten(store: Store, record: MonitorRecord) -> bool:
    known = store.known(record.key)
    return known is not None and known.version != record.version


@contextmanager
def _released(lock: Lock) -> Iterator[None]:
    """A context that ends with the lock released; whoever enters it has acquired the lock."""
    try:
        yield
    finally:
        lock.release()
