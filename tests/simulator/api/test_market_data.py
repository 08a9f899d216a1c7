"""Public market data: the book, tickers, trades, risk limits, the system."""

from decimal import Decimal

import pytest

from trueup.simulator import Behaviour, InstrumentSpec, Simulator

from ..caller import SYMBOL, Caller, order_id
from ..conftest import START_MS


def test_the_book_is_what_a_market_order_meets(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = Behaviour(rate_limits=False, book_depth=Decimal(30), slippage_ticks=2)
    book = caller.get("market/orderbook", symbol=SYMBOL, limit=3)["result"]
    assert book["a"] == [["0.7002", "30"], ["0.7003", "30"], ["0.7004", "30"]]
    assert book["b"] == [["0.6998", "30"], ["0.6997", "30"], ["0.6996", "30"]]
    assert (book["s"], book["ts"]) == (SYMBOL, START_MS)
    order_id(caller.limit("50", "", side="Buy", orderType="Market"))
    fills = caller.get("execution/list", symbol=SYMBOL)["result"]["list"]
    assert [(row["execPrice"], row["execQty"]) for row in fills] == [
        ("0.7003", "20"),
        ("0.7002", "30"),
    ]


def test_the_book_ends_where_prices_end(sim: Simulator, caller: Caller) -> None:
    sim.set_price(SYMBOL, "0.0002")
    book = caller.get("market/orderbook", symbol=SYMBOL)["result"]
    assert [price for price, _ in book["b"]] == ["0.0002", "0.0001"]
    assert len(book["a"]) == 25
    assert caller.get("market/orderbook", symbol=SYMBOL, limit=0)["retCode"] == 10001
    assert caller.get("market/orderbook", symbol="NONE")["retCode"] == 10001


def test_a_ticker_knows_the_last_day(sim: Simulator, caller: Caller) -> None:
    for price in ("0.80", "0.60", "0.77"):
        sim.clock.advance(3_600_000)
        sim.set_price(SYMBOL, price)
    sim.clock.advance(60_000)
    (row,) = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"]
    names = ("lastPrice", "highPrice24h", "lowPrice24h", "prevPrice24h", "price24hPcnt")
    assert [row[name] for name in names] == ["0.77", "0.80", "0.60", "0.7000", "0.1"]
    assert (row["bid1Price"], row["ask1Price"]) == ("0.7700", "0.7700")
    sim.clock.advance(22 * 3_600_000)
    (later,) = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"]
    assert (later["highPrice24h"], later["prevPrice1h"]) == ("0.80", "0.77")


def test_other_categories_are_empty(sim: Simulator, caller: Caller) -> None:
    inverse = InstrumentSpec(
        symbol="BTCUSD",
        tick="0.1",
        step="1",
        min_quantity="1",
        max_quantity="1000",
        settle_coin="BTC",
        category="inverse",
    )
    sim.add_instrument(inverse, price="60000")
    for category in ("spot", "option", "inverse"):
        assert caller.get("market/tickers", category=category)["result"]["list"] == []
    for category in ("spot", "option"):
        listed = caller.get("market/instruments-info", category=category, baseCoin="BTC")
        assert listed["result"] == {"category": category, "list": [], "nextPageCursor": ""}


def test_trades_are_those_of_all_accounts(sim: Simulator, caller: Caller, hedger: Caller) -> None:
    assert caller.get("market/recent-trade", symbol=SYMBOL)["result"]["list"] == []
    order_id(caller.limit("100", "", side="Buy", orderType="Market"))
    order_id(hedger.limit("50", "0.75", positionIdx=2))
    sim.clock.advance(5)
    sim.set_price(SYMBOL, "0.75")
    sim.set_position("101", SYMBOL, "Buy", "10", "0.7")  # by hand, and no trade on the stream
    rows = caller.get("market/recent-trade", symbol=SYMBOL)["result"]["list"]
    seen = [(row["side"], row["price"], row["size"], row["time"]) for row in rows]
    assert seen == [
        ("Buy", "0.75", "50", str(START_MS + 5)),  # the maker sold, so a buyer took
        ("Buy", "0.7000", "100", str(START_MS)),
    ]
    assert len(caller.get("market/recent-trade", symbol=SYMBOL, limit=1)["result"]["list"]) == 1
    assert caller.get("market/recent-trade", symbol=SYMBOL, limit=0)["retCode"] == 10001


def test_open_interest_is_what_accounts_hold(caller: Caller, hedger: Caller) -> None:
    order_id(caller.limit("100", "", side="Buy", orderType="Market"))
    order_id(hedger.limit("30", "", orderType="Market", positionIdx=2))
    reply = caller.get("market/open-interest", symbol=SYMBOL, intervalTime="5min")["result"]
    assert reply["list"] == [{"openInterest": "100", "timestamp": str(START_MS)}]
    (row,) = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"]
    value = 100 * Decimal(row["markPrice"])
    assert (row["openInterest"], Decimal(row["openInterestValue"])) == ("100", value)


def test_the_one_risk_limit_fits_the_margin(caller: Caller) -> None:
    (row,) = caller.get("market/risk-limit")["result"]["list"]
    assert (row["symbol"], row["maxLeverage"], row["initialMargin"]) == (SYMBOL, "50.00", "0.02")
    assert caller.get("market/risk-limit", symbol="NONE")["retCode"] == 10001


@pytest.mark.usefixtures("sim")
def test_no_maintenance_is_announced(caller: Caller) -> None:
    assert caller.get("system/status")["result"] == {"list": []}


def test_the_ratio_of_the_accounts_that_are_long(sim: Simulator, caller: Caller) -> None:
    def ratio() -> list[list[str]]:
        asked = caller.get("market/account-ratio", symbol=SYMBOL, period="1h")["result"]["list"]
        return [[row["buyRatio"], row["sellRatio"]] for row in asked]

    assert ratio() == [], "nobody holds anything"
    sim.open_position("101", SYMBOL, "Buy", "5", "0.7")
    assert ratio() == [["1.0000", "0.0000"]]
    sim.open_position("202", SYMBOL, "Sell", "5", "0.7")
    assert ratio() == [["0.5000", "0.5000"]]
    sim.open_position("202", SYMBOL, "Buy", "5", "0.7")
    assert ratio() == [["1.0000", "0.0000"]], "both sides of an account are none"
    assert caller.get("market/account-ratio", symbol=SYMBOL)["retCode"] == 10001
