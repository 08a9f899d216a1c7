"""110001: the order is not open. Why, is looked up: each ending has its story."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
GONE = "order not exists or too late to "


def grow(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")


def fill(stage: Stage, level: int, quantity: str | None = None) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", level).order_id, quantity)


def cancel(stage: Stage, level: int) -> None:
    stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", level).order_id)


def vanish(stage: Stage, level: int) -> None:
    """Cancelled without a fill, more than 24 hours ago, and the exchange restarted since."""
    cancel(stage, level)
    stage.clock.sleep(timedelta(hours=25))
    stage.sim.restart()


@pytest.fixture
def one_too_many(stage: Stage, laddered: MonitorRecord) -> MonitorRecord:
    """A ladder of three levels over four resting orders: TP4 must go."""
    assert laddered.ladder == BAND_LADDER
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)


def test_110001_on_cancel_it_was_filled(
    stage: Stage, one_too_many: MonitorRecord, compare: Compare
) -> None:
    stage.before("cancel", lambda: fill(stage, 4))
    assert stage.reconciler.reconcile(one_too_many).outcome is RunOutcome.SUCCESS
    compare()


def test_it_fills_in_part_between_two_tries_of_its_cancel(
    stage: Stage, one_too_many: MonitorRecord, compare: Compare
) -> None:
    """Seed 348001: the others grew for the position from before that fill."""
    tp4 = stage.order("mirror", 4).order_id
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel"))
    stage.before("look_up", lambda: stage.sim.fill(MIRROR, tp4, "5"))
    covers: list[Decimal] = []
    stage.sim.listen(
        lambda _: covers.append(sum((o.leaves for o in stage.sim.orders(MIRROR)), Decimal(0)))
    )
    report = stage.reconciler.reconcile(one_too_many)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("302.3"))
    assert max(covers[1:]) == Decimal("302.3")
    compare()


def test_110001_on_cancel_it_was_cancelled(
    stage: Stage, one_too_many: MonitorRecord, compare: Compare
) -> None:
    stage.before("cancel", lambda: cancel(stage, 4))
    assert stage.reconciler.reconcile(one_too_many).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_cancel_it_is_open_after_all(
    stage: Stage, one_too_many: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/cancel", code=110001, text=f"{GONE}cancel")
    )
    assert stage.reconciler.reconcile(one_too_many).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_cancel_no_trace_is_left(
    stage: Stage, one_too_many: MonitorRecord, compare: Compare
) -> None:
    stage.before("cancel", lambda: vanish(stage, 4))
    assert stage.reconciler.reconcile(one_too_many).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_amend_it_was_filled(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.before("amend", lambda: fill(stage, 1))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_amend_it_was_cancelled(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.before("amend", lambda: cancel(stage, 1))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_amend_it_is_open_after_all(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/amend", code=110001, text=f"{GONE}replace")
    )
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_110001_on_amend_no_trace_is_left(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.before("amend", lambda: vanish(stage, 1))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_a_stale_order_without_a_trace_is_dropped_after_the_grace_time(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    vanish(stage, 2)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_a_partial_fill_races_an_amend(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.before("amend", lambda: fill(stage, 1, "200"))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_an_amend_below_what_has_filled_meanwhile(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "200", "0.6800")
    stage.before("amend", lambda: fill(stage, 1, "180"))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()
