"""What the exchange refuses, and what it does to orders by itself."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.stage import SETTINGS, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Ladder, MonitorRecord, ReplaceMode, RunOutcome
from trueup.simulator import Fault, FaultKind, ReduceOnlySum

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))


def grow(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")


def refuse(stage: Stage, path: str, code: int, text: str, times: int | None = 1) -> None:
    stage.sim.inject(Fault(kind=FaultKind.RET_CODE, path=path, code=code, text=text, times=times))


def test_every_place_is_refused(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    refuse(stage, "order/create", 110007, "Available balance is insufficient", None)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.FAILED
    compare()


def test_the_key_is_refused(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    refuse(stage, "order/create", 10005, "Permission denied, please check your API key", None)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.FAILED
    assert len(stage.writes()) == 1
    compare()


def test_one_place_is_refused_and_the_rest_stands(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.behaviour = replace(stage.sim.behaviour, active_cap=3)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.PARTIAL
    compare()


def test_too_many_requests_are_waited_for(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="order/create", times=2))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_an_amend_is_refused_and_the_order_replaced(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    text = "Quantity has been restricted and orders cannot be modified to increase the quantity."
    refuse(stage, "order/amend", 110022, text)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_a_cancel_is_refused(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    refuse(stage, "order/cancel", 10005, "Permission denied", None)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.FAILED
    assert laddered.key == monitor.key
    compare()


def test_the_position_closes_before_the_places_arrive(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.before("place", lambda: stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0"))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert stage.sim.orders(MIRROR) == ()
    compare()


def test_an_empty_object_comes_back(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    stage.sim.inject(Fault(kind=FaultKind.EMPTY_OBJECT, path="order/amend", effect=True))
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_an_acknowledged_place_takes_its_time(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.behaviour = replace(stage.sim.behaviour, effect_delay_ms=400)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_the_market_has_run_through_two_levels(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_price("BANDUSDT", "0.6300")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_the_exchange_moves_a_price_into_its_band_and_is_not_fought(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.sim.behaviour = replace(stage.sim.behaviour, liquidity=Decimal(0))
    stage.sim.set_price("BANDUSDT", "0.5500")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert stage.order("mirror", 1).price < Decimal("0.6528")
    assert stage.reconciler.reconcile(mirror).writes == 0
    compare()


@pytest.fixture
def replacing(stage: Stage) -> Stage:
    """The same stage with ``replace = "cancel"``."""
    stage.reconciler.close()
    stage.settings = replace(SETTINGS, replace=ReplaceMode.CANCEL)
    stage.reconciler = stage.open()
    return stage


def test_cancel_then_place_level_by_level(
    replacing: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(replacing)
    assert replacing.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


MOVED = Ladder.of(("0.6528", 10), ("0.6400", 80), ("0.6200", 5), ("0.6000", 5))


def test_what_shall_shrink_is_refused_and_what_grows_is_not(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    """TP1 fills past its new total as the batch leaves: 110064, while TP2 grows for its sake."""
    stage.sim.behaviour = replace(stage.sim.behaviour, reduce_only_sum=ReduceOnlySum.ALLOW)
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", MOVED)
    first = stage.order("mirror", 1).order_id
    above: list[Decimal] = []
    stage.before("amend", lambda: stage.sim.fill(MIRROR, first, "100"))
    stage.before("cancel", lambda: above.append(cover(stage)))
    started = stage.clock.now()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert above[0] > Decimal("207.3")
    assert stage.clock.now() - started < stage.settings.pause
    assert cover(stage) == Decimal("207.3")
    assert laddered.key == monitor.key
    compare()


def cover(stage: Stage) -> Decimal:
    return sum((order.leaves for order in stage.sim.orders(MIRROR)), Decimal(0))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (110079, "The order is processing and can not be operated, please try again later"),
        (10001, "params error"),
    ],
)
def test_a_refused_shrink_is_made_good_in_the_same_run(
    stage: Stage, laddered: MonitorRecord, code: int, text: str
) -> None:
    """TP2 has grown, TP1 not shrunk: until the run's next round the cover is above."""
    stage.sim.behaviour = replace(stage.sim.behaviour, reduce_only_sum=ReduceOnlySum.ALLOW)
    stage.reconciler.close()
    stage.patience = replace(stage.patience, batch_size=1)
    stage.reconciler = stage.open()
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", MOVED)
    refuse(stage, "order/amend", code, text)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert cover(stage) == Decimal("307.3")
    assert stage.order("mirror", 2).leaves == Decimal("245.8")
    assert laddered.key == monitor.key


def test_a_level_that_cannot_be_placed_is_covered_by_its_neighbour(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    """The others had shrunk for it, and what it should have covered stayed naked."""
    stage.sim.behaviour = replace(stage.sim.behaviour, active_cap=4)
    five = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 4), ("0.6100", 3), ("0.6000", 3))
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", five)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.PARTIAL
    assert cover(stage) == Decimal("307.3")
    assert laddered.key == monitor.key
    compare()


def test_nothing_is_cancelled_to_be_placed_while_places_are_refused(
    stage: Stage, laddered: MonitorRecord
) -> None:
    """The exchange accepts neither places nor growth: the orders that rest stay."""
    five = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 4), ("0.6100", 3), ("0.6000", 3))
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", five)
    refuse(stage, "order/create", 110007, "Available balance is insufficient", None)
    stage.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/amend", code=110022, skip=1, times=None)
    )
    report = stage.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.PARTIAL
    assert not [call for call in report.calls if call.operation == "cancel"]
    assert len(stage.sim.orders(MIRROR)) == 4
    assert laddered.key == monitor.key
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert cover(stage) == Decimal("307.3")
    assert len(stage.sim.orders(MIRROR)) == 5


def test_a_refusal_of_values_by_rules_that_did_not_change_cancels_nothing(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    refuse(stage, "order/amend", 110120, "Order price cannot be smaller than 0.6", None)
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.FAILED
    assert cover(stage) == Decimal("307.3")
    assert not [call for call in report.calls if call.operation == "cancel"]
    assert len(stage.writes()) == 3
    compare()


def test_nothing_is_replaced_by_rules_that_were_not_just_read(
    stage: Stage, laddered: MonitorRecord
) -> None:
    """TP4 would go and TP3 take its share, but the largest order is smaller than TP3's share."""
    stage.sim.set_instrument("BANDUSDT", max_quantity="20")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert cover(stage) == Decimal("307.3")
    assert all(order.quantity <= 20 for order in stage.sim.orders(MIRROR)[1:])
    assert laddered.key == monitor.key
