"""When trueup itself has a defect: an unexpected exception in the work of each state."""

from typing import NoReturn

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.engine.run import stepper
from trueup.states import alerting


@pytest.fixture(autouse=True)
def _one_id(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same id for every defect: the real one changes with the names of functions."""
    monkeypatch.setattr(stepper, "error_id", lambda _error: "3b832aee")


def breaks(*_given: object) -> NoReturn:
    """A defect, wherever it is called."""
    raise LookupError("a defect")


def passes() -> None:
    """No defect."""


def _breaks_once(stage: Stage, monitor: MonitorRecord) -> None:
    """The next run breaks; the one after it makes the monitor true."""
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.FAILED
    assert stage.reconciler.reconcile(monitor).is_true


def test_a_defect_before_the_first_state(
    stage: Stage, laddered: MonitorRecord, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(stage.reconciler.store, "open_intents", breaks)
        assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.FAILED
    assert stage.reconciler.reconcile(laddered).is_true
    compare()


def test_a_defect_while_validating(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    stage.before("observe", breaks)
    _breaks_once(stage, laddered)
    compare()


def test_a_defect_while_recovering(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
    stage.before("observe", passes, breaks)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.FAILED
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    assert stage.reconciler.reconcile(monitor).is_true
    compare()


def test_a_defect_while_cancelling(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    two = Ladder.of(("0.6528", 85), ("0.6400", 15))
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", two)
    stage.before("look_up", breaks)
    _breaks_once(stage, laddered)
    assert len(stage.sim.orders(MIRROR)) == 2
    compare()


def test_a_defect_after_some_writes_left(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    stage.before("observe", passes, breaks)
    _breaks_once(stage, laddered)
    compare()


@pytest.mark.defect
def test_a_defect_in_the_conclusion(
    stage: Stage, laddered: MonitorRecord, compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    with monkeypatch.context() as broken:
        broken.setattr(alerting, "conclude", breaks)
        assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.FAILED
    assert stage.reconciler.reconcile(laddered).is_true
    compare()
