"""What moves a position leaves a trade in the list of executions."""

from decimal import Decimal
from typing import Any

from trueup.simulator import CancelType, Simulator

from ..caller import SYMBOL, Caller, order_id


def listed(caller: Caller) -> list[tuple[Any, ...]]:
    rows = caller.get("execution/list", symbol=SYMBOL)["result"]["list"]
    return [(row["side"], row["execQty"], row["closedSize"]) for row in reversed(rows)]


def test_a_position_that_is_set_has_the_trades_that_led_there(
    sim: Simulator, caller: Caller
) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    sim.open_position("101", SYMBOL, "Buy", "20", "0.70")
    sim.set_position("101", SYMBOL, "Buy", "120", "0.71")
    sim.set_position("101", SYMBOL, "Sell", "30", "0.70")
    sim.set_position("101", SYMBOL, "Sell", "0")
    assert listed(caller) == [
        ("Buy", "100", "0"),
        ("Buy", "20", "0"),
        ("Sell", "60", "60"),
        ("Buy", "60", "0"),
        ("Sell", "150", "120"),
        ("Buy", "30", "30"),
    ]
    assert sim.executions("101") == ()
    assert sim.orders("101") == ()


def test_a_trade_moves_order_execution_and_position(sim: Simulator, caller: Caller) -> None:
    bought = sim.trade("101", SYMBOL, "Buy", "100")
    tp = order_id(caller.take_profit("60", "0.75"))
    sold = sim.trade("101", SYMBOL, "Sell", "250", closing=True)
    assert [(fill.order_id, fill.quantity) for fill in sim.executions("101")] == [
        (bought, Decimal(100)),
        (sold, Decimal(100)),
    ]
    assert sim.position("101", SYMBOL, "Buy").size == 0
    (row,) = caller.get("order/realtime", symbol=SYMBOL, orderId=tp)["result"]["list"]
    assert row["cancelType"] == CancelType.BY_REDUCE_ONLY.value


def test_one_trade_may_turn_a_position(sim: Simulator, caller: Caller) -> None:
    sim.trade("101", SYMBOL, "Buy", "100")
    sim.trade("101", SYMBOL, "Sell", "130")
    assert sim.position("101", SYMBOL, "Sell").size == 30
    assert listed(caller) == [("Buy", "100", "0"), ("Sell", "130", "100")]


def test_a_position_s_created_time_is_that_of_the_first_one(sim: Simulator, caller: Caller) -> None:
    sim.trade("101", SYMBOL, "Buy", "100")
    (first,) = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    sim.trade("101", SYMBOL, "Sell", "100", closing=True)
    sim.clock.advance(5000)
    sim.trade("101", SYMBOL, "Buy", "70")
    (second,) = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    assert second["createdTime"] == first["createdTime"]
    assert second["updatedTime"] != first["updatedTime"]
    assert second["seq"] > first["seq"]
