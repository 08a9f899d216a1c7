"""What was decided from old knowledge does not leave: the run reads and plans anew."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind
from trueup.storage import SqlStore

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
HOUR_MS = 3_600_000


def size(stage: Stage, quantity: str) -> None:
    """Somebody opens, adds to or closes a part of the mirror's short."""
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", quantity, "0.68")


def covered(stage: Stage) -> Decimal:
    return sum((order.leaves for order in stage.sim.orders(MIRROR)), Decimal(0))


def sleeps(stage: Stage, quantity: str) -> Callable[[], None]:
    """The process stands still for an hour; the position is cut meanwhile."""

    def hand() -> None:
        stage.clock.advance(HOUR_MS)
        size(stage, quantity)

    return hand


def intents(stage: Stage, run_id: str) -> list[tuple[str, str]]:
    """Operation and status of the run's intents."""
    store = stage.reconciler.store
    assert isinstance(store, SqlStore)
    rows = store.rows("intent_log", run_id=run_id)
    return [(str(row["operation"]), str(row["status"])) for row in rows]


def written(stage: Stage) -> list[str]:
    """The writes that reached the exchange after those of the first ladder."""
    return [each.path.rsplit("/", 1)[-1] for each in stage.writes()][1:]


@pytest.fixture
def laddered(stage: Stage, mirror: MonitorRecord) -> MonitorRecord:
    """The mirror with its ladder resting."""
    stage.reconciler.reconcile(mirror)
    return mirror


def test_amends_that_were_decided_before_a_pause_do_not_leave(
    stage: Stage, laddered: MonitorRecord
) -> None:
    size(stage, "1000")
    stage.before("decided amend", sleeps(stage, "600"))
    stage.before("amend", lambda: size(stage, "600"))
    report = stage.reconciler.reconcile(laddered)

    assert report.outcome is RunOutcome.SUCCESS
    assert covered(stage) == 600
    assert written(stage) == ["amend-batch"], "the first batch never left"
    assert intents(stage, report.run_id) == [("amend", "held")] * 4 + [("amend", "confirmed")] * 4
    assert "TP1: " in stage.alerts[-1].text


def test_places_that_were_held_back_left_no_id_behind(stage: Stage, mirror: MonitorRecord) -> None:
    stage.before("decided place", sleeps(stage, "600"))
    report = stage.reconciler.reconcile(mirror)

    assert report.outcome is RunOutcome.SUCCESS
    assert covered(stage) == 600
    assert written(stage) == [], "one batch in all"
    calls = [call.operation for step in report.steps for call in step.calls]
    assert "look_up" not in calls, "what never left is not looked for"
    assert intents(stage, report.run_id) == [("place", "held")] * 4 + [("place", "confirmed")] * 4
    assert len(report.record.orders) == 4


def test_cancels_that_were_decided_before_a_pause_do_not_leave(
    stage: Stage, laddered: MonitorRecord
) -> None:
    record = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    stage.before("decided cancel", lambda: stage.clock.advance(HOUR_MS))
    report = stage.reconciler.reconcile(record)
    assert report.outcome is RunOutcome.SUCCESS
    assert written(stage) == ["cancel-batch", "amend-batch"]
    assert intents(stage, report.run_id)[:2] == [("cancel", "held"), ("cancel", "confirmed")]
    del laddered


def test_nothing_is_announced_after_a_cancel_that_was_to_leave_again(
    stage: Stage, laddered: MonitorRecord
) -> None:
    """Seed 1411983: growth was announced for a position that had filled in part."""
    record = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    late = Fault(kind=FaultKind.STALE_READ, path="order/realtime", uid=MIRROR)
    stage.before("look_up", lambda: stage.sim.inject(late))
    stage.before("decided cancel", lambda: None, sleeps(stage, "250"))
    report = stage.reconciler.reconcile(record)
    assert report.outcome is RunOutcome.SUCCESS
    assert covered(stage) == 250
    assert {status for _, status in intents(stage, report.run_id)} == {"confirmed"}
    del laddered


def test_where_nothing_is_left_to_do_nothing_is_alerted(
    stage: Stage, laddered: MonitorRecord
) -> None:
    size(stage, "1000")
    alerted = len(stage.alerts)
    stage.before("decided amend", sleeps(stage, "307.3"))
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.IN_SYNC
    assert written(stage) == []
    assert len(stage.alerts) == alerted


def test_a_run_that_is_held_up_again_and_again_ends_and_is_due_at_once(
    stage: Stage, laddered: MonitorRecord
) -> None:
    size(stage, "1000")
    stage.before("decided amend", *[sleeps(stage, "1000")] * 4)
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.FAILED
    assert written(stage) == []
    assert report.record.next_try_at == stage.clock.now()
    assert "held back again and again" in stage.alerts[-1].text

    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    assert covered(stage) == 1000


def test_a_slow_machine_gets_on(stage: Stage, laddered: MonitorRecord) -> None:
    size(stage, "1000")
    slow = stage.settings.decided_within + timedelta(seconds=1)
    stage.before("decided amend", *[lambda: stage.clock.sleep(slow)] * 2)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    assert covered(stage) == 1000
