"""order/amend, order/cancel and order/cancel-all."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import CancelType, NoChange, OrderStatus, Simulator

from ..caller import SYMBOL, Caller, order_id


@pytest.fixture
def resting(sim: Simulator, caller: Caller) -> str:
    """A take-profit of 85 on a long of 100."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return order_id(caller.take_profit("85", "0.72", "TP1"))


def test_quantity_is_the_new_total(sim: Simulator, caller: Caller, resting: str) -> None:
    sim.fill("101", resting, "30")
    reply = caller.post("order/amend", symbol=SYMBOL, orderId=resting, qty="50")
    assert reply["result"] == {"orderId": resting, "orderLinkId": "TP1"}
    (row,) = caller.open_rows()
    assert (row["qty"], row["cumExecQty"], row["leavesQty"]) == ("50", "30", "20")
    assert row["orderStatus"] == "PartiallyFilled"


@pytest.mark.parametrize("quantity", ["29.9", "30"])
def test_a_total_within_the_filled_part_is_refused(
    sim: Simulator, caller: Caller, resting: str, quantity: str
) -> None:
    sim.fill("101", resting, "30")
    reply = caller.post("order/amend", symbol=SYMBOL, orderId=resting, qty=quantity)
    assert reply["retCode"] == 110064


@pytest.mark.parametrize(("path", "verb"), [("order/amend", "replace"), ("order/cancel", "cancel")])
@pytest.mark.parametrize("ids", [{"orderId": "no-such"}, {"orderLinkId": "no-such"}])
def test_orders_that_are_gone(caller: Caller, path: str, verb: str, ids: dict[str, str]) -> None:
    reply = caller.post(path, symbol=SYMBOL, qty="50", **ids)
    assert reply["retCode"] == 110001
    assert reply["retMsg"] == f"order not exists or too late to {verb}"


@pytest.mark.parametrize("path", ["order/amend", "order/cancel"])
def test_a_filled_order_is_gone_too(
    sim: Simulator, caller: Caller, resting: str, path: str
) -> None:
    sim.fill("101", resting)
    assert caller.post(path, symbol=SYMBOL, orderLinkId="TP1", qty="50")["retCode"] == 110001


def test_an_amend_that_changes_nothing(sim: Simulator, caller: Caller, resting: str) -> None:
    same = {"symbol": SYMBOL, "orderId": resting, "qty": "85.0", "price": "0.7200"}
    reply = caller.post("order/amend", **same)
    assert (reply["retCode"], reply["retMsg"]) == (10001, "order not modified")
    sim.behaviour = replace(sim.behaviour, no_change_code=34039)
    assert caller.post("order/amend", **same)["retCode"] == 34039
    sim.behaviour = replace(sim.behaviour, no_change=NoChange.OK)
    assert caller.post("order/amend", **same)["retCode"] == 0


def test_the_order_id_wins_over_the_link_id(caller: Caller, resting: str) -> None:
    other = order_id(caller.limit("10", "0.80", orderLinkId="other"))
    reply = caller.post("order/cancel", symbol=SYMBOL, orderId=resting, orderLinkId="other")
    assert reply["result"]["orderId"] == resting
    assert [row["orderId"] for row in caller.open_rows()] == [other]


def test_no_id_or_another_symbol(caller: Caller, resting: str) -> None:
    assert caller.post("order/cancel", symbol=SYMBOL)["retCode"] == 10001
    assert caller.post("order/cancel", symbol="NOPE", orderId=resting)["retCode"] == 10001


def test_a_cancel_is_the_users(sim: Simulator, caller: Caller, resting: str) -> None:
    assert caller.post("order/cancel", symbol=SYMBOL, orderLinkId="TP1")["retCode"] == 0
    (gone,) = sim.closed_orders("101")
    assert (gone.order_id, gone.status, gone.cancel_type, gone.leaves) == (
        resting,
        OrderStatus.CANCELLED,
        CancelType.BY_USER,
        Decimal(0),
    )


def test_a_larger_quantity_or_another_price_loses_the_place(sim: Simulator, caller: Caller) -> None:
    first, second, third = (order_id(caller.limit("100", "0.75")) for _ in range(3))
    caller.post("order/amend", symbol=SYMBOL, orderId=first, qty="110")
    caller.post("order/amend", symbol=SYMBOL, orderId=second, qty="90")
    sim.set_price(SYMBOL, "0.75")
    assert [fill.order_id for fill in sim.executions("101")] == [second, third, first]


def test_an_amend_into_the_market_takes(sim: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("100", "0.75"))
    assert caller.post("order/amend", symbol=SYMBOL, orderId=made, price="0.70")["retCode"] == 0
    (fill,) = sim.executions("101")
    assert (fill.price, fill.is_maker) == (Decimal("0.7000"), False)


def test_a_reduce_only_amend_is_cut_to_the_position(caller: Caller, resting: str) -> None:
    caller.post("order/amend", symbol=SYMBOL, orderId=resting, qty="300")
    (row,) = caller.open_rows()
    assert row["qty"] == "100"


def test_the_filled_part_is_beyond_the_cut(sim: Simulator, caller: Caller, resting: str) -> None:
    sim.fill("101", resting, "30")
    caller.post("order/amend", symbol=SYMBOL, orderId=resting, qty="300")
    (row,) = caller.open_rows()
    assert (row["qty"], row["leavesQty"]) == ("100", "70")


def test_the_price_of_a_trigger_moves(sim: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    amend = {"symbol": SYMBOL, "orderId": made}
    assert caller.post("order/amend", **amend, triggerPrice="0.75")["retCode"] == 110093
    assert caller.post("order/amend", **amend, triggerPrice="0.60")["retCode"] == 0
    (order,) = sim.orders("101")
    assert order.trigger_price == Decimal("0.60")


def test_cancel_all_takes_what_the_filter_names(caller: Caller) -> None:
    active = order_id(caller.limit("100", "0.75"))
    waiting = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    assert caller.post("order/cancel-all")["retCode"] == 10001
    reply = caller.post("order/cancel-all", settleCoin="USDT", orderFilter="StopOrder")
    assert reply["result"] == {"list": [{"orderId": waiting, "orderLinkId": ""}], "success": "1"}
    reply = caller.post("order/cancel-all", symbol=SYMBOL)
    assert [row["orderId"] for row in reply["result"]["list"]] == [active]
    assert caller.open_rows() == []


PAIR = {"takeProfit": "0.75", "stopLoss": "0.64"}


@pytest.mark.parametrize("fields", [{}, {"orderFilter": "StopOrder"}])
@pytest.mark.parametrize("mode", ["Full", "Partial"])
@pytest.mark.parametrize("attached", [True, False])
def test_cancel_all_takes_bound_orders(
    caller: Caller, mode: str, fields: dict[str, str], *, attached: bool
) -> None:
    entry = {"symbol": SYMBOL, "side": "Buy", "orderType": "Market", "qty": "100"}
    if attached:
        order_id(caller.post("order/create", **entry, tpslMode=mode, **PAIR))
    else:
        order_id(caller.post("order/create", **entry))
        sizes = {"tpSize": "100", "slSize": "100"} if mode == "Partial" else {}
        stops = {"symbol": SYMBOL, "tpslMode": mode, "positionIdx": 0, **PAIR, **sizes}
        assert caller.post("position/trading-stop", **stops)["retCode"] == 0
    waiting = {row["orderId"] for row in caller.open_rows()}
    reply = caller.post("order/cancel-all", settleCoin="USDT", **fields)
    assert (reply["retCode"], reply["result"]["success"]) == (0, "1")
    assert {row["orderId"] for row in reply["result"]["list"]} == waiting
    assert (len(waiting), caller.open_rows()) == (2, [])


def test_cancel_all_takes_open_orders_and_refuses_other_filters(caller: Caller) -> None:
    active = order_id(caller.limit("100", "0.75"))
    waiting = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    refused = caller.post("order/cancel-all", symbol=SYMBOL, orderFilter="junk")
    assert (refused["retCode"], refused["retMsg"]) == (10001, "params error: orderFilter invalid")
    reply = caller.post("order/cancel-all", symbol=SYMBOL, orderFilter="OpenOrder")
    assert [row["orderId"] for row in reply["result"]["list"]] == [active]
    assert [row["orderId"] for row in caller.open_rows()] == [waiting]


def test_cancel_all_of_a_coin_passes_over_contracts_that_take_no_orders(
    sim: Simulator, caller: Caller
) -> None:
    made = order_id(caller.limit("100", "0.75"))
    sim.set_instrument_status(SYMBOL, "PreLaunch", "CallAuction")
    assert caller.post("order/cancel-all", symbol=SYMBOL)["retCode"] == 110095
    reply = caller.post("order/cancel-all", settleCoin="USDT")
    assert reply["result"] == {"list": [], "success": "1"}
    assert [row["orderId"] for row in caller.open_rows()] == [made]


def test_an_amended_trigger_is_checked_as_a_new_one(caller: Caller) -> None:
    active = order_id(caller.limit("100", "0.75"))
    waiting = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))
    for made, trigger in ((active, "0.65"), (waiting, "-1"), (waiting, "0.65005")):
        reply = caller.post("order/amend", symbol=SYMBOL, orderId=made, triggerPrice=trigger)
        assert (reply["retCode"], "triggerPrice err" in reply["retMsg"]) == (10001, True)
