"""``cancel_entries``: entries that the user has named go once a level has filled, and no others."""

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import Compare
from tests.stories.entries import (
    CANCELS,
    MIRROR,
    NAMED,
    STOP,
    SYMBOL,
    cancels,
    drift,
    entries,
    laddered,
    rest,
    tp1,
)
from trueup import NO_STOP, CancelEntries, EntriesCancelled, Ladder, RunOutcome, Stop
from trueup.simulator import Fault, FaultKind


def test_they_go_once_tp1_has_filled(stage: Stage, compare: Compare) -> None:
    """One without a name, one with another, a stop and a take-profit of somebody's stay."""
    record = laddered(stage)
    rest(stage, "MY_LIMIT2", "0.7110")
    rest(stage, "", "0.7120")
    rest(stage, "BOT_0aeb9057_LIMIT9", "0.6300", side="Buy", qty="20", reduceOnly=True)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    tp1(stage)
    report = stage.reconciler.reconcile(record)
    assert report.outcome is RunOutcome.SUCCESS
    assert sorted(entries(stage)) == ["", "MY_LIMIT2"]
    assert any(one.link_id == "BOT_0aeb9057_LIMIT9" for one in stage.sim.orders(MIRROR))
    assert [one for one in report.events if isinstance(one, EntriesCancelled)] != []
    assert stage.reconciler.reconcile(record).writes == 0
    compare()


def test_one_that_comes_later_goes_as_long_as_the_position_is_open(
    stage: Stage, compare: Compare
) -> None:
    record = laddered(stage)
    tp1(stage)
    stage.reconciler.reconcile(record)
    rest(stage, "BOT_0aeb9057_LIMIT4", "0.6700")
    assert drift(stage) == "an entry rests that was to go with a level that has filled"
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (entries(stage), drift(stage)) == ([], None)
    compare()


def test_the_last_level_closes_the_position(stage: Stage, compare: Compare) -> None:
    """Those that rested then go; one of the next position stays."""
    record = laddered(stage, ladder=Ladder.of(("0.6700", 100)))
    tp1(stage)
    stage.clock.advance(1000)
    rest(stage, "BOT_1bfc0168_LIMIT2")
    stage.reconciler.reconcile(record)
    assert entries(stage) == ["BOT_1bfc0168_LIMIT2"]
    assert stage.reconciler.reconcile(record).writes == 0
    compare()


def test_a_lost_reply_is_looked_up(stage: Stage, compare: Compare) -> None:
    record = laddered(stage)
    tp1(stage)
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/cancel"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (entries(stage), cancels(stage)) == ([], 1)
    compare()


def test_a_lost_request_is_sent_again(stage: Stage, compare: Compare) -> None:
    record = laddered(stage)
    tp1(stage)
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (entries(stage), cancels(stage)) == ([], 2)
    compare()


def test_an_entry_fills_while_its_cancel_is_on_the_way(stage: Stage, compare: Compare) -> None:
    """110001: it is looked up, and the ladder covers what it has added."""
    record = laddered(stage)
    tp1(stage)
    rest(stage, "BOT_0aeb9057_LIMIT4", "0.6700")
    stage.before("cancel", lambda: stage.sim.set_price(SYMBOL, "0.6700"))
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, entries(stage)) == (RunOutcome.SUCCESS, [])
    assert str(stage.sim.position(MIRROR, SYMBOL, "Sell").size) == "146.1"
    compare()


def test_somebody_else_has_cancelled_it_meanwhile(stage: Stage, compare: Compare) -> None:
    """110001: it is looked up, and nothing is left to do."""
    record = laddered(stage)
    tp1(stage)
    ids = [one.order_id for one in stage.sim.orders(MIRROR) if one.link_id in NAMED]

    def by_hand() -> None:
        for one in ids:
            stage.sim.cancel_by_hand(MIRROR, one)

    stage.before("cancel", by_hand)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert entries(stage) == []
    compare()


def test_it_is_lost_again_and_again(stage: Stage, compare: Compare) -> None:
    """The ladder does not wait for ever, the alert says what rests, and the next run tries."""
    record = laddered(stage)
    tp1(stage)
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel", times=None))
    report = stage.reconciler.reconcile(record)
    assert report.outcome is RunOutcome.PARTIAL
    assert report.alert is not None
    assert "entries that are to go still rest" in report.alert.text
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert entries(stage) == []
    compare()


def test_it_is_refused(stage: Stage, compare: Compare) -> None:
    record = laddered(stage)
    tp1(stage)
    busy = Fault(
        kind=FaultKind.RET_CODE, path="order/cancel", code=10006, text="busy", times=1, effect=False
    )
    stage.sim.inject(busy)
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, sorted(entries(stage))) == (RunOutcome.PARTIAL, sorted(NAMED))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert entries(stage) == []
    compare()


def test_while_the_orders_are_unread_nothing_is_cancelled(stage: Stage) -> None:
    record = laddered(stage)
    tp1(stage)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    stage.reconciler.reconcile(record)
    assert sorted(entries(stage)) == sorted(NAMED)
    assert not [request for request in stage.writes() if request.path == CANCELS]
    stage.sim.clear_faults()
    stage.reconciler.reconcile(record)
    assert entries(stage) == []


def test_a_later_level_and_several_patterns(stage: Stage) -> None:
    """TP1 alone changes nothing."""
    rule = CancelEntries.of(("OTHER_*", "BOT_*_LIMIT3"), 2)
    record = laddered(stage, Stop.of(percent=5, cancel_entries=rule))
    tp1(stage)
    stage.reconciler.reconcile(record)
    assert sorted(entries(stage)) == sorted(NAMED)
    stage.sim.set_price(SYMBOL, "0.6300")
    stage.reconciler.reconcile(record)
    assert entries(stage) == [NAMED[0]]


def test_by_default_none_goes(stage: Stage) -> None:
    record = laddered(stage, Stop.of(percent=5))
    tp1(stage)
    stage.reconciler.reconcile(record)
    assert sorted(entries(stage)) == sorted(NAMED)


def test_a_stop_that_is_taken_off_cancels_none(stage: Stage) -> None:
    record = laddered(stage)
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=NO_STOP)
    tp1(stage)
    stage.reconciler.reconcile(record)
    assert sorted(entries(stage)) == sorted(NAMED)


def test_a_plan_names_them(stage: Stage) -> None:
    record = laddered(stage)
    tp1(stage)
    preview = stage.reconciler.preview(record)
    assert sorted(one.order_link_id for one in preview.entries) == sorted(NAMED)
    named = sorted(one for one in preview.actions if "entry" in one)
    assert named == [f"cancel the entry {name}" for name in sorted(NAMED)]
    assert sorted(entries(stage)) == sorted(NAMED)


@pytest.mark.parametrize("times", [1, 2])
def test_a_conditional_entry_goes_as_well(stage: Stage, times: int) -> None:
    record = laddered(stage)
    for number in range(times):
        rest(stage, f"BOT_0aeb9057_LIMIT{5 + number}", triggerPrice="0.7200", triggerDirection=1)
    tp1(stage)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert entries(stage) == []


def test_a_mirror_takes_the_rule_of_its_main(stage: Stage) -> None:
    """And applies it to its own entries, once its own TP1 has filled."""
    stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER, stop=STOP)
    record = laddered(stage, None)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    assert sorted(entries(stage)) == sorted(NAMED)
    tp1(stage)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert entries(stage) == []
