"""The market moves: limits fill in price-time order over all accounts, triggers fire."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import OrderStatus, Simulator

from ..caller import SYMBOL, Caller, order_id


def test_a_limit_fills_at_its_price_when_the_market_reaches_it(
    sim: Simulator, caller: Caller
) -> None:
    made = order_id(caller.limit("100", "0.75"))
    sim.set_price(SYMBOL, "0.7499")
    assert sim.executions("101") == ()
    sim.set_price(SYMBOL, "0.7500")
    (fill,) = sim.executions("101")
    assert (fill.order_id, fill.price, fill.is_maker) == (made, Decimal("0.75"), True)


def test_better_prices_first_then_the_older(sim: Simulator, caller: Caller) -> None:
    far = order_id(caller.limit("100", "0.76"))
    late_near = order_id(caller.limit("100", "0.74"))
    other = sim.place_entry("202", SYMBOL, "Sell", "100", "0.74")
    nearest = sim.place_entry("202", SYMBOL, "Sell", "100", "0.73")
    sim.behaviour = replace(sim.behaviour, liquidity=Decimal(100))
    for _ in range(4):
        sim.set_price(SYMBOL, "0.80")
    both = sorted([*sim.executions("101"), *sim.executions("202")], key=lambda fill: fill.seq)
    assert [fill.order_id for fill in both] == [nearest, late_near, other, far]


def test_scarce_liquidity_fills_in_parts(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, liquidity=Decimal(30))
    order_id(caller.limit("50", "0.75"))
    sim.set_price(SYMBOL, "0.75")
    (order,) = sim.orders("101")
    assert (order.status, order.filled) == (OrderStatus.PARTIALLY_FILLED, Decimal(30))
    sim.set_price(SYMBOL, "0.75")
    assert [str(fill.quantity) for fill in sim.executions("101")] == ["30", "20"]


def test_the_way_down_meets_buys_and_falling_triggers_in_order(
    sim: Simulator, caller: Caller
) -> None:
    entry = sim.place_entry("101", SYMBOL, "Buy", "100", "0.69")
    stop = order_id(
        caller.limit("100", "0.60", orderType="Market", triggerPrice="0.65", triggerDirection=2)
    )
    sim.set_price(SYMBOL, "0.50")
    assert [fill.order_id for fill in sim.executions("101")] == [entry, stop]
    assert sim.position("101", SYMBOL, "Buy").size == 0
    assert sim.price(SYMBOL) == Decimal("0.50")


def test_positions_average_grow_shrink_and_flip(sim: Simulator) -> None:
    first = sim.place_entry("101", SYMBOL, "Buy", "100", "0.68")
    second = sim.place_entry("101", SYMBOL, "Buy", "300", "0.64")
    sim.fill("101", first)
    sim.fill("101", second)
    long = sim.position("101", SYMBOL, "Buy")
    assert (long.size, long.average_price) == (Decimal(400), Decimal("0.65"))
    flip = sim.place_entry("101", SYMBOL, "Sell", "500", "0.75")
    sim.fill("101", flip)
    short = sim.position("101", SYMBOL, "Sell")
    assert (short.size, short.average_price) == (Decimal(100), Decimal("0.75"))
    assert short.realised == Decimal(40)
    assert [str(fill.closed) for fill in sim.executions("101")] == ["0", "0", "400"]


def test_a_position_is_not_opened_over_the_other_side(sim: Simulator) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.68")
    with pytest.raises(ValueError, match="other side"):
        sim.open_position("101", SYMBOL, "Sell", "10", "0.70")
    sim.open_position("101", SYMBOL, "Buy", "300", "0.64")
    long = sim.position("101", SYMBOL, "Buy")
    assert (long.size, long.average_price) == (Decimal(400), Decimal("0.65"))


def test_a_rung_that_a_fill_cancels_is_not_met(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    order_id(caller.take_profit("100", "0.72"))
    stop = {"triggerPrice": "0.74", "triggerDirection": 1, "orderType": "Market"}
    order_id(caller.limit("100", "0.74", **stop, side="Buy"))
    order_id(caller.take_profit("100", "0.73"))
    order_id(caller.limit("100", "0.75"))
    sim.set_price(SYMBOL, "0.80")
    assert [(f.side, str(f.price)) for f in sim.executions("101")] == [
        ("Sell", "0.72"),
        ("Buy", "0.74"),
        ("Sell", "0.75"),
    ]


def test_a_fill_by_hand_may_be_partial(sim: Simulator) -> None:
    entry = sim.place_entry("101", SYMBOL, "Buy", "100", "0.68", "ENTRY-1")
    assert sim.fill("101", entry, "40") == Decimal(40)
    assert sim.fill("101", entry) == Decimal(60)
    assert [fill.link_id for fill in sim.executions("101")] == ["ENTRY-1", "ENTRY-1"]
    with pytest.raises(LookupError, match="no open order"):
        sim.fill("101", entry)


def test_a_conditional_order_is_not_filled_by_hand(sim: Simulator, caller: Caller) -> None:
    stop = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    with pytest.raises(LookupError, match="trigger"):
        sim.fill("101", stop)


def test_a_recorded_order_stays_as_it_was(sim: Simulator) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    made = sim.place_order(
        "101",
        order_id="c6f055d9-7f21-4079-913d-e6523a9cfffa",
        symbol=SYMBOL,
        side="Sell",
        orderType="Limit",
        qty="850",
        price="0.50",
        reduceOnly=True,
        orderLinkId="y" * 45,
        cumExecQty="250",
        createdTime=1_600_000_000_000,
    )
    (order,) = sim.orders("101")
    assert order.order_id == made == "c6f055d9-7f21-4079-913d-e6523a9cfffa"
    assert (order.quantity, order.leaves, order.status) == (
        Decimal(850),
        Decimal(600),
        OrderStatus.PARTIALLY_FILLED,
    )
    assert order.created_ms == 1_600_000_000_000
    with pytest.raises(ValueError, match="already"):
        sim.place_entry("101", SYMBOL, "Buy", "100", "0.60", "y" * 45)
