"""What the user wants anew in the middle of a run holds back what the run had decided before."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import NO_STOP, CancelEntries, Ladder, MonitorRecord, RunOutcome, Stop
from trueup.domain.model.errors import Fenced
from trueup.simulator import Fault, FaultKind

MAIN = UIDS["main"]
OTHER = Ladder.of(("0.66", 100))
RULE = Stop.of(price="0.75", cancel_entries=CancelEntries.of("ENTRY_*"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which the main account is short."""
    with Stage(tmp_path) as opened:
        opened.sim.open_position(MAIN, "BANDUSDT", "Sell", "100", "0.7")
        yield opened


def watch(stage: Stage, ladder: Ladder = BAND_LADDER) -> MonitorRecord:
    return stage.reconciler.watch("main", "BANDUSDT", "Sell", ladder)


def test_no_order_of_a_ladder_leaves_once_another_one_is_given(stage: Stage) -> None:
    monitor = watch(stage)
    stage.before("decided place", lambda: watch(stage, OTHER))
    with pytest.raises(Fenced):
        stage.reconciler.reconcile(monitor)
    stage.reconciler.reconcile(monitor)
    prices = {order.price for order in stage.sim.orders(MAIN)}
    assert prices == {Decimal("0.66")}
    assert len(stage.writes()) == 1


def test_a_cancel_is_not_sent_again_once_nobody_names_the_entry_any_more(stage: Stage) -> None:
    """Seed 90000310: requests were lost, and the stop that named the entry was taken off."""
    reconciler = stage.reconciler
    monitor = reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER, stop=RULE)
    reconciler.reconcile(monitor)
    stage.sim.fill(MAIN, stage.order("main", 1).order_id)
    stage.sim.place_order(
        MAIN, symbol="BANDUSDT", side="Sell", orderType="Limit", qty="40", price="0.72",
        orderLinkId="ENTRY_1",
    )  # fmt: skip
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel-batch", times=None))
    before = len(stage.writes())

    def take_off() -> None:
        reconciler.watch("main", "BANDUSDT", "Sell", stop=NO_STOP)

    stage.before("decided cancel", lambda: None, take_off)
    with pytest.raises(Fenced):
        reconciler.reconcile(monitor)
    assert [write.path for write in stage.writes()[before:]] == ["/v5/order/cancel-batch"]


def test_no_order_moves_to_the_losing_side_of_the_entry(stage: Stage) -> None:
    """Short at 0.7, the market at 0.7: a TP at 0.72 would close the position at once."""
    monitor = watch(stage)
    stage.reconciler.reconcile(monitor)
    before, writes = {(one.order_id, one.price) for one in stage.sim.orders(MAIN)}, stage.writes()
    monitor = watch(stage, Ladder.of(("0.72", 100)))
    report = stage.reconciler.reconcile(monitor)
    assert "TP1 at 0.72 is on the losing side of the entry 0.7" in stage.alerts[-1].text
    assert report.outcome is RunOutcome.SKIPPED
    assert {(one.order_id, one.price) for one in stage.sim.orders(MAIN)} == before
    assert stage.writes() == writes
    assert stage.sim.position(MAIN, "BANDUSDT", "Sell").size == Decimal(100)
    assert stage.reconciler.reconcile(watch(stage, OTHER)).is_true
