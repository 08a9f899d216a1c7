"""A dated future under watch: alerted a week and a day before its end, once, and flat after it."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import START_MS, UIDS, Stage
from trueup import Ladder, LoopSettings, MonitorRecord, RunOutcome, RunReport, Sweep
from trueup.simulator import InstrumentSpec

MAIN = UIDS["main"]
DATED = "BTCUSDT-28FEB25"
DEADLINE_S = 60.0
DAY_MS = 86_400_000
ENDS_MS = START_MS + 10 * DAY_MS
LADDER = Ladder.of(("61000", 85), ("62000", 5), ("63000", 5), ("64000", 5))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage with a long of a dated future that is delivered in ten days."""
    with Stage(tmp_path) as opened:
        opened.sim.add_instrument(
            InstrumentSpec(
                symbol=DATED,
                tick="0.5",
                step="0.001",
                min_quantity="0.001",
                max_quantity="100",
                delivery_ms=ENDS_MS,
            ),
            price="60000",
        )
        opened.sim.open_position(MAIN, DATED, "Buy", "0.5", "59000")
        yield opened


@pytest.fixture
def dated(stage: Stage) -> MonitorRecord:
    """The long under watch, with its ladder."""
    monitor = stage.reconciler.watch("main", DATED, "Buy", LADDER)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    stage.alerts.clear()
    return monitor


def until(stage: Stage, before: timedelta) -> None:
    """Moves on to some time before the delivery."""
    at_ms = ENDS_MS - before // timedelta(milliseconds=1)
    stage.clock.advance(at_ms - stage.clock.now_ms())


def reopen(stage: Stage) -> None:
    """The process ends, and another one starts on the same database."""
    stage.reconciler.close()
    stage.reconciler = stage.open()


def _put(runs: SimpleQueue[str], reason: str, report: RunReport) -> None:
    del report
    runs.put(reason)


def expiries(stage: Stage) -> list[str]:
    """The lines about the expiry in the alerts so far."""
    lines = [line for alert in stage.alerts for line in alert.text.splitlines()]
    return [line.partition("⏳ ")[2] for line in lines if "⏳" in line]


def test_it_is_alerted_a_week_and_a_day_before_once_each(
    stage: Stage, dated: MonitorRecord
) -> None:
    for hours in range(8 * 24, 0, -5):
        until(stage, timedelta(hours=hours))
        assert stage.reconciler.reconcile(dated).outcome is RunOutcome.IN_SYNC
        if hours % 3 == 0:
            reopen(stage)
    assert expiries(stage) == [
        "the contract expires on 2025-02-04 12:58 UTC, in 6 days 23 hours",
        "the contract expires on 2025-02-04 12:58 UTC, in 22 hours",
    ]
    assert [alert.status for alert in stage.alerts] == [RunOutcome.IN_SYNC] * 2
    assert "Position Size: 0.5" in stage.alerts[0].text
    assert "already match the ladder" in stage.alerts[0].text


def test_the_sweep_sees_that_it_is_due(stage: Stage, dated: MonitorRecord) -> None:
    assert dated.expiry_alerted_at is None
    settings = LoopSettings(interval=timedelta(hours=1), streams=False)
    for days, said in ((6, "in 5 days 23 hours"), (5, "")):
        until(stage, timedelta(days=days) - timedelta(milliseconds=1))
        stage.alerts.clear()
        sweeps: SimpleQueue[Sweep] = SimpleQueue()
        runs: SimpleQueue[str] = SimpleQueue()
        reopen(stage)
        stage.reconciler.start(
            settings=settings,
            on_run=partial(_put, runs),
            on_sweep=sweeps.put,
        )
        drifted = sweeps.get(timeout=DEADLINE_S).drifted
        assert len(drifted) == bool(said)
        if said:
            runs.get(timeout=DEADLINE_S)
        stage.reconciler.stop()
        assert [line.partition(", ")[2] for line in expiries(stage)] == [said] * bool(said)


def test_a_repair_and_the_notice_are_one_alert(stage: Stage, dated: MonitorRecord) -> None:
    until(stage, timedelta(days=3))
    stage.sim.open_position(MAIN, DATED, "Buy", "0.5", "59000")
    assert stage.reconciler.reconcile(dated).outcome is RunOutcome.SUCCESS
    assert len(stage.alerts) == len(expiries(stage)) == 1


def test_a_monitor_without_a_position_is_not_alerted(stage: Stage, dated: MonitorRecord) -> None:
    stage.sim.set_position(MAIN, DATED, "Buy", "0")
    until(stage, timedelta(days=3))
    stage.reconciler.reconcile(dated)
    assert expiries(stage) == []
    stage.sim.open_position(MAIN, DATED, "Buy", "0.5", "59000")
    stage.reconciler.reconcile(dated)
    assert len(expiries(stage)) == 1, "it is, once one is open"


@pytest.mark.parametrize("waits_ms", [0, 60_000, 3_600_000])
def test_a_position_that_is_settled_at_the_delivery_ends_flat(
    stage: Stage, dated: MonitorRecord, waits_ms: int
) -> None:
    until(stage, timedelta(hours=1))
    stage.reconciler.reconcile(dated)
    stage.alerts.clear()
    until(stage, timedelta(0))
    stage.clock.advance(waits_ms)
    before = len(stage.writes())
    reports = [stage.reconciler.reconcile(dated) for _ in range(3)]
    assert [report.outcome for report in reports] == [RunOutcome.IN_SYNC] * 3
    assert (reports[-1].record.position_size, reports[-1].covered) == (Decimal(0), Decimal(0))
    assert reports[-1].record.resting == ()
    assert len(stage.writes()) == before
    (alert,) = stage.alerts
    assert "expires on 2025-02-04 12:58 UTC: its position of 0.5 is closed" in alert.text
    assert alert.text.endswith("there is no position, and no TP order")


def test_while_it_is_delivering_with_a_position_nothing_is_sent(
    stage: Stage, dated: MonitorRecord
) -> None:
    stage.sim.set_instrument_status(DATED, "Delivering")
    stage.clock.advance(3_601_000)
    reports = [stage.reconciler.reconcile(dated) for _ in range(2)]
    assert [report.outcome for report in reports] == [RunOutcome.SKIPPED] * 2
    (alert,) = stage.alerts
    assert f"{DATED} takes no orders: its status is Delivering" in alert.text
