"""``close_after``: the position is closed once it has been open for so long, and once only."""

from datetime import timedelta

import pytest

from tests.stage import Stage
from tests.stories.closing import again, by_hand, closes, reopened, size
from tests.stories.conftest import Compare
from tests.stories.stops import protected
from trueup import MonitorRecord, Stop
from trueup.domain.model.observation import Observation
from trueup.domain.tracking.drift import drift_of
from trueup.simulator import Fault, FaultKind

STOP = Stop.of(percent=50, close_after=timedelta(hours=8))


@pytest.fixture
def timed(stage: Stage) -> MonitorRecord:
    """A short with its ladder, a wide stop and a deadline."""
    return protected(stage, STOP)


def passes(stage: Stage, **time: float) -> None:
    """So much time passes."""
    stage.clock.sleep(timedelta(**time))


def test_it_is_closed_at_its_deadline(stage: Stage, timed: MonitorRecord, compare: Compare) -> None:
    passes(stage, hours=7.9)
    assert again(stage, timed) == "IN_SYNC"
    passes(stage, hours=0.2)
    assert again(stage, timed) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)
    compare()


def test_a_restart_changes_nothing(stage: Stage, timed: MonitorRecord) -> None:
    stage.reconciler.close()
    passes(stage, hours=9)
    stage.reconciler = stage.open()
    assert again(stage, timed) == "SUCCESS"
    stage.reconciler.close()
    stage.reconciler = stage.open()
    assert again(stage, timed) == "IN_SYNC"
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)


def test_another_position_has_a_deadline_of_its_own(stage: Stage, timed: MonitorRecord) -> None:
    """The exchange's createdTime stays what it was: it would close the new one at once."""
    passes(stage, hours=7)
    reopened(stage)
    assert again(stage, timed) == "SUCCESS"
    passes(stage, hours=7)
    assert again(stage, timed) == "IN_SYNC"
    assert (str(size(stage)), closes(stage)) == ("200", [])
    passes(stage, hours=1.1)
    again(stage, timed)
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)


def test_one_that_was_seen_flat_has_one_of_its_own(stage: Stage, timed: MonitorRecord) -> None:
    passes(stage, hours=7)
    by_hand(stage)
    again(stage, timed)
    reopened(stage)
    passes(stage, hours=7)
    again(stage, timed)
    assert (str(size(stage)), closes(stage)) == ("200", [])


def test_it_is_done_once(stage: Stage, timed: MonitorRecord, compare: Compare) -> None:
    """The reply is lost, and the close is looked up: no other one is made."""
    passes(stage, hours=9)
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create-batch"))
    assert again(stage, timed) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)
    compare()


def test_a_sweep_finds_that_it_is_over(stage: Stage, timed: MonitorRecord) -> None:
    record = stage.reconciler.store.load(timed.key)
    exchange = stage.connect(stage.accounts()[1])
    reading = exchange.observe(("BANDUSDT",))
    assert record is not None
    assert isinstance(reading, Observation)
    assert drift_of(record, reading) is None
    passes(stage, hours=9)
    later = exchange.observe(("BANDUSDT",))
    assert isinstance(later, Observation)
    assert "it has been open for as long" in (drift_of(record, later) or "")
