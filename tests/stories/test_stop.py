"""The stop of a position: set before anything else, once, and looked up."""

import pytest

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import SETS, moved_to, protect, protected, sets, stop_of
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"))


@pytest.fixture
def new(stage: Stage) -> MonitorRecord:
    """A short that has neither its stop nor its ladder yet."""
    return protect(stage, STOP)


def test_a_new_position_gets_its_stop_first(
    stage: Stage, new: MonitorRecord, compare: Compare
) -> None:
    """5 % of 0.68 is 0.034: the stop is at 0.714."""
    report = stage.reconciler.reconcile(new)
    assert report.outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    assert [request.path for request in stage.writes()].index(SETS) == 0
    compare()


def test_a_second_pass_sends_nothing(stage: Stage, new: MonitorRecord) -> None:
    stage.reconciler.reconcile(new)
    report = stage.reconciler.reconcile(new)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)


def test_breakeven_after_tp1(stage: Stage, compare: Compare) -> None:
    """0.08 % of 0.68 is 0.000544, and 0.679456 is rounded down to the tick: it gains no less."""
    record = protected(stage, STOP)
    assert moved_to(stage, record, "0.6500").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.6794"
    compare()


def test_a_stop_without_a_ladder(stage: Stage, compare: Compare) -> None:
    record = protect(stage, Stop.of(percent=5), None)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    assert (stop_of(stage), sets(stage), len(stage.writes())) == ("0.714", 1, 1)
    compare()
