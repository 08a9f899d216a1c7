"""Reads go back behind one another: what is on record of an order is not unlearned."""

from decimal import Decimal

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind


def grow(stage: Stage, size: str) -> None:
    """The short grows, some time after whatever came before."""
    stage.clock.advance(1000)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", size, "0.6800")
    stage.clock.advance(1000)


def orders_are_shown_as_before_the_last(stage: Stage, effects: int, times: int) -> None:
    stage.sim.inject(
        Fault(kind=FaultKind.STALE_READ, path="order/realtime", effects_back=effects, times=times)
    )


def totals(stage: Stage) -> list[Decimal]:
    return sorted(order.quantity for order in stage.sim.orders(MIRROR))


def test_orders_as_they_were_before_our_own_amend_are_not_believed(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """The read was taken for a hand's change, and the orders were amended to fit it."""
    stage.reconciler.reconcile(mirror)
    grow(stage, "614.6")
    assert stage.reconciler.reconcile(mirror).covered == Decimal("921.9")
    whole, before = totals(stage), len(stage.writes())
    stage.clock.advance(1000)
    orders_are_shown_as_before_the_last(stage, effects=4, times=2)
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.IN_SYNC, Decimal("921.9"))
    assert len(stage.writes()) == before
    assert totals(stage) == whole


def test_an_amend_that_is_not_shown_yet_is_waited_for(stage: Stage, mirror: MonitorRecord) -> None:
    """The read behind the acknowledgement was taken for proof that nothing had happened."""
    stage.reconciler.reconcile(mirror)
    grow(stage, "614.6")
    stage.before("amend", lambda: orders_are_shown_as_before_the_last(stage, effects=4, times=4))
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("921.9"))
    assert [request.path for request in stage.writes()[-1:]] == ["/v5/order/amend-batch"]
    assert sum(totals(stage)) == Decimal("921.9")


def test_a_look_up_that_shows_an_older_state_is_asked_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.reconciler.reconcile(mirror)
    grow(stage, "614.6")
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    first = stage.order("mirror", 1)
    stage.sim.fill(MIRROR, first.order_id)
    stage.clock.advance(1000)
    orders_are_shown_as_before_the_last(stage, effects=5, times=1)
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.IN_SYNC
    assert report.record.is_done(1)
    assert report.covered == Decimal("921.9") - first.quantity


def test_a_position_as_it_was_before_a_fill_is_read_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 216444: what had filled was on record, and the orders were grown to cover it again."""
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "100")
    stage.clock.advance(1000)
    old = Fault(kind=FaultKind.STALE_READ, path="position/list", delay_ms=1500, times=3)
    stage.sim.inject(old)
    before = len(stage.writes())
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.IN_SYNC, Decimal("207.3"))
    assert len(stage.writes()) == before


def test_so_is_one_that_shows_an_entry_from_before_the_fill(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 97281: no read had shown the entry, so the size was not the one on record."""
    stage.reconciler.reconcile(mirror)
    grow(stage, "100")
    first = stage.order("mirror", 1)
    stage.sim.fill(MIRROR, first.order_id)
    stage.clock.advance(500)
    old = Fault(kind=FaultKind.STALE_READ, path="position/list", delay_ms=1000, times=3)
    stage.sim.inject(old)
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("146.1"))
    assert all(total <= Decimal("146.1") for total in totals(stage))
    assert len([w for w in stage.writes() if "amend" in w.path]) == 1


def test_a_position_that_grew_by_what_filled_is_believed_in_the_end(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """An entry of the same size at the average price: the reads are not old."""
    stage.reconciler.reconcile(mirror)
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "100")
    held = stage.sim.position(MIRROR, "BANDUSDT", "Sell")
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", held.average_price)
    stage.clock.advance(1000)
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("307.3"))


def test_a_position_from_between_an_entry_and_a_fill_is_read_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 1431351: neither its size nor the order says so, only the trades do."""
    stage.reconciler.reconcile(mirror)
    grow(stage, "614.6")
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "100")
    stage.clock.advance(1000)
    stage.sim.inject(Fault(kind=FaultKind.STALE_READ, path="position/list", times=3))
    before = len(stage.writes())
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("821.9"))
    assert len(stage.writes()) == before + 1
