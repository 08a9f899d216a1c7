"""What positions and orders need of the wallet, and what is refused for lack of it."""

from decimal import Decimal
from typing import Any

import pytest

from trueup.simulator import Behaviour, Simulator

from ..caller import SYMBOL, Caller, order_id
from ..watcher import Watcher


def usdt(caller: Caller) -> dict[str, Any]:
    """The row of USDT in the wallet."""
    reply = caller.get("account/wallet-balance", accountType="UNIFIED", coin="USDT")
    row: dict[str, Any] = reply["result"]["list"][0]["coin"][0]
    return row


def sums(caller: Caller) -> dict[str, Any]:
    """The sums of the account."""
    reply = caller.get("account/wallet-balance", accountType="UNIFIED")
    row: dict[str, Any] = reply["result"]["list"][0]
    return row


@pytest.fixture
def small(sim: Simulator) -> Caller:
    """An account with 100 USDT, and nothing else."""
    sim.add_account(uid="7", api_key="key-7", api_secret="secret-7", balance={"USDT": "100"})
    return Caller(sim, "7")


def test_a_round_trip_pays_two_fees_and_earns_the_move(sim: Simulator, small: Caller) -> None:
    order_id(small.limit("100", "0.70", side="Buy", orderType="Market"))
    sim.set_price(SYMBOL, "0.75")
    held = usdt(small)
    names = ("walletBalance", "unrealisedPnl", "totalPositionIM", "totalPositionMM")
    assert [Decimal(held[name]) for name in names] == [
        Decimal("99.9615"),
        Decimal(5),
        Decimal("7.5"),
        Decimal("0.75"),
    ]
    order_id(small.limit("100", "0.75", side="Sell", orderType="Market", reduceOnly=True))
    flat = usdt(small)
    # 100 - 100 × 0.70 × 0.00055 + 100 × 0.05 - 100 × 0.75 × 0.00055
    assert Decimal(flat["walletBalance"]) == Decimal("104.92025")
    assert Decimal(flat["cumRealisedPnl"]) == Decimal("4.92025")
    assert Decimal(flat["equity"]) == Decimal(flat["availableToWithdraw"]) == Decimal("104.92025")


def test_a_resting_order_needs_margin_and_a_closing_one_none(small: Caller) -> None:
    order_id(small.limit("100", "0.70", side="Buy", orderType="Market"))
    order_id(small.limit("200", "0.60", side="Buy"))
    order_id(small.take_profit("100", "0.80"))
    order_id(small.limit("150", "0.80"))  # 100 of it close the position
    row = usdt(small)
    assert Decimal(row["totalOrderIM"]) == Decimal("12.0") + Decimal("4.0")
    assert Decimal(row["totalPositionIM"]) == Decimal("7.0")
    total = sums(small)
    assert Decimal(total["totalInitialMargin"]) == Decimal("23.0")
    left = Decimal(total["totalMarginBalance"]) - Decimal(total["totalInitialMargin"])
    assert Decimal(total["totalAvailableBalance"]) == left


def test_an_order_beyond_the_balance_is_refused(small: Caller) -> None:
    assert small.limit("1500", "0.70", side="Buy")["retCode"] == 110007
    order_id(small.limit("1400", "0.68", side="Buy", orderLinkId="most"))
    refused = small.post("order/amend", symbol=SYMBOL, orderLinkId="most", qty="1500")
    assert (refused["retCode"], refused["retMsg"]) == (110007, "ab not enough for new order")
    less = small.post("order/amend", symbol=SYMBOL, orderLinkId="most", qty="100")
    assert less["retCode"] == 0


def test_leverage_makes_an_order_affordable(small: Caller) -> None:
    leverage = {"symbol": SYMBOL, "buyLeverage": "20", "sellLeverage": "20"}
    assert small.post("position/set-leverage", **leverage)["retCode"] == 0
    assert small.post("position/set-leverage", **leverage)["retCode"] == 110043
    order_id(small.limit("2000", "0.70", side="Buy", orderType="Market"))
    row = small.get("position/list", symbol=SYMBOL)["result"]["list"][0]
    assert (row["leverage"], Decimal(row["positionIM"])) == ("20", Decimal(70))
    lower = {"symbol": SYMBOL, "buyLeverage": "5", "sellLeverage": "5"}
    assert small.post("position/set-leverage", **lower)["retCode"] == 110044
    assert small.get("position/list", symbol=SYMBOL)["result"]["list"][0]["leverage"] == "20"


@pytest.mark.parametrize(
    ("buy", "sell"), [("0", "0"), ("51", "51"), ("", "5"), ("5", "6"), ("x", "x")]
)
def test_a_leverage_that_cannot_be_is_refused(caller: Caller, buy: str, sell: str) -> None:
    fields = {"symbol": SYMBOL, "buyLeverage": buy, "sellLeverage": sell}
    assert caller.post("position/set-leverage", **fields)["retCode"] == 10001


def test_hedge_mode_has_a_leverage_for_each_side(hedger: Caller) -> None:
    fields = {"symbol": SYMBOL, "buyLeverage": "5", "sellLeverage": "6"}
    assert hedger.post("position/set-leverage", **fields)["retCode"] == 0
    rows = hedger.get("position/list", symbol=SYMBOL)["result"]["list"]
    assert [(row["positionIdx"], row["leverage"]) for row in rows] == [(1, "5"), (2, "6")]


def test_a_stop_entry_that_margin_is_short_of_is_cancelled_at_its_trigger(
    sim: Simulator, small: Caller
) -> None:
    entry = {"side": "Buy", "triggerPrice": "0.75", "triggerDirection": 1}
    order_id(small.limit("1400", "0.80", orderLinkId="late", **entry))
    assert Decimal(usdt(small)["totalOrderIM"]) == 0
    sim.set_price(SYMBOL, "0.76")
    (row,) = small.get("order/history", orderLinkId="late")["result"]["list"]
    assert (row["orderStatus"], row["cumExecQty"]) == ("Deactivated", "0")


def test_orders_on_their_way_need_margin_too(sim: Simulator, small: Caller) -> None:
    sim.behaviour = Behaviour(rate_limits=False, effect_delay_ms=50)
    order_id(small.limit("1000", "0.70", side="Buy"))
    assert small.limit("1000", "0.70", side="Buy")["retCode"] == 110007


def test_another_coin_is_margin_as_well(sim: Simulator) -> None:
    balance = {"USDT": "10", "USDC": "90"}
    sim.add_account(uid="8", api_key="key-8", api_secret="secret-8", balance=balance)
    caller = Caller(sim, "8")
    order_id(caller.limit("1000", "0.70", side="Buy"))
    coins = sums(caller)["coin"]
    assert [(row["coin"], row["availableToWithdraw"]) for row in coins] == [
        ("USDT", "0"),
        ("USDC", "90"),
    ]


@pytest.mark.parametrize("given", ["", "SPOT"])
def test_only_the_unified_wallet_is_there(caller: Caller, given: str) -> None:
    assert caller.get("account/wallet-balance", accountType=given)["retCode"] == 10001


def test_who_follows_the_wallet_sees_it_after_fills(sim: Simulator, small: Caller) -> None:
    stream = Watcher(sim, ("execution", "wallet"), uid="7")
    order_id(small.limit("100", "0.60", side="Buy"))
    assert stream.topics == []
    order_id(small.limit("100", "0.70", side="Buy", orderType="Market"))
    assert stream.topics == ["execution", "wallet"]
    (sent,) = stream.items("wallet")
    assert sent == sums(small)
    assert Decimal(sent["coin"][0]["walletBalance"]) == Decimal("99.9615")
