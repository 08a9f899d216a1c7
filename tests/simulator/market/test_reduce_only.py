"""Reduce-only: never beyond the position, whatever the policy for the sum."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import CancelType, ReduceOnlySum, Simulator

from ..caller import SYMBOL, Caller, order_id


@pytest.fixture
def ladder(sim: Simulator, caller: Caller) -> list[str]:
    """A long of 100 with take-profits of 60, 30 and 10, nearest first."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return [
        order_id(caller.take_profit(quantity, price))
        for quantity, price in (("60", "0.72"), ("30", "0.74"), ("10", "0.76"))
    ]


def left(sim: Simulator) -> list[str]:
    return [str(order.leaves) for order in sim.orders("101")]


def policy(sim: Simulator, name: ReduceOnlySum) -> None:
    sim.behaviour = replace(sim.behaviour, reduce_only_sum=name)


def test_one_order_is_cut_at_arrival(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    order_id(caller.take_profit("140", "0.72"))
    assert left(sim) == ["100"]


@pytest.mark.parametrize(
    ("name", "code", "quantities"),
    [
        (ReduceOnlySum.ALLOW, 0, ["60", "30", "10", "20"]),
        (ReduceOnlySum.REJECT, 110017, ["60", "30", "10"]),
        (ReduceOnlySum.TRUNCATE_NEWEST, 110017, ["60", "30", "10"]),
        (ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK, 0, ["60", "30", "10", "20"]),
    ],
)
@pytest.mark.usefixtures("ladder")
def test_a_sum_above_the_position_at_arrival(
    sim: Simulator, caller: Caller, name: ReduceOnlySum, code: int, quantities: list[str]
) -> None:
    policy(sim, name)
    assert caller.take_profit("20", "0.78")["retCode"] == code
    assert left(sim) == quantities


def test_the_newest_gets_what_is_left(sim: Simulator, caller: Caller) -> None:
    policy(sim, ReduceOnlySum.TRUNCATE_NEWEST)
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    caller.take_profit("60", "0.72")
    order_id(caller.take_profit("60", "0.74"))
    assert left(sim) == ["60", "40"]


@pytest.mark.parametrize(
    ("name", "quantities"),
    [
        (ReduceOnlySum.ALLOW, ["60", "30", "10"]),
        (ReduceOnlySum.REJECT, ["60", "15"]),
        (ReduceOnlySum.TRUNCATE_NEWEST, ["60", "15"]),
        (ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK, ["60"]),
    ],
)
@pytest.mark.usefixtures("ladder")
def test_a_position_that_shrinks(
    sim: Simulator, name: ReduceOnlySum, quantities: list[str]
) -> None:
    policy(sim, name)
    sim.set_position("101", SYMBOL, "Buy", "75", "0.69")
    assert left(sim) == quantities


@pytest.mark.usefixtures("ladder")
def test_a_fill_is_cut_to_the_position_and_the_rest_goes(sim: Simulator) -> None:
    sim.set_position("101", SYMBOL, "Buy", "40", "0.69")
    sim.set_price(SYMBOL, "0.80")
    assert sim.position("101", SYMBOL, "Buy").size == 0
    assert sim.position("101", SYMBOL, "Sell").size == 0
    assert [str(fill.quantity) for fill in sim.executions("101")] == ["40"]
    ends = [(str(o.filled), o.cancel_type) for o in sim.closed_orders("101")]
    assert ends == [
        ("40", CancelType.BY_REDUCE_ONLY),
        ("0", CancelType.BY_REDUCE_ONLY),
        ("0", CancelType.BY_REDUCE_ONLY),
    ]


@pytest.mark.usefixtures("ladder")
def test_a_close_by_hand_cancels_the_ladder(sim: Simulator, caller: Caller) -> None:
    entry = sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
    sim.set_position("101", SYMBOL, "Buy", "0")
    assert [order.order_id for order in sim.orders("101")] == [entry]
    rows = caller.get("order/realtime", symbol=SYMBOL, openOnly=1)["result"]["list"]
    assert {row["cancelType"] for row in rows} == {"CancelByReduceOnly"}


@pytest.mark.usefixtures("ladder")
def test_a_flip_cancels_the_ladder(sim: Simulator, caller: Caller) -> None:
    reply = caller.post("order/create", symbol=SYMBOL, side="Sell", orderType="Market", qty="150")
    order_id(reply)
    assert sim.position("101", SYMBOL, "Sell").size == 50
    assert sim.orders("101") == ()


@pytest.mark.usefixtures("ladder")
def test_a_flat_position_may_leave_the_ladder(sim: Simulator) -> None:
    sim.behaviour = replace(sim.behaviour, resting_closed_when_flat=False)
    ladder = sim.orders("101")
    assert ladder
    sim.set_position("101", SYMBOL, "Buy", "0")
    assert sim.orders("101") == ladder
    sim.set_price(SYMBOL, "0.99")
    assert sim.orders("101") == (), "there is nothing that they could close"
    assert sim.position("101", SYMBOL, "Buy").size == 0


@pytest.mark.parametrize(("taken_along", "left_over"), [(False, 1), (True, 0)])
def test_the_users_own_conditional_orders_when_flat(
    sim: Simulator, caller: Caller, *, taken_along: bool, left_over: int
) -> None:
    sim.behaviour = replace(sim.behaviour, conditional_closed_when_flat=taken_along)
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    stop = {"triggerPrice": "0.65", "triggerDirection": 2, "reduceOnly": True}
    order_id(caller.limit("100", "0.64", **stop))
    sim.set_position("101", SYMBOL, "Buy", "0")
    assert len(sim.orders("101")) == left_over
    sim.set_price(SYMBOL, "0.60")
    assert sim.orders("101") == (), "a trigger without a position is cancelled"
    assert sim.executions("101") == ()


def test_the_two_sides_of_hedge_mode_are_apart(sim: Simulator, hedger: Caller) -> None:
    sim.open_position("202", SYMBOL, "Buy", "100", "0.70")
    sim.open_position("202", SYMBOL, "Sell", "100", "0.70")
    long_tp = order_id(hedger.limit("100", "0.75", positionIdx=1, reduceOnly=True))
    short_tp = order_id(hedger.limit("100", "0.65", positionIdx=2, reduceOnly=True, side="Buy"))
    sim.set_position("202", SYMBOL, "Sell", "0")
    assert [order.order_id for order in sim.orders("202")] == [long_tp]
    assert [order.order_id for order in sim.closed_orders("202")] == [short_tp]
    sim.set_price(SYMBOL, "0.80")
    assert sim.position("202", SYMBOL, "Buy").size == Decimal(0)
