"""What a soak observes: every change of the exchange, commit and alert, from many threads."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from trueup.domain.model.alert import Alert
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.simulator import Change, Fill

from ..judge.alerts import NoAlertLost
from ..judge.final_state import NeverLost, WholeCover
from ..judge.never_twice import NeverTwice
from ..judge.on_record import IntentFirst
from ..judge.promise import Promise
from ..ledger.book import Book, Claim
from ..ledger.effects import record_changes, refresh
from ..ledger.ledger import Cause, Ledger
from ..ledger.recorded import as_recorded
from ..scene.scene import Scene

_AT_REST: tuple[type[Promise], ...] = (NeverLost, WholeCover, IntentFirst, NoAlertLost)


@dataclass(slots=True)
class PendingFill:
    """A fill that the ladder has not followed yet."""

    at_s: float
    healthy: bool


@dataclass(slots=True)
class Counters:
    """What was counted so far.

    Attributes:
        healthy_ms: milliseconds from a fill until the ladder was whole, for fills whose account met
            no fault meanwhile.
    """

    fills: int = 0
    alerts: int = 0
    healthy_ms: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class Observer:
    """Keeps the ledger, and checks the promises that can be checked at once.

    Args:
        scene: what was there at the start.
    """

    def __init__(self, scene: Scene) -> None:
        self.lock = RLock()
        self.ledger = Ledger(cause=Cause.DELAYED)
        self.seen = Counters()
        self._scene = scene
        self._never_twice = NeverTwice(self.ledger, self._found)
        self._open: dict[MonitorKey, PendingFill] = {}
        self._trouble_until: dict[str, float] = {}

    def found(self, text: str) -> None:
        """Adds a finding, unless it is already known."""
        with self.lock:
            if text not in self.seen.findings:
                self.seen.findings.append(text)

    def fault_expected(self, uid: str, lasts_s: float) -> None:
        """An account, or all (""), may meet faults for this long; its fills are not timed."""
        with self.lock:
            until = time.monotonic() + lasts_s
            for account in [uid] if uid else [a.name for a in self._scene.accounts]:
                self._trouble_until[account] = max(self._trouble_until.get(account, 0.0), until)
                for key, following in self._open.items():
                    following.healthy = following.healthy and key.account != account

    def changed(self, changes: tuple[Change, ...]) -> None:
        """The exchange's orders or positions changed; called under the exchange's lock."""
        with self.lock:
            self._never_twice.on_effect(record_changes(self.ledger, changes))
            self.seen.fills += sum(isinstance(change.subject, Fill) for change in changes)
            for key in {book.key for change in changes for book in self._books(change)}:
                self._follow(self.ledger.books[key])

    def watched(self, record: MonitorRecord, index: int) -> None:
        """A monitor was put under watch, or its ladder was replaced."""
        key = record.key
        with self.lock:
            book = self.ledger.books.get(key)
            if book is None:
                book = Book(key, key.side.opposite.value, index, record)
                self.ledger.books[key] = book
            book.record, book.given = record, record.ladder
            self._open.pop(key, None)

    def committed(self, step: Step, written: MonitorRecord) -> None:
        """A step was committed; ``written`` is the record as stored."""
        key = written.key
        with self.lock:
            ledger, book = self.ledger, self.ledger.books[key]
            book.record = written
            for order in written.orders:
                claim = Claim(key, order.level, order.part)
                ledger.claims[key.account, order.order_link_id] = claim
                if order.order_id:
                    ledger.claims[key.account, order.order_id] = claim
            for intent in step.intents:
                book.intents[intent.id] = intent
                if intent.operation is Operation.PLACE:
                    ledger.sent.add((key.account, intent.order_link_id))
            refresh(ledger, book)

    @contextmanager
    def committing(self, step: Step) -> Iterator[None]:
        """Surrounds a commit: a sink may get the alert before the commit has returned."""
        alerts = self.ledger.alerts
        with self.lock:
            alerts += [step.alert] if step.alert is not None else []
        try:
            yield
        except BaseException:
            with self.lock:
                if step.alert is not None:
                    alerts.remove(step.alert)
            raise

    def delivered(self, alert: Alert) -> None:
        """A sink accepted an alert."""
        with self.lock:
            self.seen.alerts += 1
            alert = as_recorded(self.ledger.alerts, alert)
            if alert not in self.ledger.alerts:
                self.found(f"an alert of {alert.key} was delivered before it was on record")
            self.ledger.delivered.append(alert)

    def at_rest(self) -> list[str]:
        """The findings at rest, when all faults are over and nothing is left to do."""
        texts: list[str] = []

        def found(promise: str, monitor: MonitorKey | str, text: str) -> None:
            texts.append(f"{promise} {monitor}: {text}")

        with self.lock:
            for kind in _AT_REST:
                promise = kind(self.ledger, found)
                promise.set_scene(self._scene)
                for key in sorted(self.ledger.books):
                    promise.at_rest(self.ledger.books[key], 0)
        return texts

    def _found(self, promise: str, monitor: MonitorKey | str, text: str) -> None:
        self.found(f"{promise} {monitor}: {text}")

    def _books(self, change: Change) -> Sequence[Book]:
        symbol = getattr(change.subject, "symbol", "")
        return tuple(self.ledger.books_of(change.uid, symbol))

    def _follow(self, book: Book) -> None:
        """Times the way from a position that its ladder does not cover to one that it does."""
        now, key = time.monotonic(), book.key
        if book.leaves == book.size:
            following = self._open.pop(key, None)
            if following is not None and following.healthy:
                self.seen.healthy_ms.append(1000 * (now - following.at_s))
        elif key not in self._open:
            healthy = now > self._trouble_until.get(key.account, 0.0)
            self._open[key] = PendingFill(now, healthy)
