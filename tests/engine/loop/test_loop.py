"""A reconciler that runs by itself: sweeps, retries, wakes, resumes, and a clean stop."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Interrupted, Stage
from trueup import (
    ConfigurationError,
    Ladder,
    LoopSettings,
    MonitorKey,
    Reconciler,
    RunOutcome,
    RunReport,
    RunSettings,
    Side,
    StateName,
    StoreError,
    Sweep,
)
from trueup.adapters.notify import CallableSink
from trueup.domain.model.observation import Observation, Reading, Unknown
from trueup.domain.model.order import Position
from trueup.simulator import Fault, FaultKind, InstrumentSpec

MIRROR = UIDS["mirror"]
KEY = MonitorKey("mirror", "BANDUSDT", Side.SELL)
SETTINGS = RunSettings(
    read_budget=timedelta(milliseconds=1),
    grace=timedelta(milliseconds=1),
    pause=timedelta(milliseconds=1),
    retry_after=timedelta(milliseconds=50),
)
OFTEN = LoopSettings(interval=timedelta(milliseconds=20), streams=False)
RARELY = LoopSettings(interval=timedelta(hours=1), streams=False)
DEADLINE_S = 60.0
ETH = InstrumentSpec(
    symbol="ETHUSDT", tick="0.1", step="0.1", min_quantity="0.1", max_quantity="1000"
)


class Dead(KeyboardInterrupt):
    """The process is gone, as far as this reconciler is concerned."""


@dataclass
class Life:
    """A service on the machine's clock, and the runs and sweeps that it reports."""

    stage: Stage
    reconciler: Reconciler
    runs: SimpleQueue[tuple[str, RunReport]] = field(default_factory=SimpleQueue)
    sweeps: SimpleQueue[Sweep] = field(default_factory=SimpleQueue)

    def start(self, settings: LoopSettings) -> None:
        """Starts it."""
        self.reconciler.start(
            settings=settings,
            on_run=lambda reason, report: self.runs.put((reason, report)),
            on_sweep=self.sweeps.put,
        )

    def next_run(self) -> tuple[str, RunOutcome, Decimal]:
        """Why the next run ran, how it ended, and what it covers."""
        reason, report = self.runs.get(timeout=DEADLINE_S)
        return reason, report.outcome, report.covered

    def next_sweep(self) -> Sweep:
        """The next sweep."""
        return self.sweeps.get(timeout=DEADLINE_S)


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged."""
    kept: list[str] = []
    sink = logger.add(kept.append, level="INFO", format="{message}")
    yield kept
    logger.remove(sink)


@pytest.fixture
def lives(tmp_path: Path) -> Iterator[Callable[..., Life]]:
    """Makes reconcilers, one after the other, on one stage."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")

        def life(
            reach: Callable[[str], None] = lambda _point: None,
            settings: RunSettings = SETTINGS,
        ) -> Life:
            stage.reconciler.close()
            stage.reconciler = Reconciler(
                stage.url,
                accounts=stage.accounts(),
                settings=settings,
                sinks=[CallableSink(stage.alerts.append)],
                randomness=CountedChance(),
                connect=stage.connect,
                reach=reach,
            )
            return Life(stage, stage.reconciler)

        yield life


@pytest.fixture
def life(lives: Callable[..., Life]) -> Life:
    """A reconciler that watches the mirror's short."""
    made = lives()
    made.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    return made


def test_it_starts_sweeps_and_follows(life: Life) -> None:
    life.start(OFTEN)
    assert life.next_run() == ("start-up", RunOutcome.SUCCESS, Decimal("307.3"))
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    assert life.next_run() == ("sweep", RunOutcome.SUCCESS, Decimal("921.9"))
    assert life.reconciler.stop()
    assert [alert.status for alert in life.stage.alerts] == [RunOutcome.SUCCESS] * 2


def test_what_stands_is_swept_and_not_run(life: Life) -> None:
    life.start(OFTEN)
    life.next_run()
    while life.next_sweep().drifted or not life.runs.empty():
        while not life.runs.empty():  # a sweep that began before the first run ended asks for more
            life.next_run()
    journal = life.reconciler.store.rows("transition_log")
    for _ in range(3):
        assert life.next_sweep().drifted == {}
    life.reconciler.stop()
    assert life.runs.empty()
    assert life.reconciler.store.rows("transition_log") == journal


def test_a_wake_runs_a_monitor_now(life: Life) -> None:
    life.start(RARELY)
    life.next_run()
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    life.reconciler.wake(KEY)
    assert life.next_run() == ("caller", RunOutcome.SUCCESS, Decimal("921.9"))


def test_a_new_ladder_runs_now_and_what_follows_it_too(life: Life) -> None:
    life.stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "100", "0.6800")
    life.start(RARELY)
    life.next_run()
    life.reconciler.watch("main", "BANDUSDT", "Sell", Ladder.of(("0.61", 50), ("0.60", 50)))
    reports = [life.next_run() for _ in range(2)]
    assert ("caller", RunOutcome.SUCCESS, Decimal(100)) in reports
    assert ("caller", RunOutcome.IN_SYNC, Decimal("307.3")) in reports


def test_a_failed_monitor_runs_again_when_its_try_is_due(life: Life) -> None:
    life.stage.sim.inject(
        Fault(kind=FaultKind.SERVER_ERROR, uid=MIRROR, path="order/realtime", times=2)
    )
    life.start(RARELY)
    assert life.next_run()[:2] == ("start-up", RunOutcome.FAILED)
    reason, outcome, _ = life.next_run()
    assert (reason, outcome) in {
        ("retry", RunOutcome.SUCCESS),
        ("retry", RunOutcome.FAILED),
    }


def test_sweeps_leave_a_failed_monitor_its_pause(lives: Callable[..., Life]) -> None:
    life = lives()
    life.reconciler.watch("mirror", "BANDUSDT", "Sell")
    life.start(OFTEN)
    assert life.next_run()[:2] == ("start-up", RunOutcome.SKIPPED)
    reasons = {life.next_run()[0] for _ in range(2)}
    assert reasons == {"retry"}


def test_an_account_that_cannot_be_read_is_told_and_its_monitors_tell_it(life: Life) -> None:
    life.stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, uid=MIRROR, times=None))
    life.start(OFTEN)
    sweep = life.next_sweep()
    assert (sweep.account, sweep.monitors) == ("mirror", 1)
    assert "could not be read" in sweep.unreadable
    assert life.next_run()[:2] == ("start-up", RunOutcome.FAILED)
    life.stage.sim.clear_faults()
    while life.next_run()[1] is not RunOutcome.SUCCESS:
        pass
    assert life.next_sweep().account == "mirror"


def test_what_a_dead_process_left_is_finished_first(lives: Callable[..., Life]) -> None:
    def die(point: str) -> None:
        if point == "place.after-reply":
            raise Dead

    dying = lives(die)
    monitor = dying.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    with pytest.raises(Dead):
        dying.reconciler.reconcile(monitor)
    left = dying.reconciler.store.load(KEY)
    assert left is not None
    assert left.state is StateName.PLACING
    life = lives()
    life.start(RARELY)
    assert life.next_run() == ("resume", RunOutcome.SUCCESS, Decimal("307.3"))
    assert len(life.stage.sim.orders(MIRROR)) == 4


def test_a_broken_database_stops_it_and_is_told(life: Life) -> None:
    life.reconciler.store.close()
    with pytest.raises(StoreError):
        life.start(OFTEN)


def test_a_database_that_breaks_under_way_stops_it_and_is_told(life: Life) -> None:
    life.start(OFTEN)
    life.next_run()
    life.reconciler.store.close()
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    with pytest.raises(StoreError):
        life.reconciler.wait(timedelta(seconds=DEADLINE_S))
    with pytest.raises(StoreError):
        life.reconciler.stop()
    assert life.reconciler.wait(timedelta(0))


def test_a_listener_that_raises_ends_nothing(life: Life) -> None:
    def raises(_sweep: Sweep) -> None:
        raise RuntimeError

    def reports_and_raises(reason: str, report: RunReport) -> None:
        life.runs.put((reason, report))
        raise RuntimeError

    life.reconciler.start(
        settings=LoopSettings(interval=timedelta(hours=1), streams=False),
        on_run=reports_and_raises,
        on_sweep=raises,
    )
    assert life.next_run()[:2] == ("start-up", RunOutcome.SUCCESS)
    life.reconciler.wake(KEY)
    assert life.next_run()[:2] == ("caller", RunOutcome.IN_SYNC)
    assert life.reconciler.stop()


def test_it_starts_once(life: Life) -> None:
    life.start(RARELY)
    with pytest.raises(ConfigurationError, match="is already running"):
        life.reconciler.start()
    assert life.reconciler.stop()
    assert life.reconciler.stop()
    life.start(RARELY)
    life.next_sweep()


def test_an_unwatched_monitor_is_let_go_and_taken_up_again(lives: Callable[..., Life]) -> None:
    life = lives()
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    life.start(OFTEN)
    assert life.next_run()[1:] == (RunOutcome.SUCCESS, Decimal("307.3"))
    life.reconciler.unwatch(KEY)
    while life.next_sweep().monitors:
        pass
    while not life.runs.empty():
        assert life.next_run()[1] is RunOutcome.IN_SYNC
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    life.next_sweep()
    life.next_sweep()
    assert life.runs.empty()
    with pytest.raises(ConfigurationError, match="is not watched"):
        life.reconciler.reconcile(KEY)
    assert life.reconciler.reconcile_all() == ()
    life.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert life.next_run()[1:] == (RunOutcome.SUCCESS, Decimal("407.3"))


def test_a_monitor_whose_run_breaks_slows_down(lives: Callable[..., Life]) -> None:
    life = lives(settings=replace(SETTINGS, retry_after=timedelta(minutes=1)))
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    life.stage.moments["observe"] = [_breaks] * 1000
    life.start(replace(OFTEN, cool_down=timedelta(milliseconds=1)))
    reports = [life.runs.get(timeout=DEADLINE_S) for _ in range(2)]
    for _ in range(30):
        life.next_sweep()
    life.reconciler.stop()
    assert [report.is_broken for _, report in reports] == [True, True]
    assert reports[-1][1].record.attempts == 2
    assert life.runs.empty()
    assert len(life.stage.alerts) == 1


def test_a_monitor_whose_run_broke_runs_on_a_new_drift(lives: Callable[..., Life]) -> None:
    life = lives(settings=replace(SETTINGS, retry_after=timedelta(minutes=1)))
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    life.stage.moments["observe"] = [_breaks] * 2
    life.start(replace(OFTEN, cool_down=timedelta(milliseconds=1)))
    assert [life.next_run()[1] for _ in range(2)] == [RunOutcome.FAILED] * 2
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    assert life.next_run()[1:] == (RunOutcome.SUCCESS, Decimal("921.9"))


HALF_A_CHARACTER = "502 \ud800"
THIRTY_DIGITS = Decimal("123456789012345678901234567890.1")


@pytest.mark.parametrize("size", [None, THIRTY_DIGITS, Decimal("NaN")], ids=str)
def test_what_cannot_be_stored_or_calculated_concerns_one_account(
    lives: Callable[..., Life], monkeypatch: pytest.MonkeyPatch, size: Decimal | None
) -> None:
    def answers(exchange: Interrupted, symbols: Sequence[str] | None = None) -> Reading:
        if exchange.account == "main":
            return seen(exchange, list(symbols or ["BANDUSDT"]))
        if size is None:
            return Unknown(exchange.account, datetime.now(UTC), HALF_A_CHARACTER)
        positions = (Position("BANDUSDT", Side.SELL, size, Decimal("0.68")),)
        return Observation(exchange.account, datetime.now(UTC), positions, ())

    seen = Interrupted.observe
    life = lives()
    life.stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "307.3", "0.6800")
    for name in UIDS:
        life.reconciler.watch(name, "BANDUSDT", "Sell", BAND_LADDER)
    monkeypatch.setattr(Interrupted, "observe", answers)
    monkeypatch.setattr(Interrupted, "survey", answers)
    life.start(OFTEN)
    ends: list[RunReport] = []
    for covered in (Decimal("307.3"), Decimal("614.6")):
        while not ends or (ends[-1].key.account, ends[-1].covered) != ("main", covered):
            ends.append(life.runs.get(timeout=DEADLINE_S)[1])
        for _ in range(4):
            life.next_sweep()
        life.stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "307.3", "0.6800")
    assert life.reconciler.stop()
    outcomes = {(report.key.account, report.outcome) for report in ends}
    assert outcomes == {("main", RunOutcome.SUCCESS), ("mirror", RunOutcome.FAILED)}
    assert RunOutcome.FAILED in {alert.status for alert in life.stage.alerts}


def _breaks() -> None:
    raise LookupError("a defect")


def test_a_row_that_nobody_understands_blinds_the_sweep_for_its_symbol_alone(
    lives: Callable[..., Life], lines: list[str]
) -> None:
    life = lives()
    life.stage.sim.add_instrument(ETH, price="4000")
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    order_id = life.stage.sim.place_entry(MIRROR, "ETHUSDT", "Buy", "1", "3900", "hand")
    life.stage.sim.show_order_as(MIRROR, order_id, orderStatus="Held")
    life.start(OFTEN)
    assert life.next_run()[1] is RunOutcome.SUCCESS
    sweeps = [life.next_sweep() for _ in range(4)]
    assert [sweep.unreadable for sweep in sweeps] == [""] * 4
    assert all("orderStatus" in sweep.unread["ETHUSDT"] for sweep in sweeps)
    (row,) = life.reconciler.store.rows("account_status")
    assert row["view_state"] == "swept"
    assert "ETHUSDT" in str(row["reason"])
    life.stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    while (run := life.next_run())[1] is RunOutcome.IN_SYNC:
        pass
    assert run[1:] == (RunOutcome.SUCCESS, Decimal("614.6"))
    assert sum("blind for ETHUSDT" in line for line in lines) == 1
    life.stage.sim.cancel_by_hand(MIRROR, order_id)
    while life.next_sweep().unread:
        pass
    life.next_sweep()
    assert sum("see ETHUSDT again" in line for line in lines) == 1


def test_a_row_of_a_watched_symbol_is_said_by_its_monitor(lives: Callable[..., Life]) -> None:
    life = lives()
    life.stage.sim.add_instrument(ETH, price="4000")
    life.stage.sim.open_position(MIRROR, "ETHUSDT", "Buy", "1", "4000")
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    life.reconciler.watch("mirror", "ETHUSDT", "Buy", Ladder.of(("5000", 100)))
    order_id = life.stage.sim.place_entry(MIRROR, "ETHUSDT", "Buy", "1", "3900", "hand")
    life.stage.sim.show_order_as(MIRROR, order_id, side="Both")
    life.start(OFTEN)
    ends: dict[str, RunReport] = {}
    while len(ends) < 2:
        _, report = life.runs.get(timeout=DEADLINE_S)
        ends.setdefault(report.key.symbol, report)
    assert ends["BANDUSDT"].outcome is RunOutcome.SUCCESS
    assert ends["ETHUSDT"].outcome is RunOutcome.FAILED
    alert = ends["ETHUSDT"].alert
    assert alert is not None
    assert "side has an unexpected value: 'Both'" in alert.text
    assert "Position Size: 1" in alert.text
    life.stage.sim.cancel_by_hand(MIRROR, order_id)
    while (report := life.runs.get(timeout=DEADLINE_S)[1]).outcome is not RunOutcome.SUCCESS:
        pass
    assert report.key.symbol == "ETHUSDT"
