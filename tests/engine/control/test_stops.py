"""Stopped is stopped (P14): no write leaves for what somebody has paused or halted."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import ConfigurationError, LoopSettings, MonitorKey, MonitorRecord, RunOutcome
from trueup.domain.model.identity import Side
from trueup.domain.reporting.alert_text import ALL_CLEAR
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind, Scope
from trueup.simulator import Fault, FaultKind
from trueup.storage.sqlite import is_settled, record_beside

MAIN = UIDS["main"]
KEY = MonitorKey("main", "BANDUSDT", Side.SELL)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which the main account is short."""
    with Stage(tmp_path) as opened:
        opened.sim.open_position(MAIN, "BANDUSDT", "Sell", "100", "0.7")
        yield opened


@pytest.fixture
def monitor(stage: Stage) -> MonitorRecord:
    """The monitor of that position."""
    return stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)


def database(stage: Stage) -> Path:
    return stage.path / "trueup.db"


def ask(stage: Stage, kind: ControlKind, scope: Scope = EVERYTHING) -> Control:
    """Another process asks for it."""
    asked = Control(kind, scope, datetime.now(UTC), "ann@host", "by hand")
    return record_beside(database(stage), asked)


@pytest.mark.parametrize("scope", [EVERYTHING, Scope("main"), Scope("main", "BANDUSDT", Side.SELL)])
def test_nothing_leaves_for_what_is_paused_and_all_of_it_after_a_resume(
    stage: Stage, monitor: MonitorRecord, scope: Scope
) -> None:
    ask(stage, ControlKind.PAUSE, scope)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes, stage.writes()) == (RunOutcome.SKIPPED, 0, [])
    assert "paused by ann@host" in stage.alerts[-1].text
    assert "by hand" in stage.alerts[-1].text
    assert "no write leaves for main BANDUSDT Sell: " in stage.alerts[-1].text
    ask(stage, ControlKind.RESUME, scope)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS


def test_orders_that_nobody_adopts_while_it_is_paused_are_named(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.sim.record_order(
        MAIN, symbol="BANDUSDT", side="Buy", orderType="Limit", qty="40", price="0.65",
        reduceOnly=True,
    )  # fmt: skip
    ask(stage, ControlKind.PAUSE)
    stage.reconciler.reconcile(monitor)
    lines = stage.alerts[-1].text.splitlines()
    assert "  0 of 100 is covered, 100 is not" in lines
    assert "  an external reduce-only order of 40 closes the position too" in lines


def test_a_pause_of_another_monitor_stops_nothing(stage: Stage, monitor: MonitorRecord) -> None:
    ask(stage, ControlKind.PAUSE, Scope("mirror"))
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS


def test_a_pause_in_the_middle_of_a_run_holds_the_write_back(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.before("decided place", lambda: ask(stage, ControlKind.PAUSE))
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, stage.writes()) == (RunOutcome.SKIPPED, [])
    assert {call.outcome for call in report.calls if call.operation == "place"} == {"held"}
    assert stage.reconciler.store.open_intents(report.record.id) == ()
    ask(stage, ControlKind.RESUME)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS


def test_a_run_that_is_repeated_while_paused_alerts_once(
    stage: Stage, monitor: MonitorRecord
) -> None:
    ask(stage, ControlKind.PAUSE)
    for _ in range(3):
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    assert len(stage.alerts) == 1


def test_what_is_stopped_fails_no_attempt(stage: Stage, monitor: MonitorRecord) -> None:
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    for attempts in (1, 2):
        assert stage.reconciler.reconcile(monitor).record.attempts == attempts
    stage.sim.clear_faults()
    ask(stage, ControlKind.PAUSE)
    for _ in range(3):
        left = stage.reconciler.reconcile(monitor).record
        assert (left.attempts, left.last_outcome) == (0, RunOutcome.SKIPPED)
        assert left.next_try_at is not None
    ask(stage, ControlKind.RESUME)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    assert stage.reconciler.reconcile(monitor).record.attempts == 1


def test_the_end_of_a_pause_that_was_alerted_is_alerted(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.reconciler.reconcile(monitor)
    ask(stage, ControlKind.PAUSE)
    stage.reconciler.reconcile(monitor)
    ask(stage, ControlKind.RESUME)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    assert ALL_CLEAR in stage.alerts[-1].text


def test_what_was_resumed_while_nothing_ran_is_due_at_the_next_start(
    stage: Stage, monitor: MonitorRecord
) -> None:
    ask(stage, ControlKind.PAUSE)
    stage.reconciler.reconcile(monitor)
    ask(stage, ControlKind.RESUME)
    stage.reconciler.close()
    stage.reconciler = stage.open()
    ran = Event()
    stage.reconciler.start(
        settings=LoopSettings(streams=False),
        on_run=lambda _reason, report: ran.set() if report.outcome is RunOutcome.SUCCESS else None,
    )
    assert ran.wait(30)


def test_a_halt_outlasts_a_restart_and_a_narrower_resume(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.reconciler.halt(by="ann", reason="flash crash")
    stage.reconciler.close()
    stage.reconciler = stage.open()
    with pytest.raises(ConfigurationError, match="resume --all"):
        stage.reconciler.resume("main")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    assert "flash crash" in stage.alerts[-1].text
    assert stage.writes() == []
    stage.reconciler.resume(everything=True)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS


def test_a_pause_is_acknowledged_once_the_request_before_it_is_answered(
    stage: Stage, monitor: MonitorRecord
) -> None:
    answered: list[bool] = []
    paused = Event()

    def pause_meanwhile() -> None:
        # The request has passed the gate, and has not left yet.
        made = ask(stage, ControlKind.PAUSE)
        answered.append(stage.reconciler._stops.settled(made, timedelta(0)).acknowledged_at is None)  # noqa: SLF001 - what the thread of the reconciler does
        answered.append(is_settled(database(stage), made.number))
        Thread(target=wait_for_it, args=(made,)).start()

    def wait_for_it(made: Control) -> None:
        done = stage.reconciler._stops.settled(made, timedelta(seconds=30))  # noqa: SLF001 - the same
        answered.append(done.acknowledged_at is not None and bool(stage.writes()))
        paused.set()

    stage.before("place", pause_meanwhile)
    stage.reconciler.reconcile(monitor)
    assert paused.wait(30)
    assert answered == [True, False, True]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("mian",), "there is no account 'mian': there are main, mirror"),
        (("main", "BONDUSDT", "Sell"), "there is no monitor main BONDUSDT Sell"),
        (("main", "BANDUSDT", "Buy"), "of main there are main BANDUSDT Sell"),
        (("main", "BANDUSDT"), "name a monitor by account, symbol and side"),
        (("main", "BANDUSDT", "Long"), "a side is Buy or Sell"),
    ],
)
def test_a_wrong_name_changes_nothing(
    stage: Stage, monitor: MonitorRecord, given: tuple[str, ...], said: str
) -> None:
    for command in (stage.reconciler.pause, stage.reconciler.resume):
        with pytest.raises(ConfigurationError, match=said):
            command(*given)
    assert stage.reconciler.store.controls() == ()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
