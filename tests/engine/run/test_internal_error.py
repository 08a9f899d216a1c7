"""An unexpected exception ends its run like any other failure: on record, counted and alerted."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import NoReturn

import pytest
from loguru import logger

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.record import StateName
from trueup.engine.run import stepper
from trueup.states.ending.conclusion import conclude
from trueup.states.work import calls
from trueup.states.work.findings import Result
from trueup.states.work.run import Run

READS_AND_WRITES = ("observe", "place")


def breaks() -> NoReturn:
    """A defect, wherever it is called."""
    raise LookupError("a defect")


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """What was logged as an error."""
    lines = io.StringIO()
    handler = logger.add(lines, level="ERROR", format="{message}")
    yield lines.getvalue
    logger.remove(handler)


@pytest.mark.parametrize("operation", READS_AND_WRITES)
def test_it_is_counted_backed_off_and_alerted(
    stage: Stage, mirror: MonitorRecord, log: Callable[[], str], operation: str
) -> None:
    stage.before(operation, breaks)
    report = stage.reconciler.reconcile(mirror)
    stored = stage.reconciler.store.load(mirror.key)
    assert stored is not None
    assert (report.outcome, report.is_broken) == (RunOutcome.FAILED, True)
    assert report.record == stored
    assert (stored.state, stored.last_outcome) == (StateName.IDLE, RunOutcome.FAILED)
    assert (stored.attempts, stored.last_run_id) == (1, report.run_id)
    assert stored.next_try_at is not None
    (alert,) = stage.alerts
    assert alert.status is RunOutcome.FAILED
    (named,) = re.findall(r"internal error [0-9a-f]{8}\b", alert.text)
    assert named in log()
    assert "LookupError: a defect" in log()
    assert "a defect" not in alert.text


def test_an_unknown_position_is_not_stated_as_flat(stage: Stage, mirror: MonitorRecord) -> None:
    stage.before("observe", breaks)
    stage.reconciler.reconcile(mirror)
    assert "• Position Size: unknown" in stage.alerts[0].text


def test_the_log_holds_no_secret(
    stage: Stage, mirror: MonitorRecord, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pybit.unified_trading.HTTP.get_positions", lambda *_, **__: breaks())
    stage.reconciler.reconcile(mirror)
    assert "mirror-secret" not in log() + stage.alerts[0].text
    assert "mirror-key" not in log() + stage.alerts[0].text


def test_every_further_failure_waits_longer(stage: Stage, mirror: MonitorRecord) -> None:
    waits: list[timedelta] = []
    for attempts in range(1, 5):
        stage.before("observe", breaks)
        record = stage.reconciler.reconcile(mirror).record
        assert record.attempts == attempts
        assert record.next_try_at is not None
        assert record.last_run_at is not None
        waits.append(record.next_try_at - record.last_run_at)
        assert record.attempts == len(waits)
    assert waits == sorted(set(waits))


def test_the_same_defect_is_alerted_once(stage: Stage, mirror: MonitorRecord) -> None:
    for _ in range(3):
        stage.before("observe", breaks)
        stage.reconciler.reconcile(mirror)
    assert len(stage.alerts) == 1


def test_writes_that_left_are_found_by_the_next_run(
    stage: Stage, mirror: MonitorRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(calls, "_journal", _raising_after_writes(calls._journal))  # noqa: SLF001 - the defect is in there
        report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.FAILED
    assert len(stage.sim.orders(MIRROR)) == 4
    still_open = stage.reconciler.store.open_intents(mirror.id)
    assert {intent.status for intent in still_open} == {IntentStatus.PLANNED}
    assert "not sent" not in stage.alerts[0].text
    assert "it may have been sent" in stage.alerts[0].text
    again = stage.reconciler.reconcile(mirror)
    assert again.is_true
    assert again.writes == 0
    assert len(stage.sim.orders(MIRROR)) == 4
    assert not stage.reconciler.store.open_intents(mirror.id)


def test_the_journal_so_far_is_kept(stage: Stage, mirror: MonitorRecord) -> None:
    stage.before("place", breaks)
    report = stage.reconciler.reconcile(mirror)
    rows = stage.reconciler.store.rows("transition_log")
    assert [(row["source"], row["event"]) for row in rows if row["run_id"] == report.run_id] == [
        ("Idle", "wake"),
        ("Validating", "short"),
        ("Placing", "broke"),
        ("Alerting", "alerted"),
    ]


def test_one_broken_monitor_has_a_report_beside_the_others(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.watch("main", "BANDUSDT", "Sell", mirror.ladder)
    stage.before("observe", breaks)
    reports = stage.reconciler.reconcile_all()
    assert sorted(report.is_broken for report in reports) == [False, True]


def _raising_after_writes(journal: Callable[..., None]) -> Callable[..., None]:
    def raises(run: object, start: object, operation: str, *rest: object, **named: object) -> None:
        if operation == "place":
            breaks()
        journal(run, start, operation, *rest, **named)

    return raises


def test_a_run_that_sent_is_alerted_though_its_end_breaks_too(
    stage: Stage, mirror: MonitorRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seed 1340614: the same defect had been alerted of a run that sent nothing."""
    stage.before("place", breaks)
    stage.reconciler.reconcile(mirror)

    def raises_once(run: Run, result: Result) -> RunOutcome:
        if result.event == "broke":
            monkeypatch.setattr(stepper, "conclude", conclude)
            breaks()
        return conclude(run, result)

    monkeypatch.setattr(stepper, "conclude", raises_once)
    stage.before("place", breaks)
    report = stage.reconciler.reconcile(mirror)
    assert len(stage.alerts) == 2
    assert stage.alerts[-1].run_id == report.run_id
    assert "it may have been sent" in stage.alerts[-1].text
