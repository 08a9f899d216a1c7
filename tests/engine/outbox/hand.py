"""What the tests of the outbox share: a clock that a hand moves, sinks that refuse, a database."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.record import RunOutcome
from trueup.domain.ports import AlertSink, Moment
from trueup.domain.store import Step
from trueup.engine.outbox.outbox import Outbox
from trueup.engine.run.outage import Outage
from trueup.storage import SqlStore

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PATIENCE = timedelta(seconds=60)


class HandClock:
    """Stands still until it is moved.

    Attributes:
        ahead: by how much the wall clock is wrong.
    """

    def __init__(self) -> None:
        self._passed = timedelta(0)
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        """Noon, and what has passed since, by a clock that may be ahead."""
        return NOON + self._passed + self.ahead

    def moment(self) -> Moment:
        """What has passed."""
        return self._passed

    def sleep(self, duration: timedelta) -> None:
        """Passes at once."""
        self._passed += duration


class Chat:
    """A sink that takes what it is told to take.

    Attributes:
        refuses: whether it refuses an alert.
        taken: the texts that it took, in order.
        tries: how often it was called.
    """

    def __init__(self, name: str, refuses: Callable[[Alert], bool] = lambda _alert: False) -> None:
        self.name = name
        self.refuses = refuses
        self.taken: list[str] = []
        self.tries = 0

    def deliver(self, alert: Alert) -> None:
        """Takes the alert, or refuses."""
        self.tries += 1
        if self.refuses(alert):
            raise ConnectionError("https://chat.example/?token=s3cret is down")
        self.taken.append(alert.text)


def key(symbol: str) -> MonitorKey:
    """A monitor of the main account."""
    return MonitorKey("main", symbol, Side.BUY)


def write(store: SqlStore, symbol: str, text: str, status: RunOutcome = RunOutcome.SUCCESS) -> None:
    """Commits a step of that monitor with an alert."""
    record = store.watch(key(symbol), Role.MAIN, None, None)
    store.commit(Step(record, alert=Alert(f"run-{text}", record.key, status, text, NOON)))


def outbox_of(store: SqlStore, sinks: Sequence[AlertSink], clock: HandClock) -> Outbox:
    """The outbox of that database."""
    return Outbox(store, sinks, clock, Outage(clock))
