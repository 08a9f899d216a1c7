"""A ladder by rule: reckoned from the entry, on record from then on, or following the average."""

from decimal import Decimal

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import MonitorKey, MonitorRecord, RuleLadder, RunOutcome, Side, Stop

MAIN = UIDS["main"]
PERCENT = RuleLadder.of((2, 85), (4, 15))
AVERAGE = RuleLadder.of((2, 85), (4, 15), basis="average")
IN_R = RuleLadder.of((1, 60), ("2.5", 40), unit="r")
STOP = Stop.of(percent=5)


def resting(stage: Stage, uid: str = MIRROR) -> dict[str, str]:
    """The quantities of the TP orders that rest, by price."""
    orders = [
        o for o in stage.sim.orders(uid) if o.status.is_open and o.stop_order_type != "StopLoss"
    ]
    return {str(o.price): str(o.leaves) for o in sorted(orders, key=lambda one: -one.price)}


def watched(stage: Stage, ladder: RuleLadder, stop: Stop | None = None) -> MonitorRecord:
    """The mirror's monitor, with a ladder by rule."""
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", ladder, stop=stop)


@pytest.fixture
def short(stage: Stage) -> Stage:
    """A mirror short of 307.3 at 0.68, which nobody watches yet."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage


def test_the_rule_becomes_prices_at_the_first_fill(short: Stage, compare: Compare) -> None:
    monitor = watched(short, PERCENT)
    assert monitor.ladder is None
    assert short.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(short) == {"0.6664": "261.2", "0.6528": "46.1"}
    report = short.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)
    short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.7000")
    short.reconciler.reconcile(monitor)
    assert resting(short) == {"0.6664": "522.4", "0.6528": "92.2"}, "the prices stay"
    compare()


def test_the_levels_follow_the_average(short: Stage, compare: Compare) -> None:
    monitor = watched(short, AVERAGE)
    short.reconciler.reconcile(monitor)
    before = len(short.writes())
    short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.7000")
    assert short.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(short) == {"0.6762": "522.4", "0.6624": "92.2"}
    assert len(short.writes()) == before + 1, "price and size go in one request"
    assert short.reconciler.reconcile(monitor).writes == 0
    compare()


def test_a_level_that_has_filled_stays_where_it_was(short: Stage) -> None:
    monitor = watched(short, AVERAGE)
    short.reconciler.reconcile(monitor)
    short.sim.set_price("BANDUSDT", "0.6600")
    short.reconciler.reconcile(monitor)
    assert resting(short) == {"0.6528": "46.1"}
    short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "46.1", "0.6700")
    report = short.reconciler.reconcile(monitor)
    assert report.record.ladder is not None
    prices = [level.price for level in report.record.ladder.levels]
    assert prices == [Decimal("0.6664"), Decimal("0.648")]
    assert resting(short) == {"0.648": "92.2"}


def test_in_r_the_stop_goes_first(short: Stage, compare: Compare) -> None:
    monitor = watched(short, IN_R, STOP)
    assert short.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert short.writes()[0].path == "/v5/position/trading-stop"
    assert resting(short) == {"0.646": "184.4", "0.595": "122.9"}
    compare()


def test_in_r_without_a_losing_stop_there_is_no_ladder(short: Stage, compare: Compare) -> None:
    monitor = watched(short, IN_R, Stop.of(price="0.6700"))
    report = short.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SKIPPED
    assert report.alert is not None
    assert "the ladder by rule cannot be reckoned" in report.alert.text
    assert resting(short) == {}
    compare()


def test_a_new_position_has_prices_of_its_own(short: Stage, compare: Compare) -> None:
    monitor = watched(short, PERCENT)
    short.reconciler.reconcile(monitor)
    short.sim.set_position(MIRROR, "BANDUSDT", "Sell", 0, "0.68")
    short.reconciler.reconcile(monitor)
    short.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.7000")
    assert short.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(short) == {"0.686": "261.2", "0.672": "46.1"}
    compare()


def test_a_mirror_reckons_from_its_own_entry(short: Stage, compare: Compare) -> None:
    short.sim.open_position(MAIN, "BANDUSDT", "Sell", "1000", "0.7000")
    main = short.reconciler.watch("main", "BANDUSDT", "Sell", PERCENT)
    short.reconciler.reconcile(main)
    mirror = short.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert short.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert resting(short, MAIN) == {"0.686": "850", "0.672": "150"}
    assert resting(short) == {"0.6664": "261.2", "0.6528": "46.1"}
    compare()


def test_a_mirror_follows_its_main_to_a_rule_and_back(short: Stage) -> None:
    short.sim.open_position(MAIN, "BANDUSDT", "Sell", "1000", "0.6800")
    key = MonitorKey("mirror", "BANDUSDT", Side.SELL)
    short.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    short.reconciler.watch("mirror", "BANDUSDT", "Sell")
    prices = {level.price for level in BAND_LADDER.levels}
    for ladder, wanted in (
        (BAND_LADDER, prices),
        (PERCENT, {Decimal("0.6664"), Decimal("0.6528")}),
        (BAND_LADDER, prices),
    ):
        short.reconciler.watch("main", "BANDUSDT", "Sell", ladder)
        short.reconciler.reconcile_all()
        assert {Decimal(price) for price in resting(short)} == wanted
        assert short.reconciler.reconcile(key).writes == 0


def test_a_rule_takes_the_place_of_prices_while_orders_rest(short: Stage, compare: Compare) -> None:
    short.reconciler.reconcile(short.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER))
    monitor = watched(short, PERCENT)
    assert short.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(short) == {"0.6664": "261.2", "0.6528": "46.1"}
    compare()
