"""What the engine needs of the database, as a protocol that storage fulfils."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from .keeping.retention import Retention
from .keys.facts import KeyRecord
from .model.alert import Alert, PendingAlert
from .model.events import Event, UnwatchedPosition
from .model.identity import MonitorKey, Role
from .model.intent import Intent
from .model.journal import Decision, ExchangeCall, Transition
from .model.protection import StopIntent
from .model.record import MonitorRecord, Source
from .model.stop import AnyLadder, NoStop, Stop
from .reporting.account_status import AccountStatus
from .reporting.engine_start import EngineStart
from .stopping.controls import Controls


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a run changes, committed in one transaction: all of it or nothing.

    Attributes:
        record: the monitor as it should be stored; ``record.version`` is the one it was read with.
        intents: new or changed intents, by id.
        stops: new or changed intents of the position's stop, by id.
        alert: for the outbox, in the step that ends the run.
        events: what happened, in the same step.
        inputs: what was recorded of the run since its last step: a segment of
            :mod:`.recording.segments`.
        targets: the quantity that should rest for each level; None leaves the stored ones.
        before: the record as it is stored, where the caller has it: the orders of a position that
            is over stay readable.
    """

    record: MonitorRecord
    transitions: tuple[Transition, ...] = ()
    calls: tuple[ExchangeCall, ...] = ()
    decisions: tuple[Decision, ...] = ()
    intents: tuple[Intent, ...] = ()
    alert: Alert | None = None
    targets: Mapping[int, Decimal] | None = None
    before: MonitorRecord | None = None
    events: tuple[Event, ...] = ()
    inputs: bytes | None = None
    stops: tuple[StopIntent, ...] = ()


class RunStore(Protocol):
    """What a run needs of the database."""

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        ...

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """All intents of a run that is under way; of one that has ended the open; oldest first."""
        ...

    def commit(self, step: Step) -> MonitorRecord:
        """Makes the step durable and returns the record with its new version.

        Raises:
            Fenced: the monitor's version is not the one the step was made from.
            LeaseOver: another process owns the account.
            Unstorable: the database refuses a value of the step.
            StoreError: the database cannot be written.
        """
        ...

    def wakes(self, monitor_id: int) -> int:
        """The monitor's count of wakes now."""
        ...

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """Notes until when the monitor's run waits, and for what, for people.

        It is no commit: the version stays, and the next commit ends the wait.
        """
        ...


class Store(RunStore, Controls, Protocol):
    """The database of monitors, journals, intents, alerts and controls."""

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

        None leaves the stored one; ``NO_STOP`` takes the stored stop off.
        """
        ...

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        ...

    def known(self, key: MonitorKey) -> MonitorRecord | None:
        """The same, as it was last read or written here, but for its wakes."""
        ...

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """All monitors, by key."""
        ...

    def wake(self, key: MonitorKey) -> None:
        """Counts a wake of the monitor, without touching its version."""
        ...

    def swept(self, status: AccountStatus) -> None:
        """Stores an account's last sweep, in place of the one before."""
        ...

    def engine_started(self, start: EngineStart) -> int:
        """Records a start of the service; returns its number."""
        ...

    def engine_stopped(self, number: int, at: datetime) -> None:
        """Records that the service of that start has stopped."""
        ...

    def key_records(self) -> tuple[KeyRecord, ...]:
        """What is on record of the accounts' API keys, by account."""
        ...

    def key_read(self, record: KeyRecord, alert: Alert | None = None) -> None:
        """Stores what was read of a key, and puts an alert about it into the outbox.

        Raises:
            StoreError: the alert's monitor is not on record, or the database cannot be written.
        """
        ...

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        ...

    def pending_alerts(self, after: int = 0, limit: int = 100) -> tuple[PendingAlert, ...]:
        """Alerts that some sink does not have yet, oldest first, with ids above ``after``."""
        ...

    def unwatched(self) -> tuple[tuple[MonitorKey, UnwatchedPosition], ...]:
        """The positions on record that no monitor watches, oldest first."""
        ...

    def note_unwatched(
        self, key: MonitorKey, event: UnwatchedPosition, at: datetime, alert: Alert | None = None
    ) -> None:
        """Records a position that no monitor watches, or that this is over, with an alert.

        Raises:
            StoreError: the database cannot be written.
        """
        ...

    def note_deliveries(self, alerts: Sequence[PendingAlert]) -> None:
        """Notes how far these alerts have got at each sink."""
        ...

    def prune(self, retention: Retention, now: datetime) -> int:
        """Removes some of the rows that are older than what is kept; returns how many.

        It takes a few milliseconds. 0 is returned once there are none, until some get older.

        Raises:
            StoreError: the database cannot be used.
        """
        ...

    def close(self) -> None:
        """Closes the database; a second call does nothing."""
        ...
