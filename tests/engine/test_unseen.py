"""Places that did not come to rest: never answered, or refused; what stays of them on record."""

from dataclasses import replace
from datetime import timedelta

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome, RunReport
from trueup.adapters.simulator import Fault, FaultKind
from trueup.domain.record import OwnedStatus
from trueup.states.settings import RunSettings

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
RUNS = 12
PATIENT = int(RunSettings().landing / timedelta(milliseconds=1))


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


def lookups(report: RunReport) -> int:
    return sum(call.operation == "look_up" for call in report.calls)


def test_a_place_nobody_wants_any_more_is_dead_once_it_can_no_longer_land(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """It stayed ``sent`` and was looked up in every pass of the cycle."""
    stage.reconciler.close()
    stage.patience = replace(stage.patience, batch_size=1)
    stage.reconciler = stage.open()
    lost = Fault(kind=FaultKind.REQUEST_LOST, path="order/create", skip=3, times=None)
    stage.sim.inject(lost)
    stage.reconciler.reconcile(mirror)
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    dropped = stage.reconciler.reconcile(mirror)
    assert [o.level for o in dropped.record.orders if o.status is OwnedStatus.SENT] == [4]
    stage.clock.advance(PATIENT - 1000)
    still = stage.reconciler.reconcile(mirror)
    assert [o.level for o in still.record.orders if o.status is OwnedStatus.SENT] == [4]
    stage.clock.advance(PATIENT)
    ended = stage.reconciler.reconcile(mirror)
    assert (ended.outcome, lookups(ended)) == (RunOutcome.IN_SYNC, 1)
    assert not [o for o in ended.record.orders if o.status is OwnedStatus.SENT]
    assert lookups(stage.reconciler.reconcile(mirror)) == 0


def test_a_place_that_is_wanted_goes_out_again_under_its_id_however_late(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    ids = {order.order_link_id for order in stage.reconciler.reconcile(mirror).record.orders}
    stage.sim.clear_faults()
    stage.clock.advance(10 * PATIENT)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert {order.link_id for order in stage.sim.orders(MIRROR)} == ids


def test_refused_places_do_not_pile_up_on_record(stage: Stage, mirror: MonitorRecord) -> None:
    """Every run draws new ids; an id that was refused never rests and is needed no more."""
    text = "Available balance is insufficient"
    stage.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/create", code=110007, text=text, times=None)
    )
    report = stage.reconciler.reconcile(mirror)
    for _ in range(RUNS - 1):
        stage.clock.advance(1000)
        report = stage.reconciler.reconcile(mirror)
    assert len(report.record.orders) == len(mirror.ladder.levels if mirror.ladder else ())
    assert report.record == stage.reconciler.store.load(mirror.key)
    assert {order.generation for order in report.record.orders} == {RUNS}
