"""The door judges what is asked for, never the market, and refuses one monitor at a time."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from threading import Event, Thread

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, UIDS, Interrupted, Stage
from trueup import (
    Account,
    InstrumentError,
    Ladder,
    LoopSettings,
    MonitorKey,
    MonitorRecord,
    Reconciler,
    RunOutcome,
    RunReport,
    Side,
)
from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.observation import Unknown
from trueup.domain.ports import Exchange, Moment
from trueup.engine.door import Door, Refused, Wanted
from trueup.simulator import Fault, FaultKind, InstrumentSpec

BAND, OTHER = "BANDUSDT", "FTMUSDT"
FOLLOWS = {"main": None, "mirror": "main"}
OTHER_LADDER = Ladder.of(("0.72", 50), ("0.74", 20), ("0.76", 20), ("0.80", 10))
KEY = MonitorKey("main", OTHER, Side.BUY)
TYPO = MonitorKey("mirror", "BONDUSDT", Side.SELL)
GOOD = MonitorKey("mirror", BAND, Side.SELL)
DEADLINE_S = 60


@pytest.fixture
def other(stage: Stage) -> MonitorRecord:
    """A long of the main account, watched and covered, and no rules of contracts in memory."""
    spec = InstrumentSpec(
        symbol=OTHER, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
    )
    stage.sim.add_instrument(spec, price="0.70")
    stage.sim.open_position(UIDS["main"], OTHER, "Buy", "600", "0.69")
    monitor = stage.reconciler.watch("main", OTHER, "Buy", OTHER_LADDER)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    stage.clock.advance(3_601_000)
    return monitor


def skipped(stage: Stage, key: MonitorKey) -> RunReport:
    """The first of two runs: both are skipped, and one alert is enough for both."""
    first, second = (stage.reconciler.reconcile(key) for _ in range(2))
    assert [first.outcome, second.outcome] == [RunOutcome.SKIPPED] * 2
    assert (second.alert, first.writes, second.writes) == (None, 0, 0)
    return first


def test_watching_a_monitor_on_record_asks_the_exchange_for_nothing(
    stage: Stage, other: MonitorRecord
) -> None:
    stage.sim.delist(OTHER)
    before = len(stage.sim.requests)
    assert stage.reconciler.watch("main", OTHER, "Buy", OTHER_LADDER).ladder == other.ladder
    edited = Ladder.of(("0.72", 60), ("0.745", 40))
    assert stage.reconciler.watch("main", OTHER, "Buy", edited).ladder == edited
    assert len(stage.sim.requests) == before


def test_a_delisted_contract_is_alerted_once_with_the_figures_on_record(
    stage: Stage, other: MonitorRecord
) -> None:
    stage.sim.delist(OTHER)
    alert = skipped(stage, other.key).alert
    assert alert is not None
    assert (
        "FTMUSDT is not traded: the exchange has no such contract; the last position on record was "
        "600, of which 600 was covered" in alert.text
    )
    assert "Position Size: unknown" in alert.text, "nobody can read it any more"


def test_a_position_opened_beyond_the_first_level_is_a_condition(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.65")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    alert = skipped(stage, monitor.key).alert
    assert alert is not None
    assert "TP1 at 0.6528 is on the losing side of the entry 0.65" in alert.text
    assert "Position Size: 307.3" in alert.text


def test_a_ladder_off_the_tick_is_a_condition(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.68")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", Ladder.of(("0.65281", 100)))
    report = stage.reconciler.reconcile(monitor)
    assert report.alert is not None
    assert "its price 0.65281 is not a multiple of the tick size 0.0001" in report.alert.text
    assert "0 of 307.3 is covered, 307.3 is not" in report.alert.text


def test_a_refused_monitor_is_not_stored_and_stops_no_other(stage: Stage) -> None:
    door = Door(stage.reconciler, {TYPO: Wanted(BAND_LADDER), GOOD: Wanted(BAND_LADDER)}, FOLLOWS)
    assert door.watch_stored() == ()
    assert door.watch_new() == (Refused(TYPO, "the exchange does not trade this symbol"),)
    assert [record.key for record in stage.reconciler.monitors()] == [GOOD]


def test_a_symbol_that_cannot_be_asked_for_comes_under_watch(stage: Stage) -> None:
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="instruments-info", status=503))
    door = Door(stage.reconciler, {TYPO: Wanted(BAND_LADDER)}, FOLLOWS)
    assert door.watch_new() == ()
    report = stage.reconciler.reconcile(TYPO)
    assert report.outcome is RunOutcome.SKIPPED
    assert report.alert is not None
    assert "BONDUSDT is not traded" in report.alert.text
    assert "no position of it is on record" in report.alert.text


def test_a_mirror_comes_after_the_main_account_whose_ladder_it_copies(stage: Stage) -> None:
    main = MonitorKey("main", BAND, Side.SELL)
    for uid in UIDS.values():
        stage.sim.open_position(uid, BAND, "Sell", "100", "0.68")
    door = Door(stage.reconciler, {GOOD: Wanted(), main: Wanted(BAND_LADDER)}, FOLLOWS)
    assert door.watch_new() == ()
    assert [record.id for record in stage.reconciler.monitors()] == [1, 2], "by key: main first"


class Unanswered(Interrupted):
    """An account whose exchange does not answer until the event is set."""

    def __init__(self, real: BybitExchange, answers: Event) -> None:
        super().__init__(real, {})
        self._answers = answers

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """Waits."""
        assert self._answers.wait(DEADLINE_S)
        return super().instrument(symbol, since=since)


@pytest.fixture
def answers() -> Iterator[Event]:
    """Set at the end, whatever happens."""
    made = Event()
    yield made
    made.set()


def test_an_account_that_does_not_answer_holds_up_no_other(stage: Stage, answers: Event) -> None:
    def connect(account: Account) -> Exchange:
        real = BybitExchange(account, clock=stage.clock)
        return Unanswered(real, answers) if account.name == "main" else real

    stage.reconciler.close()
    true = Event()
    with Reconciler(stage.url, accounts=stage.accounts(), sinks=[], connect=connect) as reconciler:
        stage.reconciler = reconciler
        stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.68")
        wanted = {KEY: Wanted(OTHER_LADDER), GOOD: Wanted(BAND_LADDER)}
        door = Door(reconciler, wanted, FOLLOWS)
        assert door.watch_stored() == ()
        reconciler.start(
            [],
            settings=replace(LoopSettings()),
            on_run=lambda _reason, report: true.set() if report.is_true else None,
        )
        opening = Thread(target=door.watch_new)
        opening.start()
        assert true.wait(DEADLINE_S)
        assert opening.is_alive(), "the main account has not answered yet"
        assert sum(order.leaves for order in stage.sim.orders(MIRROR)) == Decimal("307.3")
        answers.set()
        opening.join()
        assert {record.key for record in reconciler.monitors()} == {GOOD}


def test_the_caller_is_told_of_a_symbol_that_nobody_knows(stage: Stage) -> None:
    with pytest.raises(InstrumentError, match="does not trade this symbol"):
        stage.reconciler.watch("mirror", TYPO.symbol, "Sell", BAND_LADDER)
    assert stage.reconciler.monitors() == ()
