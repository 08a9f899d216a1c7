"""P10: no alert is lost, and none lies."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from trueup.domain.model.alert import Alert
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.record import MonitorRecord, StateName
from trueup.domain.reporting.alert_text import level_results
from trueup.domain.store import Step
from trueup.states.work.settings import RunSettings

from ..ledger.book import Book
from ..scene.scene import Scene
from .promise import Promise
from .sinks import PROMPT

_SIZE = re.compile(r"^• Position Size: (\S+)$", re.MULTILINE)
_SLACK_MS = 15_000
_EXPIRES = "⏳ the contract expires on"
_NOTICES = (timedelta(days=7), timedelta(hours=24))
_CONTEST = RunSettings().contest
_AWAY = "DATABASE CANNOT BE WRITTEN"
_BACK = "DATABASE CAN BE WRITTEN AGAIN"
_OFTEN = 5
_FIGHT = "somebody else keeps changing"


class NoAlertLost(Promise):
    """A run with intents has exactly one alert on record, and every alert is delivered.

    Intents that were held back count for nothing: their requests never left, and what the run then
    found to do has intents of its own.
    A contest has one alert when it begins; after that only a run with a write that failed has one.
    """

    name = "P10 no alert is lost"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Counts the alerts of a run that ends."""
        del before, at_ms
        for transition in step.transitions:
            if transition.target is not StateName.IDLE and transition.event != "again":
                continue
            run = self.ledger.runs[transition.run_id]
            book = self.ledger.books[step.record.key]
            own = [i for i in book.intents.values() if i.run_id == transition.run_id]
            acted = any(intent.status is not IntentStatus.HELD for intent in own)
            if self._goes_on(step):
                acted = not all(each.is_processed for each in level_results(own))
            if (acted and len(run.alerts) != 1) or len(run.alerts) > 1:
                self.broken(
                    step.record.key, f"{transition.run_id} ended with {len(run.alerts)} alerts"
                )

    def _goes_on(self, step: Step) -> bool:
        """Whether an alert has said that somebody else keeps changing the monitor's orders."""
        said = [a for a in self.ledger.alerts if a.key == step.record.key and _FIGHT in a.text]
        return _CONTEST.is_contested(step.record) and bool(said)

    def on_delivery(self, alert: Alert) -> None:
        """An alert that is delivered must be on record already."""
        if alert.run_id and alert not in self.ledger.alerts:
            self.broken(alert.key, "an alert was delivered before it was on record")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Every alert of the monitor was delivered."""
        del at_ms
        for alert in self.ledger.alerts:
            if alert.key == book.key and alert not in self.ledger.delivered:
                self.broken(book.key, f"the alert of {alert.run_id} was never delivered")


class OutageIsSaid(Promise):
    """While the database cannot be written, the sinks are told directly; once it can be, again.

    Only the service waits for the database: a caller's own run raises, and its caller knows. A
    process that dies in between takes with it what it had to say. A sink that has refused the
    beginning five times may be told of the end alone.
    """

    name = "P10 an outage of the database is said"

    def set_scene(self, scene: Scene) -> None:
        """Takes whether the engine runs by itself."""
        self._is_live = scene.is_live
        self._refusals = 0
        self._has_died = False
        self._said: list[str] = []
        self._begun = 0

    def on_store_refusal(self) -> None:
        """A write of the engine has failed."""
        self._refusals += 1

    def on_drop(self) -> None:
        """The process may have died."""
        self._has_died = True

    def on_delivery(self, alert: Alert) -> None:
        """Keeps what a sink was told directly."""
        first = alert.text.splitlines()[0]
        if alert.run_id or not (_AWAY in first or _BACK in first):
            return
        is_begun = self._begun >= _OFTEN or (self._said and _AWAY in self._said[-1])
        if _BACK in first and not is_begun:
            self.broken(alert.key, "the end of an outage is alerted that was not")
        self._said.append(first)
        self._begun = 0

    def on_sink_refusal(self, name: str, alert: Alert, at_ms: int) -> None:
        """Counts how often a sink has refused to be told of the beginning."""
        del at_ms
        said = [each.text.splitlines()[0] for each in alert.includes or (alert,)]
        self._begun += name == PROMPT and any(_AWAY in each for each in said)

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Where writes failed, that was said, and that it is over."""
        del at_ms
        is_due = self._is_live and self._refusals and not self._has_died
        if is_due and not (self._said and _BACK in self._said[-1]):
            self.broken(book.key, f"writes failed, and the sinks were told {self._said}")


class NoAlertLies(Promise):
    """What an alert or intent states was seen at the exchange.

    A place or amend is confirmed only if the exchange showed us the order with that quantity. A
    cancel is confirmed only if the order is closed. A position size that an alert states was the
    true size, or was shown to us, during the run or shortly before. A run whose first commit the
    database held up began when that was tried first.
    """

    name = "P10 no alert lies"

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks confirmed intents and the alert's text against the exchange."""
        del before
        for intent in step.intents:
            if intent.status is IntentStatus.CONFIRMED and not self._was_shown(step, intent):
                self.broken(
                    step.record.key,
                    f"{intent.operation.value} of TP{intent.level} {intent.order_link_id} to "
                    f"{intent.quantity} is confirmed, but was never seen",
                )
        if step.alert is not None:
            self._size(step.alert, at_ms)

    def _was_shown(self, step: Step, intent: Intent) -> bool:
        account = step.record.key.account
        known = "" if intent.operation is Operation.PLACE else intent.order_id
        states = self.ledger.states_of(account, order_id=known, link_id=intent.order_link_id)
        if intent.operation is Operation.CANCEL:
            return bool(states) and not states[-1].status.is_open
        shown = {q for state in states for q in self.ledger.shown.get(state.order_id, ())}
        return bool(shown) and (intent.quantity is None or intent.quantity in shown)

    def _size(self, alert: Alert, at_ms: int) -> None:
        found = _SIZE.search(alert.text)
        if found is None:
            self.broken(alert.key, "the alert does not state the size of the position")
            return
        if found.group(1) == "unknown":
            return
        book = self.ledger.books[alert.key]
        began = self.ledger.runs[alert.run_id].began_ms
        began = min(began, self.ledger.refused_ms.get(alert.key, began)) - _SLACK_MS
        sizes = self.ledger.since(book.sizes, began) + self.ledger.since(book.shown, began)
        if Decimal(found.group(1)) not in (sizes or [Decimal(0)]):
            self.broken(
                alert.key, f"the alert says {found.group(1)}, the position had {sizes} ({at_ms})"
            )


class ExpiryOnce(Promise):
    """Each notice that a contract will expire is alerted once, whatever dies in between.

    A notice is due a week and a day before the end. Where an open position comes to rest with one
    due, it was alerted.
    """

    name = "P10 an expiry is alerted once"

    def set_scene(self, scene: Scene) -> None:
        """Takes the contracts' ends."""
        self._ends = {
            spec.symbol: _at(spec.delivery_ms) for spec, _ in scene.instruments if spec.delivery_ms
        }

    def on_commit(self, step: Step, before: MonitorRecord, at_ms: int) -> None:
        """Checks an alert with a notice against the one before it."""
        del before
        if step.alert is None or _EXPIRES not in step.alert.text:
            return
        key, earlier = step.alert.key, self._alerted(step.alert.key)[:-1]
        begun = self._begun(key.symbol, _at(at_ms))
        if not begun:
            self.broken(key, "an expiry is alerted before it is due")
        elif any(at >= begun[-1] for at in earlier):
            self.broken(key, "the same notice of an expiry is alerted again")

    def at_rest(self, book: Book, at_ms: int) -> None:
        """Checks that the newest notice that is due was alerted."""
        begun = self._begun(book.key.symbol, _at(at_ms))
        if not begun or not book.size:
            return
        if not any(at >= begun[-1] for at in self._alerted(book.key)):
            self.broken(book.key, "an expiry is due, and no alert says so")

    def _begun(self, symbol: str, now: datetime) -> list[datetime]:
        ends = self._ends.get(symbol)
        if ends is None or now >= ends:
            return []
        return [ends - before for before in _NOTICES if ends - before <= now]

    def _alerted(self, key: MonitorKey) -> list[datetime]:
        """When the alerts on record with such a notice were made."""
        return [a.created_at for a in self.ledger.alerts if a.key == key and _EXPIRES in a.text]


def _at(ms: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)
