"""Conditional orders of order/create: their life, their limits, amends, and what streams show."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from trueup.simulator import CancelType, OrderStatus, Simulator, StopOrderType

from ..caller import SYMBOL, Caller, order_id
from ..stopping import stop
from ..watcher import Watcher

STOP = {"triggerPrice": "0.65", "triggerDirection": 2, "reduceOnly": True}


@pytest.fixture
def long(sim: Simulator) -> Simulator:
    """An exchange where account 101 is long 100; the market is at 0.70."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def market(caller: Caller, quantity: str = "100", **more: object) -> dict[str, Any]:
    """Create a conditional market sell."""
    fields = {"side": "Sell", "orderType": "Market", "qty": quantity, **STOP, **more}
    return caller.post("order/create", symbol=SYMBOL, **fields)


def test_the_stream_shows_each_step_of_its_life(long: Simulator, caller: Caller) -> None:
    watcher = Watcher(long, ("order",))
    order_id(market(caller))
    order_id(caller.limit("50", "0.64", **STOP))
    long.set_price(SYMBOL, "0.63")
    steps = [(item["orderType"], item["orderStatus"]) for item in watcher.items("order")]
    assert steps == [
        ("Market", "Untriggered"),
        ("Limit", "Untriggered"),
        ("Market", "Triggered"),
        ("Market", "New"),
        ("Market", "Filled"),
        ("Limit", "Deactivated"),
    ]


def test_without_the_switch_the_instant_is_not_sent(long: Simulator, caller: Caller) -> None:
    long.behaviour = replace(long.behaviour, triggered_sent=False)
    watcher = Watcher(long, ("order",))
    order_id(market(caller))
    long.set_price(SYMBOL, "0.63")
    assert [i["orderStatus"] for i in watcher.items("order")] == ["Untriggered", "New", "Filled"]


def test_a_limit_rests_where_the_market_has_passed_it(long: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("50", "0.64", **STOP))
    long.set_price(SYMBOL, "0.60", gap=True)
    (resting,) = long.orders("101")
    assert (resting.order_id, resting.status) == (made, OrderStatus.NEW)
    long.set_price(SYMBOL, "0.64")
    assert long.position("101", SYMBOL, "Buy").size == 50


def test_an_entry_waits_for_a_rising_price(sim: Simulator, caller: Caller) -> None:
    entry = {"side": "Buy", "triggerPrice": "0.75", "triggerDirection": 1}
    order_id(caller.limit("50", "0.76", **entry))
    sim.set_price(SYMBOL, "0.80")
    position = sim.position("101", SYMBOL, "Buy")
    assert (position.size, position.average_price) == (Decimal(50), Decimal("0.75"))


def test_ten_of_them_and_those_of_trading_stop_apart(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60", takeProfit="0.80", trailingStop="0.2")
    replies = [market(caller, "10") for _ in range(11)]
    assert [reply["retCode"] for reply in replies] == [0] * 10 + [110009]
    assert replies[-1]["retMsg"] == "The number of stop orders exceeds the maximum allowable limit"
    assert stop(caller, stopLoss="0.61")["retCode"] == 0
    listed = caller.open_rows(orderFilter="StopOrder")
    assert len(listed) == len(long.orders("101")) == 13
    assert caller.open_rows(orderFilter="Order") == []


def test_trigger_and_quantity_are_amended_one_by_one(long: Simulator, caller: Caller) -> None:
    made = order_id(market(caller))
    wanted = {"symbol": SYMBOL, "orderId": made, "triggerPrice": "0.66", "qty": "50"}
    assert caller.post("order/amend", **wanted)["retCode"] == 0
    (order,) = long.orders("101")
    assert (order.trigger_price, order.quantity) == (Decimal("0.66"), Decimal(50))
    passed = caller.post("order/amend", symbol=SYMBOL, orderId=made, triggerPrice="0.71")
    assert (passed["retCode"], "0.71] >= current[0.7000]" in passed["retMsg"]) == (110093, True)
    long.set_mark_price(SYMBOL, "0.60")
    passed = caller.post("order/amend", symbol=SYMBOL, orderId=made, triggerBy="MarkPrice")
    assert (passed["retCode"], "current[0.60]??MarkPrice" in passed["retMsg"]) == (110093, True)
    batch = caller.post("order/amend-batch", request=[wanted])
    assert batch["retExtInfo"]["list"][0]["code"] == 10001


@pytest.mark.parametrize(("amends", "code"), [(True, 0), (False, 10001)])
def test_an_amend_of_a_position_stop_is_a_switch(
    long: Simulator, caller: Caller, *, amends: bool, code: int
) -> None:
    long.behaviour = replace(long.behaviour, native_amends=amends)
    stop(caller, stopLoss="0.60")
    (order,) = long.orders("101")
    fields = {"symbol": SYMBOL, "orderId": order.order_id, "triggerPrice": "0.61"}
    assert caller.post("order/amend", **fields)["retCode"] == code


def test_one_that_comes_after_the_price_has_passed_fires_at_once(
    long: Simulator, caller: Caller
) -> None:
    long.behaviour = replace(long.behaviour, effect_delay_ms=100)
    order_id(market(caller))
    long.set_price(SYMBOL, "0.60")
    long.clock.advance(100)
    (fill,) = long.executions("101")
    assert (fill.quantity, fill.price) == (Decimal(100), Decimal("0.60"))


def test_it_closes_no_more_than_the_position_that_is_left(long: Simulator, caller: Caller) -> None:
    order_id(market(caller))
    long.set_position("101", SYMBOL, "Buy", "30", "0.69")
    (waiting,) = long.orders("101")
    assert waiting.quantity == 100, "it is cut when it fills"
    long.set_price(SYMBOL, "0.60")
    (fill,) = long.executions("101")
    assert fill.quantity == 30
    assert long.positions("101") == ()


def test_a_liquidation_cancels_it_first(long: Simulator, caller: Caller) -> None:
    order_id(market(caller))
    stop(caller, stopLoss="0.60")
    long.liquidate("101", SYMBOL, "Buy")
    closed = {o.stop_order_type: o.cancel_type for o in long.closed_orders("101")}
    assert closed[StopOrderType.STOP] is CancelType.BY_PREPARE_LIQ
    assert closed[StopOrderType.STOP_LOSS] is CancelType.BY_PREPARE_LIQ
