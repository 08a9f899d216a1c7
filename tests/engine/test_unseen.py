"""Places whose requests were never answered, when the position moves on without them."""

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import MonitorRecord, RunOutcome
from trueup.adapters.simulator import Fault, FaultKind


def test_places_that_are_open_end_when_the_ladder_cannot_be_applied(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """What is left of the position is too small for any order: nothing takes the places up."""
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    stage.reconciler.reconcile(mirror)
    store = stage.reconciler.store
    assert store.open_intents(mirror.id)
    stage.sim.clear_faults()
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0.1")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SKIPPED
    assert store.open_intents(mirror.id) == ()
