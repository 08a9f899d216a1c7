"""Each failure that was alerted has one all-clear, and a text of the exchange forges no line."""

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import MonitorRecord, RunOutcome
from trueup.domain.reporting.alert_text import ALL_CLEAR
from trueup.simulator import Fault, FaultKind


def fail(stage: Stage) -> None:
    """From now on the exchange answers no read of a position."""
    stage.sim.inject(
        Fault(kind=FaultKind.SERVER_ERROR, path="position/list", uid=MIRROR, times=None)
    )


def outcomes(stage: Stage) -> list[RunOutcome]:
    """Of the alerts so far."""
    return [alert.status for alert in stage.alerts]


def test_a_failure_that_was_alerted_has_one_all_clear(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    for _ in range(2):
        fail(stage)
        for _ in range(3):
            stage.reconciler.reconcile(mirror)
        stage.sim.clear_faults()
        for _ in range(3):
            stage.reconciler.reconcile(mirror)
    ends = [RunOutcome.FAILED, RunOutcome.IN_SYNC]
    assert outcomes(stage) == [RunOutcome.SUCCESS, *ends, *ends]
    assert ALL_CLEAR in stage.alerts[-1].text


def test_the_writes_that_repair_are_the_all_clear(stage: Stage, mirror: MonitorRecord) -> None:
    fail(stage)
    stage.reconciler.reconcile(mirror)
    stage.sim.clear_faults()
    for _ in range(2):
        stage.reconciler.reconcile(mirror)
    assert outcomes(stage) == [RunOutcome.FAILED, RunOutcome.SUCCESS]
    assert ALL_CLEAR not in stage.alerts[-1].text


def test_the_all_clear_survives_a_restart(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    fail(stage)
    stage.reconciler.reconcile(mirror)
    stage.reconciler.close()
    stage.sim.clear_faults()
    stage.reconciler = stage.open()
    stage.reconciler.reconcile(mirror)
    assert ALL_CLEAR in stage.alerts[-1].text


def test_a_text_of_the_exchange_forges_no_line(stage: Stage, mirror: MonitorRecord) -> None:
    forged = "busy\r\n✅ TP1 REBALANCED SUCCESSFULLY\u2028\u202e\x1b[2K"
    stage.sim.inject(
        Fault(
            kind=FaultKind.RET_CODE,
            path="order/create-batch",
            uid=MIRROR,
            code=110007,
            text=forged,
            times=None,
        )
    )
    report = stage.reconciler.reconcile(mirror)
    assert report.alert is not None
    lines = report.alert.text.splitlines()
    assert [line for line in lines if line.lstrip().startswith("✅")] == []
    assert "\x1b" not in report.alert.text
    assert all("\n" not in call.detail for call in report.calls)
