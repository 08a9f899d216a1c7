"""An order that has filled the maximum, because that was lowered: no amend changes its quantity."""

from decimal import Decimal

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome, RunReport

REST = Decimal("161.2")


@pytest.fixture
def outgrown(stage: Stage, mirror: MonitorRecord) -> MonitorRecord:
    """TP1 has filled 100 of 261.2, and the largest order is 60 now; 207.3 are open."""
    stage.reconciler.reconcile(mirror)
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "100")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.IN_SYNC
    stage.sim.set_instrument("BANDUSDT", max_quantity="60")
    return mirror


def until_settled(stage: Stage, monitor: MonitorRecord) -> list[RunReport]:
    """Runs until two in a row send nothing; at most five."""
    reports = [stage.reconciler.reconcile(monitor) for _ in range(5)]
    assert [report.outcome for report in reports[-2:]] == [RunOutcome.IN_SYNC] * 2
    return reports


def resting(stage: Stage) -> list[Decimal]:
    return sorted((order.leaves for order in stage.sim.orders(MIRROR)), reverse=True)


def test_it_stays_and_others_cover_what_is_added(stage: Stage, outgrown: MonitorRecord) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    reports = until_settled(stage, outgrown)
    assert not any(call.operation == "cancel" for report in reports for call in report.calls)
    assert (resting(stage)[0], sum(resting(stage))) == (REST, Decimal("307.3"))


def test_it_is_replaced_where_the_position_has_no_room_for_it(
    stage: Stage, outgrown: MonitorRecord
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "150")
    until_settled(stage, outgrown)
    assert sum(resting(stage)) == Decimal(150)
    assert max(resting(stage)) <= 60


def test_it_is_replaced_where_its_level_has_moved(stage: Stage, outgrown: MonitorRecord) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    until_settled(stage, outgrown)
    moved = Ladder.of(("0.6500", 85), ("0.6400", 5), ("0.6200", 5), ("0.6000", 5))
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", moved)
    until_settled(stage, outgrown)
    assert sum(resting(stage)) == Decimal("307.3")
    assert max(resting(stage)) <= 60
