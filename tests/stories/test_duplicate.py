"""110072: the link id is on record at the exchange. Whose order it is, is looked up."""

from datetime import timedelta
from typing import Any

from tests.stage import START_MS, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind

TP1 = f"MIR_TP1_BANDUSDT_{START_MS}_7432"


def first_copy(stage: Stage, quantity: str = "261.2", **fields: str | bool) -> str:
    """An order with the id that TP1's place is about to carry."""
    order: dict[str, Any] = {
        "symbol": "BANDUSDT",
        "side": "Buy",
        "orderType": "Limit",
        "qty": quantity,
        "price": "0.6528",
        "reduceOnly": True,
        "orderLinkId": TP1,
    }
    return stage.sim.place_order(MIRROR, **(order | fields))


def test_110072_it_rests_and_is_equal(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.before("place", lambda: first_copy(stage))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert sum(order.link_id == TP1 for order in stage.sim.orders(MIRROR)) == 1
    compare()


def test_110072_it_rests_and_differs(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    stage.before("place", lambda: first_copy(stage, "100", price="0.6500"))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_110072_it_has_filled(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    stage.before("place", lambda: stage.sim.fill(MIRROR, first_copy(stage)))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_110072_it_was_cancelled(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    stage.before("place", lambda: stage.sim.cancel_by_hand(MIRROR, first_copy(stage)))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_110072_it_is_found_nowhere(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    def vanish() -> None:
        stage.sim.cancel_by_hand(MIRROR, first_copy(stage))
        stage.clock.sleep(timedelta(hours=25))
        stage.sim.restart()

    stage.before("place", vanish)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_110072_it_rests_and_reads_lag_by_12_seconds(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    def land_unseen() -> None:
        first_copy(stage)
        for path in ("order/realtime", "order/history"):
            lag = Fault(kind=FaultKind.STALE_READ, path=path, times=None, delay_ms=12_000)
            stage.sim.inject(lag)

    stage.before("place", land_unseen)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert len(stage.sim.orders(MIRROR)) == 4
    compare()


def test_110072_it_is_somebody_else_s(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    entry: dict[str, Any] = {"side": "Sell", "price": "0.7500", "reduceOnly": False}
    stage.before("place", lambda: first_copy(stage, **entry))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert any(order.link_id == TP1 and order.side == "Sell" for order in stage.sim.orders(MIRROR))
    compare()


def test_the_reply_is_lost_after_the_orders_landed(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert len(stage.sim.orders(MIRROR)) == 4
    compare()


def test_the_request_is_lost_and_sent_again_under_the_same_ids(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create"))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert len({order.link_id for order in stage.sim.orders(MIRROR)}) == 4
    compare()


def test_the_first_request_lands_just_before_its_resend(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="order/create", delay_ms=60_000))
    stage.before("place", lambda: None, lambda: stage.sim.clock.advance(60_000))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert len(stage.sim.orders(MIRROR)) == 4
    compare()


def test_the_first_request_lands_after_its_resend(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="order/create", delay_ms=60_000))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    stage.sim.clock.advance(60_000)
    assert len(stage.sim.orders(MIRROR)) == 4
    compare()


def test_the_reply_comes_after_the_timeout(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.LATE_REPLY, path="order/create", delay_ms=1500))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_half_a_body_comes_back(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    stage.sim.inject(Fault(kind=FaultKind.TRUNCATED, path="order/create"))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()
