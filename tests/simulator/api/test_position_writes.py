"""position/trading-stop and position/switch-mode."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from trueup.simulator import CancelType, OrderType, Simulator, StopOrderType

from ..caller import SYMBOL, Caller


def stop(caller: Caller, **fields: object) -> dict[str, Any]:
    return caller.post("position/trading-stop", symbol=SYMBOL, positionIdx=0, **fields)


@pytest.fixture
def long(sim: Simulator) -> Simulator:
    """An exchange where account 101 is long 100."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def test_full_mode_has_one_of_each(long: Simulator, caller: Caller) -> None:
    assert stop(caller, stopLoss="0.60")["result"] == {}
    (first,) = long.orders("101")
    assert (first.stop_order_type, first.quantity, first.trigger_direction) == (
        StopOrderType.STOP_LOSS,
        Decimal(100),
        2,
    )
    assert stop(caller, stopLoss="0.60")["retCode"] == 34040
    assert stop(caller, stopLoss="0.61", takeProfit="0.90")["retCode"] == 0
    second, profit = long.orders("101")
    assert (second.order_id, second.trigger_price) == (first.order_id, Decimal("0.61"))
    assert (profit.stop_order_type, profit.trigger_direction) == (StopOrderType.TAKE_PROFIT, 1)
    row = caller.get("position/list", symbol=SYMBOL)["result"]["list"][0]
    assert (row["stopLoss"], row["takeProfit"]) == ("0.61", "0.90")
    assert stop(caller, stopLoss="0", takeProfit="0")["retCode"] == 0
    assert long.orders("101") == ()
    assert {o.cancel_type for o in long.closed_orders("101")} == {CancelType.BY_TPSL_CLEAR}


def test_the_stop_closes_whatever_the_position_is(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60")
    long.open_position("101", SYMBOL, "Buy", "50", "0.69")
    long.set_price(SYMBOL, "0.55")
    assert long.position("101", SYMBOL, "Buy").size == 0
    (fill,) = long.executions("101")
    assert (fill.quantity, fill.price, fill.link_id) == (Decimal(150), Decimal("0.60"), "")


def test_a_late_change_does_not_bring_an_order_back(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60")
    long.behaviour = replace(long.behaviour, effect_delay_ms=100)
    assert stop(caller, stopLoss="0.61", takeProfit="0.9")["retCode"] == 0
    long.set_position("101", SYMBOL, "Buy", "0")
    long.clock.advance(100)
    assert long.orders("101") == ()


def test_partial_mode_only_adds(long: Simulator, caller: Caller) -> None:
    partial = {"tpslMode": "Partial", "takeProfit": "0.80", "tpSize": "40"}
    for _ in range(2):
        reply = stop(caller, **partial, tpOrderType="Limit", tpLimitPrice="0.79")
        assert reply["retCode"] == 0
    kinds = {(o.stop_order_type, o.order_type) for o in long.orders("101")}
    assert kinds == {(StopOrderType.PARTIAL_TAKE_PROFIT, OrderType.LIMIT)}
    long.set_price(SYMBOL, "0.85")
    assert long.position("101", SYMBOL, "Buy").size == 20


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"stopLoss": "0.75"}, 10001, "should lower than base_price:0.7000"),
        ({"takeProfit": "0.65"}, 10001, "should higher than base_price:0.7000"),
        ({}, 34040, "not modified"),
        ({"stopLoss": "0"}, 34040, "not modified"),
        ({"tpslMode": "Partial", "takeProfit": "0.8"}, 10001, "in pairs"),
        (
            {
                "tpslMode": "Partial",
                "takeProfit": "0.8",
                "tpSize": "1",
                "stopLoss": "0.6",
                "slSize": "2",
            },
            10001,
            "must be equal",
        ),
    ],
)
@pytest.mark.usefixtures("long")
def test_refusals(caller: Caller, fields: dict[str, object], code: int, text: str) -> None:
    reply = stop(caller, **fields)
    assert reply["retCode"] == code
    assert text in reply["retMsg"]


def test_a_flat_position_takes_none(caller: Caller) -> None:
    assert "zero position" in stop(caller, stopLoss="0.60")["retMsg"]


def test_twenty_partial_ones(long: Simulator, caller: Caller) -> None:
    partial = {"tpslMode": "Partial", "stopLoss": "0.6", "slSize": "1"}
    codes = [stop(caller, **partial)["retCode"] for _ in range(21)]
    assert codes == [0] * 20 + [110061]
    assert len(long.orders("101")) == 20


def test_switching_the_mode(sim: Simulator, caller: Caller) -> None:
    def switch(mode: int, **scope: object) -> int:
        return int(caller.post("position/switch-mode", mode=mode, **scope)["retCode"])

    assert [switch(0, symbol=SYMBOL), switch(3, symbol=SYMBOL)] == [110025, 0]
    entry = sim.place_entry("101", SYMBOL, "Sell", "100", "0.75")
    assert switch(0, coin="USDT") == 110028
    sim.fill("101", entry)
    assert (switch(0, coin="USDT"), sim.position("101", SYMBOL, "Sell").idx) == (110024, 2)
    sim.set_position("101", SYMBOL, "Sell", "0")
    assert (switch(0, coin="USDT"), switch(1, coin="USDT"), switch(0)) == (0, 10001, 10001)
