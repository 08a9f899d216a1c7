"""A contract that is launched, delivered and delisted: orders are taken only while it trades."""

import pytest

from tests.simulator.caller import SYMBOL, Caller
from trueup.simulator import ApiError, Simulator

ORDER = {"symbol": SYMBOL, "side": "Buy", "orderType": "Limit", "qty": "100", "price": "0.69"}


@pytest.mark.parametrize(
    ("status", "phase", "code"),
    [
        ("Trading", "", 0),
        ("PreLaunch", "ContinuousTrading", 0),
        ("PreLaunch", "", 110074),
        ("PreLaunch", "CallAuction", 110095),
        ("PreLaunch", "Finished", 110074),
        ("Delivering", "", 110074),
        ("Settling", "", 110063),
        ("Closed", "", 110074),
    ],
)
def test_writes_are_refused_unless_it_trades(
    sim: Simulator, caller: Caller, status: str, phase: str, code: int
) -> None:
    order_id = caller.post("order/create", **ORDER)["result"]["orderId"]
    sim.set_instrument_status(SYMBOL, status, phase)
    named = {"symbol": SYMBOL, "orderId": order_id}
    assert caller.post("order/create", **ORDER)["retCode"] == code
    assert caller.post("order/amend", **named, price="0.68")["retCode"] == code
    assert caller.post("order/cancel", **named)["retCode"] == code


def test_its_row_says_status_and_phase(sim: Simulator, caller: Caller) -> None:
    sim.set_instrument_status(SYMBOL, "PreLaunch", "CallAuction")
    assert caller.get("market/instruments-info")["result"]["list"] == []
    (row,) = caller.get("market/instruments-info", symbol=SYMBOL)["result"]["list"]
    assert (row["status"], row["isPreListing"]) == ("PreLaunch", True)
    assert row["preListingInfo"]["curAuctionPhase"] == "CallAuction"
    sim.set_instrument_status(SYMBOL, "Trading")
    (row,) = caller.get("market/instruments-info", symbol=SYMBOL)["result"]["list"]
    assert (row["isPreListing"], row["preListingInfo"]) == (False, None)


def test_there_must_be_such_a_contract(sim: Simulator) -> None:
    with pytest.raises(ApiError):
        sim.set_instrument_status("NOPEUSDT", "Closed")


def test_a_delisted_contract_is_settled_and_known_no_more(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    caller.post("order/create", **{**ORDER, "side": "Sell", "price": "0.71", "reduceOnly": True})
    sim.delist(SYMBOL)
    assert caller.get("market/instruments-info", symbol=SYMBOL)["result"]["list"] == []
    assert caller.get("position/list", symbol=SYMBOL)["retCode"] == 10001
    assert caller.get("position/list", settleCoin="USDT")["result"]["list"] == []
    (row,) = caller.get("order/history", symbol=SYMBOL)["result"]["list"]
    assert (row["orderStatus"], row["cancelType"]) == ("Cancelled", "CancelBySettle")
    assert caller.post("order/create", **ORDER)["retCode"] == 10001
    assert SYMBOL not in sim.symbols
    with pytest.raises(ApiError):
        sim.delist(SYMBOL)


def test_an_order_shows_what_a_newer_exchange_would(sim: Simulator, caller: Caller) -> None:
    order_id = caller.post("order/create", **ORDER)["result"]["orderId"]
    sim.show_order_as("101", order_id, orderType="LimitMaker", positionIdx="0")
    (row,) = caller.get("order/realtime", symbol=SYMBOL)["result"]["list"]
    assert (row["orderType"], row["positionIdx"]) == ("LimitMaker", "0")
    with pytest.raises(LookupError):
        sim.show_order_as("101", "gone", orderType="LimitMaker")
