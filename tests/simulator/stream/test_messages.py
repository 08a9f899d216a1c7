"""The messages of the private stream: fields, types, and what belongs together."""

import json
import re
from dataclasses import replace
from decimal import Decimal

from trueup.simulator import Dialect, Simulator

from ..caller import SYMBOL, Caller, order_id
from ..watcher import Watcher

ORDER = """
    category orderId orderLinkId parentOrderLinkId isLeverage blockTradeId symbol price
    brokerOrderPrice qty side positionIdx orderStatus createType cancelType rejectReason avgPrice
    leavesQty leavesValue cumExecQty cumExecValue cumExecFee closedPnl feeCurrency timeInForce
    orderType stopOrderType ocoTriggerBy orderIv marketUnit slippageToleranceType slippageTolerance
    triggerPrice takeProfit stopLoss tpslMode tpLimitPrice slLimitPrice tpTriggerBy slTriggerBy
    triggerDirection triggerBy lastPriceOnCreated reduceOnly closeOnTrigger placeType smpType
    smpGroup smpOrderId createdTime updatedTime cumFeeDetail rpiTakerAccess rpiMatchedQty
"""
"""The field table of docs/v5/websocket/private/order, what is of linear contracts."""

EXECUTION = """
    category symbol closedSize execFee execId execPrice execQty execType execValue feeRate tradeIv
    markIv blockTradeId markPrice indexPrice underlyingPrice leavesQty orderId orderLinkId
    orderPrice orderQty orderType stopOrderType side execTime isLeverage isMaker seq marketUnit
    execPnl createType extraFees feeCurrency
"""
"""The sample of docs/v5/websocket/private/execution."""

FAST = """
    category symbol execId execPrice execQty orderId isMaker orderLinkId side execTime seq
"""
"""The sample of docs/v5/websocket/private/fast-execution."""

POSITION = """
    positionIdx tradeMode riskId riskLimitValue symbol side size entryPrice leverage breakEvenPrice
    positionValue positionBalance markPrice positionIM positionIMByMp positionMM positionMMByMp
    takeProfit stopLoss trailingStop unrealisedPnl curRealisedPnl cumRealisedPnl sessionAvgPrice
    createdTime updatedTime tpslMode liqPrice bustPrice category positionStatus adlRankIndicator
    autoAddMargin leverageSysUpdatedTime mmrSysUpdatedTime seq isReduceOnly openTime
"""
"""The sample of docs/v5/websocket/private/position, and openTime from its field table."""

WHOLE = {
    "positionIdx",
    "triggerDirection",
    "smpGroup",
    "riskId",
    "tradeMode",
    "autoAddMargin",
    "adlRankIndicator",
    "openTime",
    "seq",
}
TRUTHS = {"reduceOnly", "closeOnTrigger", "isMaker", "isReduceOnly", "rpiTakerAccess"}


def test_the_fields_are_those_of_the_pages_and_have_their_types(
    sim: Simulator, caller: Caller
) -> None:
    watcher = Watcher(sim, ("order", "execution", "position", "execution.fast"))
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    caller.take_profit("50", "0.75", "TP1")
    sim.set_price(SYMBOL, "0.76")
    wanted = {
        "order": ORDER,
        "execution": EXECUTION,
        "position": POSITION,
        "execution.fast": FAST,
    }
    assert set(watcher.topics) == set(wanted)
    for message in watcher.received:
        (item,) = message["data"]
        assert sorted(item) == sorted(wanted[message["topic"]].split())
        for name, value in item.items():
            expected = int if name in WHOLE else bool if name in TRUTHS else str
            assert type(value) is (dict if name == "cumFeeDetail" else expected), name
        assert type(message["creationTime"]) is int
        head = {"topic", "creationTime", "data"}
        assert set(message) == (head if message["topic"] == "execution.fast" else head | {"id"})


def test_a_fill_sends_position_order_and_execution_with_one_seq(
    sim: Simulator, caller: Caller
) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.70")
    made = order_id(caller.take_profit("60", "0.75", "TP1"))
    watcher = Watcher(sim)
    sim.clock.advance(5)
    sim.fill("101", made, "20")
    assert watcher.topics == ["position", "order", "execution"]
    position, order, fill = (message["data"][0] for message in watcher.received)
    assert (position["size"], position["entryPrice"]) == ("80", "0.70")
    assert (order["orderStatus"], order["cumExecQty"], order["leavesQty"]) == (
        "PartiallyFilled",
        "20",
        "40",
    )
    assert (fill["execQty"], fill["execPrice"], fill["leavesQty"]) == ("20", "0.75", "40")
    assert (fill["closedSize"], fill["execPnl"], order["closedPnl"]) == ("20", "1.00", "1.00")
    assert order["cumFeeDetail"] == {"USDT": fill["execFee"]}
    assert position["seq"] == fill["seq"]
    assert {message["creationTime"] for message in watcher.received} == {sim.clock.now_ms()}
    assert watcher.received[2]["id"] == f"101_{SYMBOL}_{fill['seq']}"
    row, _opening = caller.get("execution/list", symbol=SYMBOL)["result"]["list"]
    (held,) = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    assert row["seq"] == held["seq"] == fill["seq"], "reads tell the same"


def test_every_order_action_is_followed_by_its_position(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    watcher = Watcher(sim)
    made = order_id(caller.take_profit("60", "0.75", "TP1"))
    caller.post("order/amend", symbol=SYMBOL, orderId=made, qty="50")
    caller.post("order/cancel", symbol=SYMBOL, orderId=made)
    assert watcher.topics == ["order", "position"] * 3
    statuses = [
        (item["orderStatus"], item["qty"], item["cancelType"], item["rejectReason"])
        for item in watcher.items("order")
    ]
    assert statuses == [
        ("New", "60", "UNKNOWN", "EC_NoError"),
        ("New", "50", "UNKNOWN", "EC_NoError"),
        ("Cancelled", "50", "CancelByUser", "EC_PerCancelRequest"),
    ]
    assert len({item["seq"] for item in watcher.items("position")}) == 1, "it has not changed"


def test_an_entry_that_fills_at_once_sends_the_position_before_and_after(
    sim: Simulator, caller: Caller
) -> None:
    watcher = Watcher(sim)
    caller.limit("100", "0.72", side="Buy")
    assert watcher.topics == ["order", "position", "execution"]
    assert [item["orderStatus"] for item in watcher.items("order")] == ["New", "Filled"]
    before, after = watcher.items("position")
    assert (before["side"], before["size"], before["entryPrice"], before["seq"]) == (
        "",
        "0",
        "0",
        -1,
    )
    assert (after["side"], after["size"]) == ("Buy", "100")


def test_a_close_by_hand(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    caller.take_profit("100", "0.75", "TP1")
    watcher = Watcher(sim)
    sim.set_position("101", SYMBOL, "Buy", "0")
    assert watcher.topics == ["position", "order"]
    (flat, again), (gone,) = watcher.items("position"), watcher.items("order")
    assert (flat["side"], flat["size"], flat["positionValue"]) == ("", "0", "0")
    assert again == flat
    assert (gone["orderStatus"], gone["cancelType"]) == ("Cancelled", "CancelByReduceOnly")


def test_whole_position_stops_are_in_the_position(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    watcher = Watcher(sim)
    caller.post("position/trading-stop", symbol=SYMBOL, stopLoss="0.65", positionIdx=0)
    (order,), (position,) = watcher.items("order"), watcher.items("position")
    assert (order["orderStatus"], order["stopOrderType"], order["createType"]) == (
        "Untriggered",
        "StopLoss",
        "CreateByStopLoss",
    )
    assert (order["triggerPrice"], order["tpslMode"]) == ("0.65", "Full")
    assert (position["stopLoss"], position["takeProfit"]) == ("0.65", "0")


def test_a_makers_fast_execution_hides_the_link_id(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("execution.fast",))
    caller.limit("100", "0.72", side="Buy", orderLinkId="taker")
    caller.limit("50", "0.75", orderLinkId="maker")
    sim.set_price(SYMBOL, "0.76")
    seen = [(item["isMaker"], item["orderLinkId"]) for item in watcher.items("execution")]
    assert seen == [(False, "taker"), (True, "")]


def test_messages_are_the_takers_own(sim: Simulator, caller: Caller) -> None:
    first, second = Watcher(sim), Watcher(sim)
    caller.limit("50", "0.75")
    first.received[0]["data"][0]["cumFeeDetail"]["USDT"] = Decimal(1)
    assert second.received[0]["data"][0]["cumFeeDetail"] == {}
    assert first.received[0]["id"] == second.received[0]["id"], "one message to both"
    assert json.loads(json.dumps(second.received)) == second.received


def test_the_ids_of_messages_name_the_contract_and_the_fill(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    watcher = Watcher(sim, ("order", "execution", "position", "wallet", "execution.fast"))
    caller.take_profit("50", "0.75", "TP1")
    (new, held) = watcher.pop_messages()
    assert re.fullmatch(rf"101_{SYMBOL}_\d+", new["id"])
    assert held["id"] == f"101_position_{sim.clock.now_ms()}"
    sim.set_price(SYMBOL, "0.76")
    ids = {message["topic"]: message.get("id") for message in watcher.pop_messages()}
    (fill,) = sim.executions("101")[-1:]
    assert ids["order"] == ids["execution"] == f"101_{SYMBOL}_{fill.seq}"
    assert ids["wallet"] == f"101_wallet_{sim.clock.now_ms()}"
    assert ids["execution.fast"] is None


def test_in_the_dialect_of_the_samples_ids_mean_nothing(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, dialect=Dialect.SAMPLES)
    watcher = Watcher(sim)
    caller.limit("100", "0.72", side="Buy")
    ids = {message["topic"]: message["id"] for message in watcher.received}
    assert re.fullmatch(r"101[0-9a-f-]{36}", ids["order"])
    assert re.fullmatch(r"101[0-9a-f-]{36}", ids["position"])
    assert re.fullmatch(rf"101_{SYMBOL}_\d+", ids["execution"])
