"""The batch endpoints: aligned lists, partial failures, the over-limit tail."""

from dataclasses import replace
from typing import Any

from trueup.simulator import Simulator

from ..caller import SYMBOL, Caller, order_id


def item(price: str, **more: object) -> dict[str, Any]:
    fields = {"symbol": SYMBOL, "side": "Sell", "orderType": "Limit", "qty": "100"}
    return {**fields, "price": price, **more}


def test_items_succeed_and_fail_on_their_own(caller: Caller) -> None:
    reply = caller.post(
        "order/create-batch",
        request=[
            item("0.75", orderLinkId="a"),
            item("0.75", orderLinkId="a"),
            item("0.75", orderLinkId="b", positionIdx=2),
            "nonsense",
        ],
    )
    assert (reply["retCode"], reply["retMsg"]) == (0, "OK")
    notes = reply["retExtInfo"]["list"]
    assert [note["code"] for note in notes] == [0, 110072, 10001, 10001]
    assert notes[2]["msg"] == "position idx not match position mode"
    rows = reply["result"]["list"]
    assert [(row["orderLinkId"], bool(row["orderId"]), row["createAt"]) for row in rows] == [
        ("a", True, "1737809937000"),
        ("a", False, ""),
        ("b", False, ""),
        ("", False, ""),
    ]
    assert len(caller.open_rows()) == 1


def test_amend_and_cancel_in_one_request(caller: Caller) -> None:
    first, second = order_id(caller.limit("100", "0.75")), order_id(caller.limit("100", "0.76"))
    stop = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    reply = caller.post(
        "order/amend-batch",
        request=[
            {"symbol": SYMBOL, "orderId": first, "qty": "90"},
            {"symbol": SYMBOL, "orderId": "gone", "qty": "90"},
            {"symbol": SYMBOL, "orderId": stop, "qty": "90"},
        ],
    )
    assert [note["code"] for note in reply["retExtInfo"]["list"]] == [0, 110001, 10001]
    reply = caller.post(
        "order/cancel-batch",
        request=[{"symbol": SYMBOL, "orderId": i} for i in (second, "gone", first)],
    )
    assert reply["retExtInfo"]["list"] == [
        {"code": 0, "msg": "OK"},
        {"code": 110001, "msg": "order not exists or too late to cancel"},
        {"code": 0, "msg": "OK"},
    ]
    assert [row["orderId"] for row in caller.open_rows()] == [stop]


def test_the_tail_over_the_rate_limit_fails(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, rate_limits=True)
    reply = caller.post("order/create-batch", request=[item("0.75")] * 12)
    codes = [note["code"] for note in reply["retExtInfo"]["list"]]
    assert codes == [0] * 10 + [10006] * 2
    assert caller.post("order/create-batch", request=[item("0.75")])["retCode"] == 10006
    assert caller.limit("100", "0.75")["retCode"] == 0, "single orders have their own limit"
    sim.clock.advance(1000)
    again = caller.post("order/create-batch", request=[item("0.75")])
    assert again["retExtInfo"]["list"][0]["code"] == 0


def test_the_size_of_a_batch(sim: Simulator, caller: Caller) -> None:
    assert caller.post("order/create-batch", request=[item("0.75")] * 20)["retCode"] == 0
    assert caller.post("order/create-batch", request=[item("0.75")] * 21)["retCode"] == 10001
    sim.behaviour = replace(sim.behaviour, batch_size=10)
    assert caller.post("order/create-batch", request=[item("0.75")] * 11)["retCode"] == 10001
    assert caller.post("order/create-batch", request=[])["retCode"] == 10001
    assert caller.post("order/create-batch")["retCode"] == 10001
