"""A store in memory that keeps what the SQLite store keeps, for as long as it is referred to.

A step is one transaction: what could fail is looked at before anything is changed. A test runs
the same contract against both stores.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from ..domain.model.account_status import AccountStatus
from ..domain.model.alert import Alert, PendingAlert
from ..domain.model.errors import Fenced, StoreError
from ..domain.model.identity import MonitorKey, Role
from ..domain.model.intent import Intent
from ..domain.model.journal import Decision, ExchangeCall, Transition
from ..domain.model.ladder import Ladder
from ..domain.model.record import MonitorRecord, Source
from ..domain.ports import Step
from ..storage.sqlite.writing import watched


@dataclass(slots=True)
class _Shelf:
    """What is kept of one monitor."""

    record: MonitorRecord
    intents: dict[str, Intent] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    calls: list[ExchangeCall] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    last_alert: Alert | None = None


class MemoryStore:
    """A :class:`trueup.domain.ports.Store` that dies with the process."""

    def __init__(self) -> None:
        self._shelves: dict[int, _Shelf] = {}
        self._numbers: dict[MonitorKey, int] = {}
        self._owners: dict[str, int] = {}
        self._outbox: dict[int, PendingAlert] = {}
        self._alerts = 0
        self.sweeps: dict[str, AccountStatus] = {}

    def close(self) -> None:
        """Nothing has to be closed."""

    def watch(
        self,
        key: MonitorKey,
        role: Role,
        follows: str | None,
        ladder: Ladder | None,
        *,
        source: Source = Source.CALLER,
    ) -> MonitorRecord:
        """The monitor of that key, made if there is none; a ladder given replaces the stored."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers) + 1
            made = MonitorRecord(number, key, role, follows, ladder, source=source)
            self._shelves[number] = _Shelf(made)
            return made
        shelf = self._shelves[number]
        wanted = watched(shelf.record, role, follows, ladder, source)
        if wanted != shelf.record:
            shelf.record = replace(wanted, version=wanted.version + 1)
        return shelf.record

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        number = self._numbers.get(key)
        return None if number is None else self._shelves[number].record

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """All monitors, by key."""
        return tuple(self._shelves[self._numbers[key]].record for key in sorted(self._numbers))

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        shelf = self._shelves.get(monitor_id)
        intents = shelf.intents.values() if shelf else ()
        return tuple(intent for intent in intents if intent.status.is_open)

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """All intents of a run, oldest first."""
        return tuple(
            intent
            for number in sorted(self._shelves)
            for intent in self._shelves[number].intents.values()
            if intent.run_id == run_id
        )

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        shelf = self._shelves.get(monitor_id)
        return shelf.last_alert if shelf else None

    def commit(self, step: Step) -> MonitorRecord:
        """Keeps the step and gives the record back with its new version.

        Raises:
            Fenced: the monitor's version is not the one the step was made from.
            StoreError: an intent's id belongs to another monitor.
        """
        record = step.record
        shelf = self._shelves.get(record.id)
        if shelf is None or shelf.record.version != record.version:
            raise Fenced(
                f"the monitor moved on from version {record.version}: another writer owns it",
                account=record.key.account,
                symbol=record.key.symbol,
            )
        if any(self._owners.get(i.id, record.id) != record.id for i in step.intents):
            raise StoreError("an intent's id belongs to another monitor")
        return self._keep(shelf, step)

    def wake(self, key: MonitorKey) -> None:
        """Counts a wake, without touching the version; without such a monitor, does nothing."""
        number = self._numbers.get(key)
        if number is not None:
            shelf = self._shelves[number]
            shelf.record = replace(shelf.record, wakes=shelf.record.wakes + 1)

    def wakes(self, monitor_id: int) -> int:
        """The monitor's count of wakes now.

        Raises:
            StoreError: there is no such monitor.
        """
        shelf = self._shelves.get(monitor_id)
        if shelf is None:
            raise StoreError(f"there is no monitor {monitor_id}")
        return shelf.record.wakes

    def swept(self, status: AccountStatus) -> None:
        """Keeps an account's last sweep, in place of the one before."""
        self.sweeps[status.account] = status

    def pending_alerts(self, limit: int = 100) -> tuple[PendingAlert, ...]:
        """Alerts not delivered yet, oldest first."""
        return tuple(self._outbox.values())[:limit]

    def alert_delivered(self, alert_id: int, at: datetime) -> None:
        """Marks the alert as delivered."""
        del at
        self._outbox.pop(alert_id, None)

    def alert_failed(self, alert_id: int) -> None:
        """Counts an attempt that failed."""
        pending = self._outbox.get(alert_id)
        if pending is not None:
            self._outbox[alert_id] = replace(pending, attempts=pending.attempts + 1)

    def _keep(self, shelf: _Shelf, step: Step) -> MonitorRecord:
        record, stored = step.record, shelf.record
        written = replace(record, version=record.version + 1)
        shelf.record = replace(
            written,
            role=stored.role,
            follows=stored.follows,
            wakes=stored.wakes,
            source=stored.source,
        )
        for intent in step.intents:
            shelf.intents[intent.id] = intent
            self._owners[intent.id] = record.id
        shelf.transitions += step.transitions
        shelf.calls += step.calls
        shelf.decisions += step.decisions
        if step.alert is not None:
            self._alerts += 1
            shelf.last_alert = step.alert
            self._outbox[self._alerts] = PendingAlert(self._alerts, step.alert, 0)
        return written
