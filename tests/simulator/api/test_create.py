"""order/create: what is accepted, what is refused with which code, what happens at arrival."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import (
    CancelType,
    LinkIdReuse,
    OrderStatus,
    PriceBand,
    RejectReason,
    Simulator,
    StopOrderType,
)

from ..caller import SYMBOL, Caller, order_id


def test_an_accepted_order_is_listed_as_sent(caller: Caller) -> None:
    made = order_id(caller.limit("12.5", "0.7212", orderLinkId="BOT_1"))
    (row,) = caller.open_rows()
    assert row["orderId"] == made
    assert {"orderLinkId": "BOT_1", "qty": "12.5", "price": "0.7212", "side": "Sell"}.items() <= (
        row.items()
    )
    assert {"orderStatus": "New", "leavesQty": "12.5", "cumExecQty": "0"}.items() <= row.items()
    assert row["createdTime"] == "1737809937000"


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"qty": "12.55"}, 10001, "qty err"),
        ({"qty": "0"}, 10001, "minimum limit allowed"),
        ({"qty": "100000.1"}, 10001, "maximum limit allowed"),
        ({"qty": "much"}, 10001, "qty err"),
        ({"qty": "1E+2"}, 10001, "qty err"),
        ({"qty": "6.9"}, 110094, "notional"),
        ({"price": "0.72125"}, 10001, "price err"),
        ({"price": "2000000"}, 110003, "allowable range"),
        ({"price": None}, 10001, "price is required"),
        ({"symbol": "NOPEUSDT"}, 10001, "symbol invalid"),
        ({"side": "Long"}, 10001, "side invalid"),
        ({"orderType": "Stop"}, 10001, "orderType invalid"),
        ({"timeInForce": "DAY"}, 10001, "timeInForce invalid"),
        ({"positionIdx": 1}, 10001, "position idx not match position mode"),
        ({"orderLinkId": "x" * 37}, 10001, "order link id is longer than 36"),
        ({"orderLinkId": "a b"}, 10001, "orderLinkId invalid"),
        ({"takeProfit": "0.9", "reduceOnly": True}, 10001, "reduce-only"),
        ({"takeProfit": "0.9", "tpslMode": "Half"}, 10001, "tpslMode"),
        ({"takeProfit": "0.9", "tpOrderType": "Limit"}, 10001, "market orders only"),
        ({"category": "spot"}, 10001, "category"),
        ({"triggerPrice": "0.6", "triggerDirection": 1}, 110092, "expect Rising"),
        ({"triggerPrice": "0.8", "triggerDirection": 2}, 110093, "expect Falling"),
        ({"triggerPrice": "0.8"}, 10001, "TriggerDirection invalid"),
        ({"triggerPrice": "-1", "triggerDirection": 2}, 10001, "triggerPrice err"),
        ({"triggerPrice": "0.80005", "triggerDirection": 1}, 10001, "triggerPrice err"),
        ({"triggerPrice": "99999999", "triggerDirection": 1}, 10001, "triggerPrice err"),
        ({"reduceOnly": True}, 110017, "truncated to zero"),
    ],
)
def test_refusals(caller: Caller, fields: dict[str, object], code: int, text: str) -> None:
    reply = caller.limit("12.5", "0.7212", **fields)
    assert (reply["retCode"], reply["result"]) == (code, {})
    assert text in reply["retMsg"]
    assert caller.sim.orders("101") == ()


def test_a_longer_link_id_passes_where_the_switch_says_so(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, link_id_length=45)
    assert caller.limit("12.5", "0.72", orderLinkId="x" * 45)["retCode"] == 0
    assert "longer than 45" in caller.limit("12.5", "0.72", orderLinkId="x" * 46)["retMsg"]


def test_reduce_only_may_be_spared_from_the_minimum_notional(
    sim: Simulator, caller: Caller
) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.70")
    assert caller.take_profit("1", "0.80")["retCode"] == 110094
    sim.behaviour = replace(sim.behaviour, notional_spares_reduce_only=True)
    assert caller.take_profit("1", "0.80")["retCode"] == 0


def test_a_link_id_is_taken_forever(sim: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("12.5", "0.72", orderLinkId="once"))
    assert caller.limit("12.5", "0.73", orderLinkId="once")["retCode"] == 110072
    sim.cancel_by_hand("101", made)
    assert caller.limit("12.5", "0.73", orderLinkId="once")["retCode"] == 110072


def test_a_link_id_is_free_again_under_the_old_rule(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, link_id_reuse=LinkIdReuse.AFTER_CLOSE)
    made = order_id(caller.limit("12.5", "0.72", orderLinkId="once"))
    assert caller.limit("12.5", "0.73", orderLinkId="once")["retCode"] == 110072
    sim.cancel_by_hand("101", made)
    assert caller.limit("12.5", "0.73", orderLinkId="once")["retCode"] == 0


def test_a_link_id_is_free_again_after_a_refusal(caller: Caller) -> None:
    assert caller.limit("0", "0.72", orderLinkId="again")["retCode"] == 10001
    assert caller.limit("12.5", "0.72", orderLinkId="again")["retCode"] == 0


def test_link_ids_of_other_accounts_do_not_matter(caller: Caller, hedger: Caller) -> None:
    assert caller.limit("12.5", "0.72", orderLinkId="same")["retCode"] == 0
    reply = hedger.limit("12.5", "0.72", orderLinkId="same", positionIdx=2)
    assert reply["retCode"] == 0


def test_a_price_beyond_the_band_is_clipped_or_refused(sim: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("100", "0.6000"))
    (sold,) = sim.closed_orders("101")
    assert (sold.order_id, sold.price, sold.average_price) == (
        made,
        Decimal("0.6650"),
        Decimal("0.7000"),
    )
    sim.behaviour = replace(sim.behaviour, price_band=PriceBand.REJECT)
    assert caller.limit("100", "0.6000")["retCode"] == 110003
    assert caller.limit("100", "0.9000")["retCode"] == 0, "a sell is never too high"


def test_caps_of_active_and_conditional_orders(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, active_cap=2, conditional_cap=1)
    stop = {"triggerPrice": "0.6", "triggerDirection": 2}
    assert [caller.limit("100", "0.75")["retCode"] for _ in range(3)] == [0, 0, 110020]
    assert [caller.limit("100", "0.75", **stop)["retCode"] for _ in range(2)] == [0, 110009]


def test_post_only_that_would_cross_is_cancelled_after_the_acknowledgement(
    sim: Simulator, caller: Caller
) -> None:
    order_id(caller.limit("100", "0.6900", timeInForce="PostOnly"))
    (order,) = sim.closed_orders("101")
    assert order.status is OrderStatus.CANCELLED
    assert order.reject_reason is RejectReason.POST_ONLY
    assert order.filled == 0


@pytest.mark.parametrize(
    ("tif", "price", "filled", "status", "reason"),
    [
        ("IOC", "0.6900", "60", "Cancelled", RejectReason.NO_LIQUIDITY),
        ("IOC", "0.7500", "0", "Cancelled", RejectReason.NO_LIQUIDITY),
        ("FOK", "0.6900", "0", "Cancelled", RejectReason.NO_FULL_FILL),
        ("FOK", "0.7500", "0", "Cancelled", RejectReason.NO_FULL_FILL),
    ],
)
def test_orders_that_do_not_wait(
    sim: Simulator,
    caller: Caller,
    tif: str,
    price: str,
    filled: str,
    status: str,
    reason: RejectReason,
) -> None:
    sim.behaviour = replace(sim.behaviour, liquidity=Decimal(60))
    order_id(caller.limit("100", price, timeInForce=tif))
    (order,) = sim.closed_orders("101")
    assert (order.filled, order.status.value, order.reject_reason) == (
        Decimal(filled),
        status,
        reason,
    )


def test_a_market_order_fills_at_the_market(sim: Simulator, caller: Caller) -> None:
    reply = caller.post("order/create", symbol=SYMBOL, side="Buy", orderType="Market", qty="50")
    order_id(reply)
    position = sim.position("101", SYMBOL, "Buy")
    assert (position.size, position.average_price) == (Decimal(50), Decimal("0.7000"))
    (fill,) = sim.executions("101")
    assert (fill.is_maker, fill.price) == (False, Decimal("0.7000"))


def test_quantity_zero_closes_the_position(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "33.3", "0.69")
    closing = {"reduceOnly": True, "closeOnTrigger": True, "orderType": "Market", "side": "Sell"}
    assert caller.post("order/create", symbol=SYMBOL, qty="0", **closing)["retCode"] == 0
    assert sim.position("101", SYMBOL, "Buy").size == 0
    assert caller.post("order/create", symbol=SYMBOL, qty="0", **closing)["retCode"] == 110017


def test_a_conditional_order_waits_triggers_and_keeps_its_id(
    sim: Simulator, caller: Caller
) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.70")
    made = order_id(
        caller.post(
            "order/create",
            symbol=SYMBOL,
            side="Sell",
            orderType="Market",
            qty="100",
            triggerPrice="0.65",
            triggerDirection=2,
            reduceOnly=True,
        )
    )
    (waiting,) = sim.orders("101")
    assert waiting.status is OrderStatus.UNTRIGGERED
    assert waiting.stop_order_type is StopOrderType.STOP
    sim.set_price(SYMBOL, "0.60")
    (done,) = sim.closed_orders("101")
    assert (done.order_id, done.status, done.average_price) == (
        made,
        OrderStatus.FILLED,
        Decimal("0.65"),
    )
    assert sim.position("101", SYMBOL, "Buy").size == 0


def test_hedge_mode_needs_the_index_and_closes_by_nature(sim: Simulator, hedger: Caller) -> None:
    assert hedger.limit("100", "0.75")["retCode"] == 10001
    assert hedger.limit("100", "0.75", positionIdx=1)["retCode"] == 110017
    sim.open_position("202", SYMBOL, "Buy", "40", "0.70")
    order_id(hedger.limit("100", "0.75", positionIdx=1))
    (order,) = sim.orders("202")
    assert (order.quantity, order.reduce_only) == (Decimal(40), True)
    assert hedger.limit("100", "0.75", positionIdx=2)["retCode"] == 0, "this opens a short"


def test_one_symbol_may_be_in_another_mode(sim: Simulator, hedger: Caller) -> None:
    sim.switch_mode("202", SYMBOL, hedge=False)
    assert hedger.limit("100", "0.75", positionIdx=2)["retCode"] == 10001
    assert hedger.limit("100", "0.75", positionIdx=0)["retCode"] == 0


def test_a_native_order_is_named_sized_and_cleared_with_its_position(sim: Simulator) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.70")
    sim.place_order(
        "101",
        symbol=SYMBOL,
        side="Sell",
        orderType="Market",
        qty="100",
        triggerPrice="0.65",
        triggerDirection=2,
        reduceOnly=True,
        stopOrderType="StopLoss",
    )
    sim.open_position("101", SYMBOL, "Buy", "20", "0.70")
    (order,) = sim.orders("101")
    assert (order.quantity, order.link_id) == (Decimal(120), "")
    assert order.stop_order_type is StopOrderType.STOP_LOSS
    sim.set_position("101", SYMBOL, "Buy", "0")
    (gone,) = sim.closed_orders("101")
    assert (gone.status, gone.cancel_type) == (OrderStatus.DEACTIVATED, CancelType.BY_TPSL_CLEAR)
