"""TP and SL attached to an entry: they become orders of the position when the entry fills."""

from typing import Any

import pytest

from trueup.simulator import Simulator

from ..caller import SYMBOL, Caller, order_id

BOTH = {"takeProfit": "0.8000", "stopLoss": "0.6000"}


def entry(caller: Caller, link_id: str, quantity: str = "100", **more: object) -> str:
    """A long entry at 0.69."""
    reply = caller.limit(quantity, "0.6900", side="Buy", orderLinkId=link_id, **more)
    assert reply["retCode"] == 0, reply
    return str(reply["result"]["orderId"])


def children(caller: Caller) -> list[dict[str, Any]]:
    """The conditional orders, oldest first."""
    return [row for row in caller.open_rows()[::-1] if row["orderStatus"] == "Untriggered"]


def test_until_the_entry_fills_there_is_nothing_but_what_it_says(caller: Caller) -> None:
    entry(caller, "e1", **BOTH)
    (row,) = caller.open_rows()
    assert (row["takeProfit"], row["stopLoss"], row["tpslMode"]) == ("0.8000", "0.6000", "Full")
    assert (row["parentOrderLinkId"], row["stopOrderType"]) == ("", "")


def test_in_full_mode_they_cover_the_position_and_follow_it(caller: Caller, sim: Simulator) -> None:
    made = entry(caller, "e1", **BOTH)
    sim.fill("101", made, "40")
    sim.fill("101", made)
    rows = children(caller)
    assert [
        (row["stopOrderType"], row["qty"], row["triggerPrice"], row["triggerDirection"])
        for row in rows
    ] == [("TakeProfit", "100", "0.8000", 1), ("StopLoss", "100", "0.6000", 2)]
    assert {(row["parentOrderLinkId"], row["orderLinkId"]) for row in rows} == {("e1", "")}
    assert {(row["createType"], row["reduceOnly"]) for row in rows} == {
        ("CreateByTakeProfit", True),
        ("CreateByStopLoss", True),
    }
    second = entry(caller, "e2", "50", takeProfit="0.9000")
    sim.fill("101", second)
    assert [(r["qty"], r["triggerPrice"], r["parentOrderLinkId"]) for r in children(caller)] == [
        ("150", "0.9000", "e2"),
        ("150", "0.6000", "e1"),
    ]


def test_in_partial_mode_each_has_the_size_that_its_entry_filled(
    caller: Caller, sim: Simulator
) -> None:
    partial = {"tpslMode": "Partial", "tpOrderType": "Limit", "tpLimitPrice": "0.8010"}
    made = entry(caller, "e1", takeProfit="0.8000", **partial)
    sim.fill("101", made, "40")
    sim.fill("101", made, "20")
    sim.fill("101", entry(caller, "e2", "50", takeProfit="0.8000", tpslMode="Partial"))
    rows = children(caller)
    assert [(r["qty"], r["orderType"], r["price"], r["parentOrderLinkId"]) for r in rows] == [
        ("60", "Limit", "0.8010", "e1"),
        ("50", "Market", "0", "e2"),
    ]
    assert {row["stopOrderType"] for row in rows} == {"PartialTakeProfit"}


def test_a_triggered_limit_keeps_its_parent(caller: Caller, sim: Simulator) -> None:
    partial = {"tpslMode": "Partial", "tpOrderType": "Limit", "tpLimitPrice": "0.8010"}
    sim.fill("101", entry(caller, "e1", takeProfit="0.8000", **partial))
    sim.set_price(SYMBOL, "0.8005")
    (row,) = caller.open_rows()
    assert (row["orderStatus"], row["stopOrderType"]) == ("New", "PartialTakeProfit")
    assert row["parentOrderLinkId"] == "e1"


def test_an_entry_that_only_closes_places_nothing(caller: Caller, sim: Simulator) -> None:
    sim.set_position("101", SYMBOL, "Sell", "300", "0.7100")
    sim.fill("101", entry(caller, "e1", **BOTH))
    assert children(caller) == []


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "below the entry": ({"takeProfit": "0.6800"}, "TakeProfit:0.6800 set for Buy position should"),
    "at the entry": ({"stopLoss": "0.69"}, "should lower than base_price:0.6900"),
    "off the tick": ({"takeProfit": "0.80001"}, "params error: takeProfit err"),
    "negative": ({"stopLoss": "-0.6"}, "params error: stopLoss err"),
    "no price": ({"takeProfit": "0.8", "tpTriggerBy": "Bid"}, "tpTriggerBy invalid"),
    "no mode": ({"takeProfit": "0.8", "tpslMode": "Both"}, "tpslMode invalid"),
    "no type": ({"takeProfit": "0.8", "tpOrderType": "Stop"}, "tpOrderType invalid"),
    "a limit of the whole": (
        {"takeProfit": "0.8", "tpOrderType": "Limit", "tpLimitPrice": "0.8"},
        "Full takes market orders only",
    ),
    "no limit": (
        {"takeProfit": "0.8", "tpslMode": "Partial", "tpOrderType": "Limit"},
        "tpLimitPrice is required",
    ),
    "a limit off the tick": (
        {
            "takeProfit": "0.8",
            "tpslMode": "Partial",
            "tpOrderType": "Limit",
            "tpLimitPrice": "0.80001",
        },
        "params error: tpLimitPrice err",
    ),
}


@pytest.mark.parametrize(("fields", "text"), WRONG.values(), ids=WRONG)
def test_what_is_attached_is_held_to_its_side_and_to_the_tick(
    sim: Simulator, caller: Caller, fields: dict[str, object], text: str
) -> None:
    reply = caller.limit("100", "0.6900", side="Buy", **fields)
    assert reply["retCode"] == 10001
    assert text in reply["retMsg"]
    assert sim.orders("101") == ()


def test_at_a_market_entry_the_price_that_triggers_counts(sim: Simulator, caller: Caller) -> None:
    sim.set_mark_price(SYMBOL, "0.7500")
    market = {"symbol": SYMBOL, "side": "Buy", "orderType": "Market", "qty": "100"}
    below = caller.post("order/create", **market, takeProfit="0.72", tpTriggerBy="MarkPrice")
    assert below["retMsg"].endswith("should higher than base_price:0.7500??MarkPrice")
    assert caller.post("order/create", **market, takeProfit="0.72")["retCode"] == 0


def amend(caller: Caller, made: str, **fields: object) -> dict[str, Any]:
    """Amend an order by its id."""
    return caller.post("order/amend", symbol=SYMBOL, orderId=made, **fields)


def shown(caller: Caller) -> dict[str, str]:
    """What the order's row shows of the take-profit and stop-loss."""
    (row,) = caller.open_rows()
    names = ("takeProfit", "stopLoss", "tpTriggerBy", "slTriggerBy", "tpLimitPrice", "slLimitPrice")
    return {name: row[name] for name in names if row[name] not in {"", "0"}}


def test_an_amend_changes_what_is_attached(caller: Caller, sim: Simulator) -> None:
    made = entry(caller, "e1", takeProfit="0.8000")
    assert amend(caller, made, takeProfit="0.8100", tpTriggerBy="MarkPrice")["retCode"] == 0
    assert shown(caller) == {"takeProfit": "0.8100", "tpTriggerBy": "MarkPrice"}
    assert amend(caller, made, stopLoss="0.6000")["retCode"] == 0
    assert amend(caller, made, takeProfit="0")["retCode"] == 0
    assert shown(caller) == {"stopLoss": "0.6000", "slTriggerBy": "LastPrice"}
    assert amend(caller, made, stopLoss="0.60")["retMsg"] == "order not modified"
    sim.fill("101", made)
    assert [(r["stopOrderType"], r["triggerPrice"]) for r in children(caller)] == [
        ("StopLoss", "0.6000")
    ]


def test_an_amend_changes_an_attached_limit(caller: Caller, sim: Simulator) -> None:
    partial = {"tpslMode": "Partial", "tpOrderType": "Limit", "tpLimitPrice": "0.8010"}
    made = entry(caller, "e1", takeProfit="0.8000", **partial)
    assert amend(caller, made, tpLimitPrice="0.8020")["retCode"] == 0
    assert shown(caller)["tpLimitPrice"] == "0.8020"
    sim.fill("101", made)
    assert [(r["orderType"], r["price"]) for r in children(caller)] == [("Limit", "0.8020")]


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "below the entry": ({"takeProfit": "0.68"}, "should higher than base_price:0.6900"),
    "below the new entry": ({"price": "0.59"}, "should lower than base_price:0.59?"),
    "off the tick": ({"stopLoss": "0.60001"}, "params error: stopLoss err"),
    "not there": ({"tpTriggerBy": "MarkPrice"}, "takeProfit is required"),
    "no limit order": ({"slLimitPrice": "0.59"}, "slLimitPrice err"),
}


@pytest.mark.parametrize(("fields", "text"), REFUSED.values(), ids=REFUSED)
def test_an_amend_of_what_is_attached_is_checked_as_a_new_one(
    caller: Caller, fields: dict[str, object], text: str
) -> None:
    made = entry(caller, "e1", stopLoss="0.6000")
    reply = amend(caller, made, **fields)
    assert reply["retCode"] == 10001
    assert text in reply["retMsg"]
    assert shown(caller)["stopLoss"] == "0.6000"


def test_what_is_attached_stays_once_the_entry_fills(caller: Caller, sim: Simulator) -> None:
    made = entry(caller, "e1", **BOTH)
    sim.fill("101", made, "40")
    assert amend(caller, made, takeProfit="0.81")["retCode"] == 110059
    assert amend(caller, made, qty="90")["retCode"] == 0


def test_a_reduce_only_order_takes_none_by_an_amend(caller: Caller, sim: Simulator) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    made = order_id(caller.take_profit("85", "0.72"))
    assert "reduce-only" in amend(caller, made, takeProfit="0.8")["retMsg"]
    assert amend(caller, made, takeProfit="0", qty="80")["retCode"] == 0
