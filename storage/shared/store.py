"""What writes a database: the store's methods, whichever database it is on."""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import TypeVar

from ...domain.keeping.durations import Durations
from ...domain.keeping.retention import Retention
from ...domain.keeping.watched import watched
from ...domain.keys.facts import KeyRecord
from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.errors import Fenced
from ...domain.model.events import UnwatchedPosition
from ...domain.model.identity import MonitorKey, Role
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord, Source
from ...domain.model.stop import AnyLadder, NoStop, Stop
from ...domain.reporting.account_status import AccountStatus
from ...domain.reporting.engine_start import EngineStart
from ...domain.stopping.command import Answer, CommandRecord
from ...domain.stopping.control import Control
from ...domain.store import Step
from ..sql.phrases import Phrase
from .cache import Cache, KeptIntents
from .commands import begin_command, write_answer
from .connection import Connection
from .controls import write_acknowledged, write_control
from .pruning import Pruner, remove
from .reader import SqlReader, open_ones
from .reading import read_intents
from .writing import (
    count_wake,
    note_stop,
    note_wait,
    write_alert,
    write_deliveries,
    write_key,
    write_start,
    write_step,
    write_sweep,
    write_unwatched,
    write_watch,
)

T = TypeVar("T")

Committed = tuple[MonitorRecord, KeptIntents, Mapping[Phrase, int]]
"""What a commit leaves: the record, the intents of its monitor, the phrases it has used."""

_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)


class SqlStore(SqlReader):
    """A :class:`trueup.domain.store.Store`, the only one that is open on its database.

    Threads may share it. A write returns when it is durable. Every method raises
    :class:`StoreError` if the database fails or the store is closed; nothing of that write is kept.

    Attributes:
        commit_times: how long each commit took, its wait for the one before included.
    """

    def __init__(self) -> None:
        self._cache = Cache()
        self.commit_times = Durations(_BOUNDS_S)
        self._counting = Lock()
        self._pruner = Pruner(Retention(), self.connection)

    @abstractmethod
    def _write(self, work: Callable[[Connection], T]) -> T:
        """Runs the work in a transaction that writes; it may run twice."""

    def _commit(self, step: Step, kept: KeptIntents) -> Committed:
        """Writes the step, if the monitor's version is still the one it was made from."""
        return self._write(
            lambda connection: write_step(connection, step, kept, self._cache.phrases)
        )

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Counts what is done meanwhile as one commit, if it succeeds."""
        began = time.perf_counter()
        yield
        with self._counting:
            self.commit_times.add(time.perf_counter() - began)

    def watch(
        self,
        key: MonitorKey,
        role: Role,
        follows: str | None,
        ladder: AnyLadder | None,
        *,
        source: Source = Source.CALLER,
        stop: Stop | NoStop | None = None,
    ) -> MonitorRecord:
        """The monitor of that key, made if there is none; ladder and stop given replace the stored.

        None keeps the stored one. Role, followed account and source are set to what
        is given. A call that changes a stored monitor increases its version, so that a run under
        way on it is fenced off; a call that changes nothing writes nothing.
        """
        stored = self.load(key)
        if stored is not None and watched(stored, role, follows, ladder, source, stop) == stored:
            return stored

        def write(connection: Connection) -> MonitorRecord:
            written = write_watch(connection, key, role, follows, ladder, source, stop)
            self._watched(connection, written)
            return written

        record = self._write(write)
        self._cache.wrote(record)
        return record

    def _watched(self, connection: Connection, record: MonitorRecord) -> None:
        """What else is written with a monitor that is put under watch, or changed: nothing."""

    def commit(self, step: Step) -> MonitorRecord:
        """Makes the step durable and returns the record with its new version.

        Raises:
            Fenced: the monitor's version is not the one the step was made from.
            LeaseOver: another process owns the account.
            Unstorable: the database refuses a value of the step.
            StoreError: the database cannot be written.
        """
        kept = self._kept(step.record.id)
        try:
            record, now, phrases = self._commit(step, kept)
        except Fenced:
            self._cache.forget(step.record)
            raise
        self._cache.committed(record, now, step.alert, phrases)
        return record

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        record = super().load(key)
        if record is not None:
            self._cache.saw(record)
        return record

    def known(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor as it was last written or read here, but for its wakes; or None."""
        read = super().load
        return self._cache.record(key, lambda: read(key))

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        return open_ones(self._kept(monitor_id))

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        read = super().last_alert
        return self._cache.last_alert(monitor_id, lambda: read(monitor_id))

    def wakes(self, monitor_id: int) -> int:
        """The monitor's count of wakes now.

        Raises:
            StoreError: there is no such monitor.
        """
        read = super().wakes
        return self._cache.wakes(monitor_id, lambda: read(monitor_id))

    def wake(self, key: MonitorKey) -> None:
        """Counts a wake, without touching the version; without such a monitor, does nothing."""
        woken = self._write(lambda connection: count_wake(connection, key))
        if woken is not None:
            self._cache.woken(*woken)

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """Notes that the monitor's run waits, without touching the version."""
        self._write(lambda connection: note_wait(connection, monitor_id, until, why))

    def swept(self, status: AccountStatus) -> None:
        """Records an account's last sweep, in place of the previous one."""
        self._write(lambda connection: write_sweep(connection, status))

    def engine_started(self, start: EngineStart) -> int:
        """Records a start of the service; returns its number."""
        return self._write(lambda connection: write_start(connection, start))

    def engine_stopped(self, number: int, at: datetime) -> None:
        """Records that the service of that start has stopped."""
        self._write(lambda connection: note_stop(connection, number, at))

    def key_read(self, record: KeyRecord, alert: Alert | None = None) -> None:
        """Records what was read of a key, in place of what was, with an alert about it if any.

        Raises:
            StoreError: the alert's monitor is not on record, or the database cannot be written.
        """
        monitor = self._write(lambda connection: write_key(connection, record, alert))
        if monitor is not None and alert is not None:
            self._cache.alerted(monitor, alert)

    def note_unwatched(
        self, key: MonitorKey, event: UnwatchedPosition, at: datetime, alert: Alert | None = None
    ) -> None:
        """Records a position that no monitor watches, or that this is over, with an alert."""
        self._write(lambda connection: write_unwatched(connection, key, event, at, alert))

    def put_out(self, alert: Alert) -> None:
        """Puts an alert into the outbox that is of no monitor, such as a digest.

        Raises:
            StoreError: the database cannot be written.
        """
        self._write(lambda connection: write_alert(connection, alert))

    def note_deliveries(self, alerts: Sequence[PendingAlert]) -> None:
        """Notes how far these alerts have got at each sink."""
        self._write(lambda connection: write_deliveries(connection, alerts))

    def control(self, asked: Control) -> Control:
        """Puts a pause, halt or resume on record; returns it with its number.

        Raises:
            ConfigurationError: it is a resume, and more than it names is stopped.
            StoreError: the database cannot be written.
        """
        return self._write(lambda connection: write_control(connection, asked))

    def acknowledge(self, number: int, at: datetime) -> None:
        """Notes since when the engine goes by a control."""
        self._write(lambda connection: write_acknowledged(connection, number, at))

    def begin_command(self, record: CommandRecord) -> CommandRecord | None:
        """Puts a command on record; returns the one that has its id already, if there is one."""
        return self._write(lambda connection: begin_command(connection, record))

    def answer_command(self, command_id: str, answer: Answer) -> None:
        """Puts the answer to a command on record."""
        self._write(lambda connection: write_answer(connection, command_id, answer))

    def prune(self, retention: Retention, now: datetime) -> int:
        """Removes some of the rows that are older than what is kept; returns how many.

        What may go is found out on a connection that reads; only the removing keeps other writes
        waiting.
        """
        self._pruner.retention = retention
        batch = self._pruner.next_batch(now)
        if batch is None:
            return 0
        return self._write(lambda connection: remove(connection, batch, now))

    def _kept(self, monitor_id: int) -> KeptIntents:
        def read() -> KeptIntents:
            with self.connection() as connection:
                return read_intents(connection, monitor_id)

        return self._cache.intents(monitor_id, read)
