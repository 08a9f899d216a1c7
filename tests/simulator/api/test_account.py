"""The endpoints of an account: settings, fees, coins, and what closing orders realised."""

from decimal import Decimal

import pytest

from trueup.simulator import Behaviour, Simulator, UnchangedMode

from ..caller import SYMBOL, Caller, order_id


def test_the_account_says_how_it_is_set_up(caller: Caller) -> None:
    before = caller.get("account/info")["result"]
    assert (before["marginMode"], before["unifiedMarginStatus"]) == ("REGULAR_MARGIN", 6)
    answer = caller.post("account/set-margin-mode", setMarginMode="ISOLATED_MARGIN")
    assert answer["result"] == {"reasons": []}
    assert caller.get("account/info")["result"]["marginMode"] == "ISOLATED_MARGIN"
    assert caller.post("account/set-margin-mode", setMarginMode="NONE")["retCode"] == 10001


def test_a_classic_account_says_so(sim: Simulator) -> None:
    sim.add_account(uid="7", api_key="key-7", api_secret="secret-7", unified=False)
    assert Caller(sim, "7").get("account/info")["result"]["unifiedMarginStatus"] == 1


def test_fees_are_those_that_fills_pay(caller: Caller) -> None:
    (row,) = caller.get("account/fee-rate", symbol=SYMBOL)["result"]["list"]
    assert row == {"symbol": SYMBOL, "takerFeeRate": "0.00055", "makerFeeRate": "0.0002"}
    order_id(caller.limit("100", "0.70", side="Buy", orderType="Market"))
    (fill,) = caller.get("execution/list", symbol=SYMBOL)["result"]["list"]
    assert fill["feeRate"] == row["takerFeeRate"]
    assert caller.get("account/fee-rate")["result"]["list"] == [row]
    assert caller.get("account/fee-rate", symbol="NONE")["retCode"] == 10001
    assert caller.get("account/fee-rate", category="option")["retCode"] == 10001


def test_coins_are_those_of_wallets_and_contracts(caller: Caller) -> None:
    rows = caller.get("asset/coin/query-info")["result"]["rows"]
    assert [row["coin"] for row in rows] == ["BAND", "USDC", "USDT"]
    (one,) = caller.get("asset/coin/query-info", coin="USDT")["result"]["rows"]
    assert (one["chains"][0]["chainDeposit"], one["chains"][0]["chainWithdraw"]) == ("0", "0")


def test_a_closing_order_is_one_row_with_both_fees(sim: Simulator, caller: Caller) -> None:
    order_id(caller.limit("100", "0.70", side="Buy", orderType="Market"))
    take_profit = order_id(caller.take_profit("60", "0.80"))
    sim.fill("101", take_profit, "20")
    sim.set_price(SYMBOL, "0.80")
    reply = caller.get("position/closed-pnl", symbol=SYMBOL)["result"]
    (row,) = reply["list"]
    assert (row["orderId"], row["side"], row["fillCount"]) == (take_profit, "Sell", "2")
    names = ("closedSize", "avgEntryPrice", "avgExitPrice")
    assert [row[name] for name in names] == ["60", "0.7000", "0.80"]
    entry, leave = Decimal("0.7") * 60 * Decimal("0.00055"), Decimal("0.8") * 60 * Decimal("0.0002")
    assert Decimal(row["closedPnl"]) == Decimal("0.1") * 60 - entry - leave
    assert Decimal(row["cumExitValue"]) - Decimal(row["cumEntryValue"]) == 6
    assert (
        caller.get("position/closed-pnl", symbol=SYMBOL, startTime=1, endTime=2)["result"]["list"]
        == []
    )


def test_a_short_that_turns_into_a_long_closes_its_own_part(sim: Simulator, caller: Caller) -> None:
    order_id(caller.limit("100", "", orderType="Market"))
    sim.set_price(SYMBOL, "0.60")
    order_id(caller.limit("150", "", side="Buy", orderType="Market"))
    (row,) = caller.get("position/closed-pnl")["result"]["list"]
    assert (row["side"], row["qty"], row["closedSize"]) == ("Buy", "150", "100")
    fees = 100 * Decimal("0.00055") * (Decimal("0.7") + Decimal("0.6"))
    assert Decimal(row["closedPnl"]) == 10 - fees


def test_the_log_of_the_wallet_is_filtered_and_paged(sim: Simulator, caller: Caller) -> None:
    def log(**fields: object) -> list[tuple[str, str]]:
        found = caller.get("account/transaction-log", **fields)["result"]["list"]
        return [(row["type"], row["qty"]) for row in found]

    sim.open_position("101", SYMBOL, "Buy", "5", "0.7")
    assert log() == [], "it cost nothing"
    order_id(caller.limit("100", "", side="Buy", orderType="Market"))
    sim.clock.advance(1)
    sim.liquidate("101", SYMBOL, "Buy", "30")
    assert log() == [("LIQUIDATION", "30"), ("TRADE", "100")]
    assert log(type="TRADE", currency="USDT", baseCoin="BAND") == [("TRADE", "100")]
    assert log(currency="USDC") == log(category="option") == log(baseCoin="BTC") == []
    first = caller.get("account/transaction-log", limit=1)["result"]
    assert first["list"][0]["size"] == "75"
    assert log(limit=1, cursor=first["nextPageCursor"]) == [("TRADE", "100")]
    sim.clock.advance(25 * 3_600_000)
    assert log() == []


def test_a_mode_that_all_symbols_have_is_no_error_by_coin(sim: Simulator, caller: Caller) -> None:
    assert caller.post("position/switch-mode", coin="USDT", mode=0)["retCode"] == 0
    assert caller.post("position/switch-mode", symbol=SYMBOL, mode=0)["retCode"] == 110025
    sim.behaviour = Behaviour(unchanged_mode=UnchangedMode.NOT_MODIFIED)
    assert caller.post("position/switch-mode", coin="USDT", mode=0)["retCode"] == 110025


@pytest.mark.parametrize("path", ["account/borrow-history", "nothing/there"])
def test_what_is_not_there_is_named(caller: Caller, path: str) -> None:
    answer = caller.get(path)
    assert answer["retCode"] == 10017
    assert answer["retMsg"] == f"Route not found. The simulator has no GET /v5/{path}"
