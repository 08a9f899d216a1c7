"""The contract's rules cannot be read: what needs none that are young is done all the same."""

from datetime import timedelta
from decimal import Decimal

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind

OTHER = Ladder.of(("0.6528", 40), ("0.6400", 20), ("0.6200", 20), ("0.6000", 20))


def test_orders_grow_and_none_shrinks_for_that(stage: Stage, mirror: MonitorRecord) -> None:
    """Seed 333171: what was uncovered waited for the rules by which orders were to shrink."""
    stage.reconciler.reconcile(mirror)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", OTHER)
    stage.clock.sleep(timedelta(seconds=30))
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="instruments-info", times=None))
    largest = stage.order("mirror", 1).leaves

    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.PARTIAL, Decimal("407.3"))
    assert stage.order("mirror", 1).leaves == largest
    assert "rules could not be read" in stage.alerts[-1].text

    stage.sim.clear_faults()
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("407.3"))
    assert stage.order("mirror", 1).leaves < largest
