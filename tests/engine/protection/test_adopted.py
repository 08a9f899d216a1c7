"""Stops that rest: adopted only where the settings ask for it, and for one position alone."""

from dataclasses import replace

import pytest

from tests.stage import BAND_LADDER, SETTINGS, Stage
from tests.stories.stops import (
    MIRROR,
    SYMBOL,
    by_hand,
    moved_to,
    own_orders,
    protect,
    sets,
    stop_of,
)
from trueup import NO_STOP, MonitorKey, MonitorRecord, Side, Stop
from trueup.domain.recognition.classify import Recognition

ADOPTS = replace(SETTINGS, recognition=Recognition(adopt_stops=True))
KEY = MonitorKey("mirror", SYMBOL, Side.SELL)


def adopt(stage: Stage) -> None:
    """From now on the settings ask for it."""
    stage.reconciler.close()
    stage.settings = ADOPTS
    stage.reconciler = stage.open()


def watched(stage: Stage, *, adopts: bool = True) -> MonitorRecord:
    """A short of 307.3 with a ladder and a stop that its owner has set at 0.705."""
    if adopts:
        adopt(stage)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    by_hand(stage, "0.7050")
    return stage.reconciler.watch("mirror", SYMBOL, "Sell", BAND_LADDER)


def record_of(stage: Stage) -> MonitorRecord:
    """The monitor as it is stored."""
    record = stage.reconciler.store.load(KEY)
    assert record is not None
    return record


def kinds(stage: Stage) -> list[str]:
    """The kinds of the events of stops so far."""
    rows = stage.reconciler.store.rows("event_log")
    return [str(row["kind"]) for row in rows if "stop" in str(row["kind"])]


def test_nothing_is_adopted_unasked(stage: Stage) -> None:
    stage.reconciler.reconcile(watched(stage, adopts=False))
    assert record_of(stage).stop is None
    assert (stop_of(stage), kinds(stage)) == ("0.705", [])


def test_it_is_kept_where_it_rests_and_that_is_on_record(stage: Stage) -> None:
    record = watched(stage)
    report = stage.reconciler.reconcile(record)
    kept = record_of(stage).stop
    assert kept is not None
    assert (str(kept.asked), kept.source, kept.wanted.price) == (
        "0.705",
        "live stop",
        kept.asked and kept.asked.price,
    )
    assert "the stop that rests is kept from now on: 0.705" in stage.alerts[-1].text
    assert any("that rests is adopted: 0.705" in one.text for one in report.decisions)
    stage.reconciler.reconcile(record)
    assert (kinds(stage), sets(stage)) == (["stop-adopted"], 0)
    (row,) = stage.reconciler.store.rows("stop_status")
    assert (row["status"], row["price"], row["source"]) == ("protected", "0.7050", "live stop")


def test_one_that_is_removed_is_set_again(stage: Stage) -> None:
    record = watched(stage)
    stage.reconciler.reconcile(record)
    by_hand(stage, "0")
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), sets(stage)) == ("0.705", 1)


def test_a_stop_that_is_wanted_is_not_replaced_by_what_rests(stage: Stage) -> None:
    adopt(stage)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    by_hand(stage, "0.7250")
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", BAND_LADDER, stop=Stop.of(percent=5))
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), kinds(stage)) == ("0.714", ["stop-moved"])


def test_the_next_position_does_not_inherit_it(stage: Stage) -> None:
    record = watched(stage)
    stage.reconciler.reconcile(record)
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.reconciler.reconcile(record)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "100", "0.6900")
    stage.reconciler.reconcile(record)
    assert not record_of(stage).wants_stop
    assert stage.reconciler.store.rows("stop_status") == []
    by_hand(stage, "0.7100")
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), kinds(stage)) == ("0.71", ["stop-adopted", "stop-adopted"])


@pytest.mark.parametrize("adopts", [True, False])
def test_one_that_is_taken_off_stays_at_the_exchange_and_is_not_adopted_again(
    stage: Stage, *, adopts: bool
) -> None:
    if adopts:
        adopt(stage)
    record = protect(stage, Stop.of(percent=5))
    stage.reconciler.reconcile(record)
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP)
    stage.reconciler.reconcile(record)
    assert "🚫 no stop is wanted any more: the one at 0.714 stays" in stage.alerts[-1].text
    assert (stop_of(stage), sets(stage)) == ("0.714", 1)
    assert stage.reconciler.store.rows("stop_status") == []
    alerts = len(stage.alerts)
    before = record_of(stage)
    assert stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP) == before
    by_hand(stage, "0")
    moved_to(stage, record, "0.6500")
    assert (stop_of(stage), sets(stage), record_of(stage).wants_stop) == ("", 1, False)
    assert kinds(stage) == ["stop-moved", "stop-taken-off"]
    assert not any("stop" in alert.text.lower() for alert in stage.alerts[alerts:])


def test_given_again_it_is_wanted_again(stage: Stage) -> None:
    record = protect(stage, Stop.of(percent=5))
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP)
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == ""
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=5))
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.714"


def test_a_position_that_is_known_to_be_bare_counts_as_such_no_more(stage: Stage) -> None:
    """The market is past the stop; its owner then wants none: the time without it is over."""
    record = protect(stage, Stop.of(price="0.6900"))
    stage.sim.set_price(SYMBOL, "0.6950")
    stage.reconciler.reconcile(record)
    (gap,) = stage.reconciler.store.rows("protection_log")
    assert gap["until"] is None
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP)
    stage.reconciler.reconcile(record)
    (gap,) = stage.reconciler.store.rows("protection_log")
    assert gap["until"] is not None
    assert "no stop is wanted any more: the position has none" in stage.alerts[-1].text


def test_an_order_that_is_no_longer_wanted_stays_with_its_position_and_not_longer(
    stage: Stage,
) -> None:
    """Left behind, it would close the next position at the price of the last one."""
    record = protect(stage, Stop.of(percent=5, form="order"))
    stage.reconciler.reconcile(record)
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP)
    stage.reconciler.reconcile(record)
    assert own_orders(stage) == ["0.714 for 307.3"]
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.reconciler.reconcile(record)
    assert own_orders(stage) == []
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "100", "0.6900")
    stage.reconciler.reconcile(record)
    assert (own_orders(stage), stop_of(stage)) == ([], "")


def test_a_mirror_that_adopted_takes_the_stop_that_its_main_is_given(stage: Stage) -> None:
    record = watched(stage)
    stage.reconciler.reconcile(record)
    stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER, stop=Stop.of(percent=3))
    stage.reconciler.reconcile(record)
    kept = record_of(stage).stop
    assert kept is not None
    assert (kept.source, stop_of(stage)) == ("main", "0.7004")
