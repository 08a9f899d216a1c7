"""A position that no monitor watches is alerted once, and once that it is over."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import (
    Account,
    AutoWatch,
    CallableSink,
    ConfigurationError,
    Event,
    EventKind,
    MonitorKey,
    Reconciler,
    Role,
    RuleLadder,
    RunSettings,
    Side,
    Stop,
    UnwatchedPosition,
)
from trueup.domain.model.order import Position
from trueup.domain.model.record import Source
from trueup.engine.loop.sweep import Sweep
from trueup.engine.loop.unwatched import UnwatchedPositions
from trueup.testing import MemoryStore

from .test_loop import DEADLINE_S, ETH, OFTEN

D = Decimal
MIRROR = UIDS["mirror"]
KEY = MonitorKey("main", "ETHUSDT", Side.BUY)
START = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(seconds=15)
POSITION = Position("ETHUSDT", Side.BUY, D(5), D(3000))


@dataclass
class Hand:
    """A clock that is moved by hand."""

    at: timedelta = timedelta(0)

    def now(self) -> datetime:
        """The time by the wall clock."""
        return START + self.at

    def moment(self) -> timedelta:
        """The moment, for durations."""
        return self.at

    def sleep(self, pause: timedelta) -> None:
        """Moves it."""
        self.at += pause


@dataclass
class Sweeps:
    """An account that is swept, and what is reported."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Hand = field(default_factory=Hand)
    settings: RunSettings = field(default_factory=RunSettings)
    said: list[tuple[MonitorKey, UnwatchedPosition]] = field(default_factory=list)
    auto_watch: AutoWatch | None = None
    refuses: str = ""
    given: list[tuple[MonitorKey, AutoWatch]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Starts."""
        self.start()

    def start(self) -> None:
        """Starts, or starts again: what is on record is all that is known."""
        accounts = {"main": Account("main", "key", "secret", auto_watch=self.auto_watch)}
        self.found = UnwatchedPositions(
            self.store, accounts, self.settings, self.clock, self._watch
        )

    def _watch(self, key: MonitorKey, wanted: AutoWatch) -> None:
        """Notes what comes under watch, unless it is refused."""
        self.given.append((key, wanted))
        if self.refuses:
            raise ConfigurationError(self.refuses)

    def sweep(self, *positions: Position, after: int = 15, unread: str = "", why: str = "") -> None:
        """A sweep some seconds later shows these positions without a monitor."""
        self.clock.at += timedelta(seconds=after)
        blind = {unread: "?"} if unread else {}
        sweep = Sweep("main", self.clock.now(), 1, {}, why, blind, positions)
        self.found.swept(sweep, PATIENCE, lambda *each: self.said.append(each))

    @property
    def over(self) -> list[str]:
        """Why what was reported was over, each time."""
        return [event.over for _, event in self.said]

    @property
    def alerts(self) -> list[str]:
        """The first line of each alert of the outbox."""
        return [one.alert.text.splitlines()[0] for one in self.store.pending_alerts()]


@pytest.fixture
def sweeps() -> Sweeps:
    """One account."""
    return Sweeps()


def test_it_is_reported_once_by_the_second_sweep(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    assert sweeps.said == []
    sweeps.sweep(POSITION)
    event = UnwatchedPosition(D(5), D(3000), START + PATIENCE)
    assert sweeps.said == [(KEY, event)]
    sweeps.sweep(replace(POSITION, size=D(9)))
    assert sweeps.said == [(KEY, event)]
    assert sweeps.alerts == ["⚠️ POSITION WITHOUT A MONITOR"]
    assert sweeps.store.unwatched() == ((KEY, event),)


def test_two_sweeps_in_a_row_are_not_enough(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION, after=1)
    assert sweeps.said == []


def test_one_that_a_monitor_is_being_added_for_is_not_reported(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.store.watch(KEY, Role.MAIN, None, None)
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    assert sweeps.said == []


def test_one_that_was_closed_before_the_second_sweep_is_not_reported(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep()
    sweeps.sweep(POSITION)
    assert sweeps.said == []


def test_one_that_was_unwatched_on_purpose_is_not_reported(sweeps: Sweeps) -> None:
    sweeps.store.watch(KEY, Role.MAIN, None, None, source=Source.UNWATCHED)
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    assert sweeps.said == []


def test_it_is_over_once_two_sweeps_no_longer_list_it(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    sweeps.sweep()
    sweeps.sweep(POSITION)
    sweeps.sweep()
    assert sweeps.over == [""]
    sweeps.sweep()
    assert sweeps.over == ["", "the exchange no longer lists it"]
    assert sweeps.alerts[-1] == "☑️ POSITION WITHOUT A MONITOR: OVER"
    sweeps.sweep()
    assert (len(sweeps.said), sweeps.store.unwatched()) == (2, ())


def test_a_sweep_that_is_blind_says_nothing_of_its_end(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    for _ in range(3):
        sweeps.sweep(unread="ETHUSDT")
        sweeps.sweep(why="502")
    assert sweeps.over == [""]


def test_it_is_over_once_a_monitor_watches_it(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    sweeps.store.watch(KEY, Role.MAIN, None, None)
    sweeps.sweep()
    assert sweeps.over == ["", "a monitor watches it now"]


def test_a_new_start_says_nothing_twice(sweeps: Sweeps) -> None:
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    sweeps.start()
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    assert sweeps.over == [""]
    sweeps.sweep()
    sweeps.sweep()
    assert sweeps.over == ["", "the exchange no longer lists it"]


def test_what_is_not_to_be_alerted_is_on_record_all_the_same() -> None:
    sweeps = Sweeps(settings=RunSettings(alerts_of=frozenset({EventKind.POSITION_CLOSED})))
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    assert (sweeps.alerts, len(sweeps.store.unwatched())) == ([], 1)


def test_the_service_alerts_it_and_says_that_it_is_over(stage: Stage) -> None:
    stage.sim.add_instrument(ETH, price="3000")
    stage.sim.open_position(MIRROR, "ETHUSDT", "Buy", "5", "3000")
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url,
        accounts=stage.accounts(),
        sinks=[CallableSink(stage.alerts.append)],
        randomness=CountedChance(),
        connect=stage.connect,
    )
    store, seen = stage.reconciler.store, SimpleQueue[Event]()
    stage.reconciler.start(settings=OFTEN, on_event=lambda _key, event: seen.put(event))
    assert isinstance(_next(seen), UnwatchedPosition)
    stage.reconciler.watch("mirror", "ETHUSDT", "Buy")
    assert _next(seen).over == "a monitor watches it now"
    assert stage.reconciler.stop()
    stage.reconciler.deliver_alerts()
    first, over = (one for one in stage.alerts if "WITHOUT A MONITOR" in one.text)
    assert first.key == over.key == MonitorKey("mirror", "ETHUSDT", Side.BUY)
    assert "no monitor watches the position of 5 at 3000" in first.text
    assert "a monitor watches it now" in over.text
    (row,) = store.rows("unwatched_log")
    assert (row["size"], row["why"]) == ("5", "a monitor watches it now")
    texts = [str(row["text"]) for row in store.rows("alert_log") if row["symbol"] == "ETHUSDT"]
    assert sum("WITHOUT A MONITOR" in text for text in texts) == 2


def _next(seen: SimpleQueue[Event]) -> UnwatchedPosition:
    """The next report of a position without a monitor."""
    while True:
        event = seen.get(timeout=DEADLINE_S)
        if isinstance(event, UnwatchedPosition):
            return event


SWING = AutoWatch(RuleLadder.of((2, 50), (4, 50)), Stop.of(percent=5))


def test_it_comes_under_watch_where_the_account_says_so() -> None:
    sweeps = Sweeps(auto_watch=SWING)
    sweeps.sweep(POSITION)
    assert sweeps.given == [(KEY, SWING)], "at first sight"
    assert [key for key, _ in sweeps.store.unwatched()] == [KEY], "it is on record meanwhile"
    assert sweeps.alerts == [], "its first run says what becomes of it"


def test_one_that_was_reported_before_comes_under_watch_too() -> None:
    sweeps = Sweeps()
    sweeps.sweep(POSITION)
    sweeps.sweep(POSITION)
    sweeps.auto_watch = SWING
    sweeps.start()
    sweeps.sweep(POSITION)
    assert sweeps.given == [(KEY, SWING)]


def test_one_that_was_unwatched_on_purpose_stays_so() -> None:
    sweeps = Sweeps(auto_watch=SWING)
    sweeps.store.watch(KEY, Role.MAIN, None, None, source=Source.UNWATCHED)
    for _ in range(3):
        sweeps.sweep(POSITION)
    assert (sweeps.given, sweeps.alerts) == ([], [])


def test_what_is_refused_is_alerted_once_and_stays_without_a_monitor() -> None:
    sweeps = Sweeps(auto_watch=SWING, refuses="the exchange does not trade this symbol")
    for _ in range(4):
        sweeps.sweep(POSITION)
    assert sweeps.given == [(KEY, SWING)]
    assert sweeps.alerts == ["❌ POSITION WITHOUT A MONITOR: AUTO_WATCH WAS REFUSED"]
    assert [key for key, _ in sweeps.store.unwatched()] == [KEY]
