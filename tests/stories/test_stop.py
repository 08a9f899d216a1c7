"""The stop of a position: set, moved and kept."""

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind


def stop_of(stage: Stage, uid: str = MIRROR) -> str:
    """Where the position's stop is at the exchange; empty for none."""
    kinds = [o for o in stage.sim.orders(uid) if o.stop_order_type == "StopLoss"]
    return ",".join(str(o.trigger_price) for o in kinds if o.status.is_open)


@pytest.fixture
def protected(stage: Stage, mirror: MonitorRecord) -> MonitorRecord:  # noqa: ARG001 - it opens the position
    """The mirror's short of 307.3 at 0.68, with a stop 5 % away, and breakeven after TP1."""
    stop = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER, stop=stop)


def test_a_new_position_gets_its_stop_first(
    stage: Stage, protected: MonitorRecord, compare: Compare
) -> None:
    report = stage.reconciler.reconcile(protected)
    assert report.outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    assert stage.writes()[0].path == "/v5/position/trading-stop"
    compare()


def test_a_second_pass_sends_nothing(stage: Stage, protected: MonitorRecord) -> None:
    stage.reconciler.reconcile(protected)
    report = stage.reconciler.reconcile(protected)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)


def test_breakeven_after_tp1(stage: Stage, protected: MonitorRecord, compare: Compare) -> None:
    stage.reconciler.reconcile(protected)
    stage.sim.set_price("BANDUSDT", "0.6500")
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.6794"
    compare()


def test_a_lost_reply_is_looked_up(
    stage: Stage, protected: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="trading-stop"))
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    compare()
