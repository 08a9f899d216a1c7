"""TP and SL attached to an entry: they become orders of the position when the entry fills."""

from typing import Any

from trueup.simulator import Simulator

from ..caller import SYMBOL, Caller

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
