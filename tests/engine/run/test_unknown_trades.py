"""Trades that do not say whose a position is: it is covered all the same, before long."""

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import MonitorRecord
from trueup.simulator import Fault, FaultKind


def test_a_position_whose_trades_are_never_complete_is_covered_beside_a_place_in_flight(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Each look-up of the place, and each read of the trades, takes requests of the run."""
    stage.reconciler.reconcile(mirror)
    first = max(stage.sim.orders(MIRROR), key=lambda order: order.price)
    stage.sim.fill(MIRROR, first.order_id, "39")
    stage.reconciler.reconcile(mirror)
    for order in stage.sim.orders(MIRROR):
        stage.sim.cancel_by_hand(MIRROR, order.order_id)
    stage.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="execution/list", times=None))
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=1))
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "420")
    for _ in range(4):
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(10_000)
    assert sum(order.leaves for order in stage.sim.orders(MIRROR)) == 420
