"""Other people's reduce-only orders that take the room beside the ladder."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.engine.run.test_bounded import FOUR, Bench, bench
from trueup import RunOutcome
from trueup.simulator import ReduceOnlySum
from trueup.testing import ACCOUNT, SYMBOL, UID

__all__ = ["bench"]
TAKES = "an external reduce-only order of 500 takes the room"


def beside(bench: Bench, quantity: str = "500") -> str:
    """Somebody's own take-profit; returns its order id."""
    return bench.simulator.place_order(
        UID,
        symbol=SYMBOL,
        side="Sell",
        orderType="Limit",
        qty=quantity,
        price="0.7900",
        reduceOnly=True,
        orderLinkId="human-1",
    )


def adds_up(bench: Bench, rule: ReduceOnlySum) -> None:
    """The exchange counts all reduce-only orders against the position."""
    behaviour = replace(bench.simulator.behaviour, reduce_only_sum=rule)
    bench.simulator.behaviour = behaviour


def ours(bench: Bench) -> Decimal:
    """What our orders cover."""
    return bench.covered() - 500


@pytest.mark.parametrize("rule", [ReduceOnlySum.REJECT, ReduceOnlySum.TRUNCATE_NEWEST])
def test_what_others_leave_is_covered_and_nothing_more_is_asked_for_until_that_changes(
    bench: Bench, rule: ReduceOnlySum
) -> None:
    """Red before: 5 writes in every run and "the position moved", which it had not."""
    adds_up(bench, rule)
    order_id = beside(bench)
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    report, requests = bench.run()
    assert requests <= 40
    assert report.outcome is RunOutcome.PARTIAL
    assert report.alert is not None
    assert f"{TAKES}: 500 of 1000 is covered" in report.alert.text
    assert "the position moved" not in report.alert.text
    assert ours(bench) == 500
    for _ in range(3):
        bench.simulator.clock.advance(60_000)
        again, _ = bench.run()
        assert again.outcome is RunOutcome.SKIPPED
        assert again.writes == 0
        assert again.record.next_try_at is not None
    bench.simulator.cancel_by_hand(UID, order_id)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    assert bench.covered() == 1000


def test_room_that_is_too_small_for_an_order_goes_to_its_neighbour(bench: Bench) -> None:
    """TP4's 50 have a room of 3, and no order may be as small."""
    adds_up(bench, ReduceOnlySum.REJECT)
    order_id = beside(bench, "47")
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    report, _ = bench.run()
    assert bench.covered() == 1000
    assert report.alert is not None
    assert "an external reduce-only order of 47 takes the room: 953 of 1000" in report.alert.text
    bench.simulator.clock.advance(60_000)
    again, _ = bench.run()
    assert (again.outcome, again.writes) == (RunOutcome.SKIPPED, 0)
    bench.simulator.cancel_by_hand(UID, order_id)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    rests = [order.leaves for order in bench.simulator.orders(UID)]
    assert sorted(rests) == [50, 50, 50, 850]


def test_room_that_is_too_small_for_a_further_order_of_a_level_goes_to_another_level(
    bench: Bench,
) -> None:
    """Seed 5221961: TP1's 850 need two orders, the second of 50 has a room of 3."""
    adds_up(bench, ReduceOnlySum.REJECT)
    bench.simulator.set_instrument(SYMBOL, max_quantity="800")
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    second = min(bench.simulator.orders(UID), key=lambda order: (order.price, order.leaves))
    bench.simulator.cancel_by_hand(UID, second.order_id)
    order_id = beside(bench, "47")
    report, _ = bench.run()
    assert report.outcome is RunOutcome.PARTIAL
    assert bench.covered() == 1000
    bench.simulator.clock.advance(60_000)
    again, _ = bench.run()
    assert (again.outcome, again.writes) == (RunOutcome.SKIPPED, 0)
    bench.simulator.cancel_by_hand(UID, order_id)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    rests = [order.leaves for order in bench.simulator.orders(UID)]
    assert sorted(rests) == [50, 50, 50, 50, 800]


def test_a_ladder_at_rest_keeps_its_cover_while_others_take_the_room_of_an_entry(
    bench: Bench,
) -> None:
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    beside(bench)
    bench.grow()
    adds_up(bench, ReduceOnlySum.REJECT)
    report, requests = bench.run()
    assert requests <= 40
    assert ours(bench) == 1000
    assert report.alert is not None
    assert TAKES in report.alert.text
    bench.simulator.clock.advance(60_000)
    again, _ = bench.run()
    assert (again.outcome, again.writes) == (RunOutcome.SKIPPED, 0)
    bench.grow()
    third, _ = bench.run()
    assert third.writes > 0
    assert ours(bench) >= 1000


def test_growth_that_is_accepted_and_cut_to_nothing_is_not_asked_for_again(bench: Bench) -> None:
    """Seed 703242: the same amends left in every run, and each run failed."""
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    beside(bench, "300")
    bench.grow()
    adds_up(bench, ReduceOnlySum.TRUNCATE_NEWEST)
    reports = []
    for _ in range(4):
        reports.append(bench.run()[0])
        bench.simulator.clock.advance(60_000)
    assert [report.outcome for report in reports[2:]] == [RunOutcome.SKIPPED] * 2
    assert [report.writes for report in reports[1:]] == [0] * 3
    assert reports[1].alert is not None
    assert "of 300 takes the room: 1000 of 1300 is covered" in reports[1].alert.text


def test_where_the_exchange_lets_them_rest_the_whole_ladder_rests_and_the_alert_names_them(
    bench: Bench,
) -> None:
    beside(bench)
    monitor = bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    assert bench.reconciler.preview(monitor).beside == (Decimal(500),)
    report, _ = bench.run()
    assert report.outcome is RunOutcome.SUCCESS
    assert ours(bench) == 1000
    assert report.alert is not None
    assert "another order closes 500 too: together 1500 of 1000" in report.alert.text


def test_a_refusal_that_no_order_explains_is_tried_again_by_the_next_run(bench: Bench) -> None:
    bench.reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", FOUR)
    bench.refuse(110017)
    report, _ = bench.run()
    assert report.alert is not None
    assert "the position moved" not in report.alert.text
    bench.simulator.clear_faults()
    bench.simulator.clock.advance(60_000)
    assert bench.run()[0].outcome is RunOutcome.SUCCESS
    assert bench.covered() == 1000
