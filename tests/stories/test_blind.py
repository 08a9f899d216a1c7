"""When the exchange cannot be read, or nothing can be done with what it says."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.store import Step
from trueup.simulator import Fault, FaultKind


def test_nothing_can_be_read(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    report = stage.reconciler.reconcile(laddered)
    assert (report.outcome, report.writes) == (RunOutcome.FAILED, 0)
    compare()


def test_a_read_that_fails_once_is_tried_again(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=1))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.IN_SYNC
    compare()


def test_orders_unread_amends_those_on_record_and_says_so(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.PARTIAL
    assert {request.path for request in stage.writes()[1:]} == {"/v5/order/amend-batch"}
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.IN_SYNC
    compare()


def test_orders_unread_and_nothing_to_amend(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    report = stage.reconciler.reconcile(laddered)
    assert (report.outcome, report.writes) == (RunOutcome.FAILED, 0)
    compare()


def test_orders_unread_after_a_fill_shrinks_nothing(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


def test_no_ladder_anywhere_is_skipped(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    compare()


def test_a_ladder_on_the_losing_side_is_skipped(stage: Stage, compare: Compare) -> None:
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6500")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    compare()


def test_dust_is_skipped_and_named(stage: Stage, compare: Compare) -> None:
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "3", "0.6800")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    compare()


def test_dust_below_orders_that_rest_is_alerted_with_them(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0.2", "0.6800")
    before = stage.sim.orders(MIRROR)
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.SKIPPED
    assert stage.sim.orders(MIRROR) == before
    assert (
        "  0.2 is below the exchange's minimum for any order; 4 TP orders of 307.3 stay "
        "in the book: being reduce-only, they close no more than the 0.2"
    ) in stage.alerts[-1].text.splitlines()
    compare()


def test_a_stop_loss_on_record_as_tp1_is_left_alone(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stop = stage.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Market",
        qty="307.3",
        reduceOnly=True,
        triggerPrice="0.75",
        triggerDirection=1,
        orderLinkId="MIR_TP1_BANDUSDT_1737800000000_1234",
    )
    believed = OwnedOrder(
        level=1,
        part=1,
        order_link_id="MIR_TP1_BANDUSDT_1737800000000_1234",
        order_id=stop,
        price=Decimal(0),
        asked_price=Decimal(0),
        quantity=Decimal("307.3"),
        filled=Decimal(0),
        status=OwnedStatus.OPEN,
        origin=Origin.ADOPTED,
    )
    stage.reconciler.store.commit(Step(replace(mirror, orders=(believed,))))
    before = stage.sim.orders(MIRROR)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert stage.sim.orders(MIRROR)[0] == before[0]
    compare()


def test_the_same_failure_is_alerted_once(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "3", "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    for _ in range(3):
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    assert len(stage.alerts) == 1
    stage.clock.sleep(timedelta(hours=7))
    stage.reconciler.reconcile(monitor)
    assert len(stage.alerts) == 2
    compare()


@pytest.mark.parametrize("path", ["order/realtime", "position/list"])
def test_a_position_moves_before_its_orders_are_adopted(
    stage: Stage, mirror: MonitorRecord, compare: Compare, path: str
) -> None:
    """Seed 20025680: the alert stated the size from before."""
    stage.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Limit",
        qty="261.2",
        price="0.6528",
        reduceOnly=True,
        orderLinkId="MIR_TP1_BANDUSDT_1737800000000_1000",
    )

    def moves() -> None:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
        stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path=path, times=None))

    stage.before("observe", lambda: None, moves)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.FAILED
    compare()


def test_live_orders_that_make_no_sense_are_left_alone(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Limit",
        qty="100",
        price="0.6",
        reduceOnly=True,
        orderLinkId="",
    )
    stage.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Market",
        qty="307.3",
        reduceOnly=True,
        triggerPrice="0.75",
        triggerDirection=1,
        orderLinkId="MIR_SL_BANDUSDT_1737800000000",
    )
    before = [order for order in stage.sim.orders(MIRROR) if "TP" not in order.link_id]
    stage.reconciler.reconcile(mirror)
    after = [order for order in stage.sim.orders(MIRROR) if "TP" not in order.link_id]
    assert before == after
    compare()
