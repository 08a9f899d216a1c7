"""A price that the market has reached moves the stop, whether or not anybody was there to see."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind

BAND, MIRROR = "BANDUSDT", UIDS["mirror"]
A_MINUTE = 60_000


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def protected(stage: Stage) -> MonitorRecord:
    """A short of 307.3 at 0.70: breakeven once the price has been 2 % in profit, at 0.686."""
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.7000")
    even = Breakeven.of(after_percent=2, offset=0)
    monitor = stage.reconciler.watch(
        "mirror", BAND, "Sell", BAND_LADDER, stop=Stop.of(percent=5, breakeven=even)
    )
    stage.reconciler.reconcile(monitor)
    return monitor


def stop_of(stage: Stage) -> str:
    """Where the stop is at the exchange; empty for none."""
    orders = [one for one in stage.sim.orders(MIRROR) if one.stop_order_type == "StopLoss"]
    return ",".join(str(one.trigger_price) for one in orders if one.status.is_open)


def go(stage: Stage, *prices: str) -> None:
    """The market goes to each price in turn, and stays there for some minutes."""
    for price in prices:
        stage.sim.set_price(BAND, price)
        stage.sim.clock.advance(3 * A_MINUTE)


def test_a_price_that_is_there_moves_it(stage: Stage, protected: MonitorRecord) -> None:
    go(stage, "0.6850")
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7"


def test_a_price_that_was_reached_meanwhile_does_too(
    stage: Stage, protected: MonitorRecord
) -> None:
    go(stage, "0.7000", "0.6850", "0.6950")
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7"


def test_a_price_short_of_it_does_not(stage: Stage, protected: MonitorRecord) -> None:
    go(stage, "0.7000", "0.6870", "0.6950")
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.IN_SYNC
    assert stop_of(stage) == "0.735"


def test_candles_that_cannot_be_read_are_asked_for_in_the_next_run(
    stage: Stage, protected: MonitorRecord
) -> None:
    go(stage, "0.7000", "0.6850", "0.6950")
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="mark-price-kline"))
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.IN_SYNC
    assert stop_of(stage) == "0.735"
    assert stage.reconciler.reconcile(protected).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7"


def test_the_market_is_not_asked_for_once_the_price_was_reached(
    stage: Stage, protected: MonitorRecord
) -> None:
    go(stage, "0.7000", "0.6850", "0.6950")
    stage.reconciler.reconcile(protected)
    asked = len(stage.sim.requests)
    stage.reconciler.reconcile(protected)
    paths = [request.path for request in stage.sim.requests[asked:]]
    assert paths
    assert not [path for path in paths if path.endswith("kline")]
