"""Levels that the market has passed: nothing is placed there, and nothing is given up for them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.carrying_out import carried_out
from tests.domain.planning.test_plan import order, owned, target, targets
from trueup import BeyondMarket, Side
from trueup.domain.model.order import Position
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning.beyond_market import Market
from trueup.domain.planning.plan import Plan, plan_for
from trueup.domain.planning.targets import Target

D = Decimal


def at(mark: int, side: Side = Side.BUY) -> Market:
    return Market(BeyondMarket.WAIT, Position("BANDUSDT", side, D(100), D(90), D(mark)))


def planned(wanted: list[Target], orders: list[OwnedOrder], market: Market) -> Plan:
    return plan_for(wanted, orders, withholds=market.withholds)


@pytest.mark.parametrize(
    ("side", "mark", "passed"),
    [
        (Side.BUY, 100, False),
        (Side.BUY, 101, True),
        (Side.BUY, 102, True),
        (Side.SELL, 100, True),
        (Side.SELL, 101, True),
        (Side.SELL, 102, False),
    ],
)
def test_at_the_mark_price_a_level_is_passed(side: Side, mark: int, *, passed: bool) -> None:
    assert at(mark, side).withholds(D(101)) is passed


def test_where_the_mark_price_is_unknown_everything_is_withheld() -> None:
    plan = planned([target(1, 50), target(2, 50)], [order(2, 50)], at(0))
    assert (plan.is_empty, plan.withheld) == (True, (target(1, 50),))


def test_what_rests_grows_wherever_the_market_is() -> None:
    plan = planned([target(1, 90)], [order(1, 85)], at(105))
    assert [(amend.price, amend.quantity) for amend in plan.amends] == [(None, D(90))]
    assert plan.withheld == ()


def test_what_can_only_be_replaced_stays_or_goes() -> None:
    def replaced(quantity: int) -> Plan:
        rests = order(1, 85)
        return plan_for(
            [target(1, quantity)],
            [rests],
            not_amendable={rests.order_id},
            withholds=at(105).withholds,
        )

    grows, shrinks = replaced(90), replaced(80)
    assert (grows.is_empty, grows.withheld) == (True, (target(1, 5),))
    assert [cancel.order.level for cancel in shrinks.cancels] == [1]
    assert (shrinks.places, shrinks.withheld) == ((), (target(1, 80),))


def test_an_order_shrinks_to_the_position_and_not_for_a_level_that_waits() -> None:
    plan = planned([target(1, 60), target(2, 20)], [order(2, 100)], at(101))
    assert [amend.quantity for amend in plan.amends] == [D(80)]


def test_what_was_sent_and_never_shown_is_not_sent_again() -> None:
    sent = order(1, 50, status=OwnedStatus.PENDING_NEW)
    assert planned([target(1, 50)], [sent], at(101)).is_empty


@given(targets, owned, st.integers(99, 110))
def test_law_nothing_is_placed_beyond_the_market_and_no_cover_is_lost(
    wanted: list[Target], orders: list[OwnedOrder], mark: int
) -> None:
    market = at(mark)
    plan = planned(wanted, orders, market)
    assert not any(map(market.withholds, plan.prices))
    before = sum((one.remaining for one in orders), D(0))
    asked = sum((one.quantity for one in wanted), D(0))
    given_up = sum((cancel.order.remaining for cancel in plan.cancels), D(0))
    after = before + plan.comes - plan.gives_up
    assert after >= min(before + plan.comes, asked) - given_up
    assert after <= max(before, asked)


@given(targets, owned, st.integers(99, 110))
def test_law_what_it_leads_to_asks_for_nothing_and_waits_for_the_same(
    wanted: list[Target], orders: list[OwnedOrder], mark: int
) -> None:
    market = at(mark)
    live = [one for one in orders if one.status is OwnedStatus.OPEN]
    plan = planned(wanted, live, market)
    again = planned(wanted, carried_out(plan, live), market)
    assert again.is_empty
    assert sorted((one.level, one.price) for one in again.withheld) == sorted(
        (one.level, one.price) for one in plan.withheld
    )
