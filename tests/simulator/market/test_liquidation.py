"""The exchange takes a position over: liquidation and ADL."""

from decimal import Decimal

import pytest

from trueup.simulator import Simulator

from ..caller import SYMBOL, Caller


@pytest.fixture
def loaded(sim: Simulator, caller: Caller) -> Simulator:
    """A long of 100 with a TP, an entry and a stop."""
    sim.set_position("101", SYMBOL, "Buy", "100", "0.6900")
    assert caller.take_profit("100", "0.8000", "tp")["retCode"] == 0
    sim.place_entry("101", SYMBOL, "Buy", "50", "0.6500", "entry")
    assert (
        caller.post("position/trading-stop", symbol=SYMBOL, positionIdx=0, stopLoss="0.6000")[
            "retCode"
        ]
        == 0
    )
    return sim


def ends(sim: Simulator, uid: str = "101") -> list[tuple[str, str]]:
    """How the account's orders ended, but the exchange's own."""
    return [
        (order.link_id or order.stop_order_type.value, order.cancel_type.value)
        for order in sim.closed_orders(uid)
        if order.cancel_type != "UNKNOWN"
    ]


def test_a_liquidation_cancels_all_and_closes_by_a_bust_trade(
    loaded: Simulator, caller: Caller
) -> None:
    loaded.liquidate("101", SYMBOL, "Buy")
    assert loaded.positions("101") == ()
    assert loaded.orders("101") == ()
    assert ends(loaded) == [
        ("tp", "CancelByPrepareLiq"),
        ("entry", "CancelAllBeforeLiq"),
        ("StopLoss", "CancelByPrepareLiq"),
    ]
    row, _opening = caller.get("execution/list")["result"]["list"]
    assert (row["execType"], row["side"], row["execQty"], row["closedSize"]) == (
        "BustTrade",
        "Sell",
        "100",
        "100",
    )
    own = caller.get("order/history", orderId=row["orderId"])["result"]["list"][0]
    assert (own["createType"], own["orderStatus"]) == ("CreateByLiq", "Filled")


def test_adl_reduces_by_an_adl_trade(loaded: Simulator, caller: Caller) -> None:
    loaded.deleverage("101", SYMBOL, "Buy", "30")
    assert loaded.position("101", SYMBOL, "Buy").size == 70
    assert ends(loaded)[0] == ("tp", "CancelByPrepareAdl")
    assert ends(loaded)[1] == ("entry", "CancelAllBeforeAdl")
    assert caller.get("execution/list")["result"]["list"][0]["execType"] == "AdlTrade"


def test_adl_may_leave_the_orders(loaded: Simulator) -> None:
    loaded.deleverage("101", SYMBOL, "Buy", "30", cancels=False)
    assert [order.quantity for order in loaded.orders("101")] == [100, 50, Decimal(70)]


def test_the_other_side_of_a_hedge_is_untouched(sim: Simulator, hedger: Caller) -> None:
    sim.set_position("202", SYMBOL, "Buy", "100", "0.6900")
    sim.set_position("202", SYMBOL, "Sell", "80", "0.7100")
    for side, price, idx in (("Sell", "0.8000", 1), ("Buy", "0.6000", 2)):
        reply = hedger.limit("80", price, side=side, positionIdx=idx, reduceOnly=True)
        assert reply["retCode"] == 0, reply
    sim.liquidate("202", SYMBOL, "Buy")
    assert [(p.side, p.size) for p in sim.positions("202")] == [("Sell", Decimal(80))]
    assert [order.position_idx for order in sim.orders("202")] == [2]


@pytest.mark.parametrize("quantity", ["0", "100.1"])
def test_no_more_is_taken_than_there_is(loaded: Simulator, quantity: str) -> None:
    with pytest.raises(ValueError, match=r"no position of|quantity: a number above 0"):
        loaded.liquidate("101", SYMBOL, "Buy", quantity)
    with pytest.raises(ValueError, match="no position of"):
        loaded.liquidate("101", SYMBOL, "Sell")
    assert loaded.executions("101") == ()
