"""New settings that say nothing of where the stop belongs clear none: what rests stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import RunOutcome, Stop, Trailing

BAND = "BANDUSDT"
LOCK = Stop.of(price="0.6700")
"""Of a short at 0.68: a profit, and the market has not been beyond it."""
WAITING = Stop.of(price="0.6700", trailing=Trailing.of(distance="0.01", activation="0.6500"))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as opened:
        yield opened


def stop_of(stage: Stage) -> str:
    """Where the mirror's stop is at the exchange; empty for none."""
    orders = stage.sim.orders(UIDS["mirror"])
    stops = [one for one in orders if one.stop_order_type == "StopLoss" and one.status.is_open]
    return ",".join(str(one.trigger_price) for one in stops)


@pytest.mark.parametrize("stop", [LOCK, WAITING], ids=["price", "price and trailing"])
def test_a_price_that_no_rule_can_use_yet_clears_nothing(stage: Stage, stop: Stop) -> None:
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER, stop=Stop.of(percent=5))
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", stop=stop)
    stage.reconciler.reconcile(monitor)
    assert stop_of(stage) == "0.714"


def test_that_it_is_not_used_is_alerted(stage: Stage) -> None:
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER, stop=Stop.of(percent=5))
    stage.reconciler.reconcile(monitor)
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", stop=LOCK)
    report = stage.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.PARTIAL
    assert report.alert is not None
    assert "the stop stays at 0.714: the stop's price 0.67 is on the winning" in report.alert.text


def test_a_main_s_price_on_the_wrong_side_clears_no_stop_of_its_mirror(stage: Stage) -> None:
    stage.sim.open_position(UIDS["main"], BAND, "Sell", "100", "0.6600")
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "307.3", "0.6800")
    main = stage.reconciler.watch("main", BAND, "Sell", BAND_LADDER, stop=Stop.of(percent=9))
    mirror = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    for one in (main, mirror):
        stage.reconciler.reconcile(one)
    before = stop_of(stage)
    assert before
    stage.reconciler.watch("main", BAND, "Sell", stop=LOCK)
    stage.reconciler.reconcile(mirror)
    assert stop_of(stage) == before
