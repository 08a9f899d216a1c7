"""A store in memory, with the contract of the SQLite store: one set of tests runs against both.

A commit is one transaction: it checks everything that can fail before it changes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..domain.keeping.retention import Retention
from ..domain.keys.facts import KeyRecord
from ..domain.model.alert import Alert, PendingAlert
from ..domain.model.errors import Fenced, StoreError
from ..domain.model.events import UnwatchedPosition
from ..domain.model.identity import MonitorKey, Role
from ..domain.model.intent import Intent
from ..domain.model.journal import Decision, ExchangeCall, Transition
from ..domain.model.record import MonitorRecord, Source
from ..domain.model.stop import AnyLadder, NoStop, Stop
from ..domain.reporting.account_status import AccountStatus
from ..domain.reporting.engine_start import EngineStart
from ..domain.stopping.control import Control, ends
from ..domain.store import Step
from ..storage.shared.writing import first_watched, watched


@dataclass(slots=True)
class _MonitorData:
    """Everything that is stored of one monitor."""

    record: MonitorRecord
    intents: dict[str, Intent] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)
    calls: list[ExchangeCall] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    last_alert: Alert | None = None


class MemoryStore:
    """A :class:`trueup.domain.store.Store` that needs no file and ends with the process.

    Attributes:
        sweeps: the last sweep of each account.
        starts: of the service, and when each stopped by its number.
    """

    def __init__(self) -> None:
        self._monitors: dict[int, _MonitorData] = {}
        self._numbers: dict[MonitorKey, int] = {}
        self._owners: dict[str, int] = {}
        self._outbox: dict[int, PendingAlert] = {}
        self._unwatched: dict[MonitorKey, UnwatchedPosition] = {}
        self._alerts = 0
        self._keys: dict[str, KeyRecord] = {}
        self._controls: dict[int, Control] = {}
        self.sweeps: dict[str, AccountStatus] = {}
        self.starts: list[EngineStart] = []
        self.stops: dict[int, datetime] = {}
        self.waiting: dict[int, tuple[datetime, str]] = {}

    def prune(self, retention: Retention, now: datetime) -> int:
        """Removes nothing: what is in memory ends with the process."""
        del self, retention, now
        return 0

    def close(self) -> None:
        """Do nothing: there is no file to close."""

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
        """Return the monitor of a key, after creating it or giving it ladder and stop, if any."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._numbers) + 1
            made = first_watched(key, role, follows, ladder, source, stop)
            made = replace(made, id=number)
            self._monitors[number] = _MonitorData(made)
            return made
        data = self._monitors[number]
        wanted = watched(data.record, role, follows, ladder, source, stop)
        if wanted != data.record:
            data.record = replace(wanted, version=wanted.version + 1)
        return data.record

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor of a key, or None."""
        number = self._numbers.get(key)
        return None if number is None else self._monitors[number].record

    def known(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor of a key, or None: nothing has to be read."""
        return self.load(key)

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """All monitors, ordered by key."""
        return tuple(self._monitors[self._numbers[key]].record for key in sorted(self._numbers))

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """The monitor's intents without an outcome, oldest first."""
        data = self._monitors.get(monitor_id)
        intents = data.intents.values() if data else ()
        return tuple(intent for intent in intents if intent.status.is_open)

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """All intents of a run that is under way; of one that has ended the open; oldest first."""
        return tuple(
            intent
            for number in sorted(self._monitors)
            for intent in self._monitors[number].intents.values()
            if intent.run_id == run_id
            and (intent.status.is_open or self._monitors[number].record.is_running(run_id))
        )

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        data = self._monitors.get(monitor_id)
        return data.last_alert if data else None

    def commit(self, step: Step) -> MonitorRecord:
        """Store the step and return the record with its new version.

        Raises:
            Fenced: the monitor's version is no longer the one that the step started from.
            StoreError: an intent's id belongs to another monitor.
        """
        record = step.record
        data = self._monitors.get(record.id)
        if data is None or data.record.version != record.version:
            raise Fenced(
                f"the monitor moved on from version {record.version}: another writer owns it",
                account=record.key.account,
                symbol=record.key.symbol,
            )
        if any(self._owners.get(i.id, record.id) != record.id for i in step.intents):
            raise StoreError("an intent's id belongs to another monitor")
        return self._apply(data, step)

    def wake(self, key: MonitorKey) -> None:
        """Count a wake and leave the version alone; without such a monitor, do nothing."""
        number = self._numbers.get(key)
        if number is not None:
            data = self._monitors[number]
            data.record = replace(data.record, wakes=data.record.wakes + 1)

    def wakes(self, monitor_id: int) -> int:
        """How many wakes the monitor has had.

        Raises:
            StoreError: there is no such monitor.
        """
        data = self._monitors.get(monitor_id)
        if data is None:
            raise StoreError(f"there is no monitor {monitor_id}")
        return data.record.wakes

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """Note that the monitor's run waits, and leave the version alone."""
        self.waiting[monitor_id] = until, why

    def swept(self, status: AccountStatus) -> None:
        """Store an account's last sweep in place of the one before."""
        self.sweeps[status.account] = status

    def engine_started(self, start: EngineStart) -> int:
        """Record a start of the service; return its number."""
        self.starts.append(start)
        return len(self.starts)

    def engine_stopped(self, number: int, at: datetime) -> None:
        """Record that the service of that start has stopped."""
        self.stops[number] = at

    def key_records(self) -> tuple[KeyRecord, ...]:
        """What is on record of the accounts' API keys, ordered by account."""
        return tuple(sorted(self._keys.values(), key=lambda one: (one.account, one.read_at)))

    def key_read(self, record: KeyRecord, alert: Alert | None = None) -> None:
        """Store what was read of a key, and an alert about it, if any.

        Raises:
            StoreError: the alert's monitor is not on record.
        """
        if alert is not None:
            if alert.key not in self._numbers:
                raise StoreError(f"there is no monitor {alert.key}", account=record.account)
            self._add_alert(self._monitors[self._numbers[alert.key]], alert)
        self._keys[record.fingerprint] = record

    def unwatched(self) -> tuple[tuple[MonitorKey, UnwatchedPosition], ...]:
        """The positions on record that no monitor watches, oldest first."""
        return tuple(self._unwatched.items())

    def note_unwatched(
        self, key: MonitorKey, event: UnwatchedPosition, at: datetime, alert: Alert | None = None
    ) -> None:
        """Record a position that no monitor watches, or that this is over, with an alert."""
        del at
        self._unwatched.pop(key, None)
        if not event.over:
            self._unwatched[key] = event
        if alert is not None:
            self._put_out(alert)

    def pending_alerts(self, after: int = 0, limit: int = 100) -> tuple[PendingAlert, ...]:
        """The alerts that some sink does not have yet, oldest first, with ids above ``after``."""
        return tuple(each for number, each in self._outbox.items() if number > after)[:limit]

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, oldest first."""
        every = self._controls.values()
        return tuple(one for one in every if one.is_in_force or one.acknowledged_at is None)

    def control(self, asked: Control) -> Control:
        """Record a pause, halt or resume, and return it with its number.

        Raises:
            ConfigurationError: it is a resume, and more than it names is stopped.
        """
        over, number = ends(asked, self._controls.values()), len(self._controls) + 1
        for each in over:
            self._controls[each.number] = replace(each, ended_by=number)
        self._controls[number] = replace(asked, number=number)
        return replace(asked, number=number, ended=over)

    def acknowledge(self, number: int, at: datetime) -> None:
        """Note since when the engine goes by a control."""
        self._controls[number] = replace(self._controls[number], acknowledged_at=at)

    def note_deliveries(self, alerts: Sequence[PendingAlert]) -> None:
        """Note how far these alerts have got at each sink."""
        for pending in alerts:
            self._outbox[pending.id] = pending
            if pending.delivered_at is not None:
                del self._outbox[pending.id]

    def _apply(self, data: _MonitorData, step: Step) -> MonitorRecord:
        record, stored = step.record, data.record
        written = replace(record, version=record.version + 1)
        data.record = replace(
            written,
            role=stored.role,
            follows=stored.follows,
            wakes=stored.wakes,
            source=stored.source,
        )
        for intent in step.intents:
            data.intents[intent.id] = intent
            self._owners[intent.id] = record.id
        data.transitions += step.transitions
        data.calls += step.calls
        data.decisions += step.decisions
        if step.alert is not None:
            self._add_alert(data, step.alert)
        return written

    def _add_alert(self, data: _MonitorData, alert: Alert) -> None:
        data.last_alert = alert
        self._put_out(alert)

    def _put_out(self, alert: Alert) -> None:
        self._alerts += 1
        self._outbox[self._alerts] = PendingAlert(self._alerts, alert)
