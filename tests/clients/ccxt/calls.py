"""Every unified call of ccxt that a linear contract can use, each made once.

It runs in ccxt's environment and prints JSON: URL KEY SECRET. A call either works, or ccxt raises
with the text of the exchange, which names the path that it does not have.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from tests.clients.ccxt.connecting import SYMBOL, call, client, close, given

OPEN = "the id of an open order"
"""Stands for the id of an order that is opened for the call."""

CALLS: Mapping[str, tuple[Any, ...]] = {
    "fetchMarkets": (),
    "fetchCurrencies": (),
    "fetchTime": (),
    "fetchStatus": (),
    "fetchTicker": (SYMBOL,),
    "fetchTickers": (),
    "fetchBidsAsks": (),
    "fetchOrderBook": (SYMBOL,),
    "fetchL2OrderBook": (SYMBOL,),
    "fetchTrades": (SYMBOL,),
    "fetchOHLCV": (SYMBOL,),
    "fetchMarkOHLCV": (SYMBOL,),
    "fetchIndexOHLCV": (SYMBOL,),
    "fetchPremiumIndexOHLCV": (SYMBOL,),
    "fetchFundingRate": (SYMBOL,),
    "fetchFundingRates": (),
    "fetchFundingRateHistory": (SYMBOL,),
    "fetchOpenInterest": (SYMBOL,),
    "fetchOpenInterestHistory": (SYMBOL,),
    "fetchLongShortRatioHistory": (SYMBOL,),
    "fetchSettlementHistory": (SYMBOL,),
    "fetchLeverageTiers": ([SYMBOL],),
    "fetchMarketLeverageTiers": (SYMBOL,),
    "fetchBalance": (),
    "fetchLedger": ("USDT",),
    "fetchTradingFee": (SYMBOL,),
    "fetchTradingFees": (),
    "fetchLeverage": (SYMBOL,),
    "fetchMarginMode": (SYMBOL,),
    "fetchPosition": (SYMBOL,),
    "fetchPositions": (),
    "fetchPositionHistory": (SYMBOL,),
    "fetchPositionsHistory": ([SYMBOL],),
    "fetchPositionADLRank": (SYMBOL,),
    "fetchPositionsADLRank": ([SYMBOL],),
    "fetchFundingHistory": (SYMBOL,),
    "fetchMyTrades": (SYMBOL,),
    "fetchMyLiquidations": (SYMBOL,),
    "fetchMySettlementHistory": (SYMBOL,),
    "fetchOrder": (OPEN, SYMBOL, {"acknowledged": True}),
    "fetchOpenOrder": (OPEN, SYMBOL),
    "fetchOpenOrders": (SYMBOL,),
    "fetchClosedOrder": ("the id of a closed order", SYMBOL),
    "fetchClosedOrders": (SYMBOL,),
    "fetchCanceledOrders": (SYMBOL,),
    "fetchCanceledAndClosedOrders": (SYMBOL,),
    "fetchOrderTrades": (OPEN, SYMBOL),
    "createOrder": (SYMBOL, "limit", "buy", 0.001, 50000),
    "createOrders": (
        [{"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.001, "price": 50000}],
    ),
    "createLimitOrder": (SYMBOL, "buy", 0.001, 50000),
    "createMarketOrder": (SYMBOL, "buy", 0.001),
    "createPostOnlyOrder": (SYMBOL, "limit", "buy", 0.001, 50000),
    "createReduceOnlyOrder": (SYMBOL, "limit", "sell", 0.001, 70000),
    "createTriggerOrder": (
        SYMBOL,
        "market",
        "buy",
        0.001,
        None,
        65000,
        {"triggerDirection": "ascending"},
    ),
    "createStopOrder": (
        SYMBOL,
        "market",
        "buy",
        0.001,
        None,
        65000,
        {"triggerDirection": "ascending"},
    ),
    "createStopLimitOrder": (
        SYMBOL,
        "buy",
        0.001,
        65100,
        65000,
        {"triggerDirection": "ascending"},
    ),
    "createStopMarketOrder": (SYMBOL, "buy", 0.001, 65000, {"triggerDirection": "ascending"}),
    "createStopLossOrder": (SYMBOL, "market", "sell", 0.001, None, 55000),
    "createTakeProfitOrder": (SYMBOL, "market", "sell", 0.001, None, 65000),
    "createTrailingAmountOrder": (SYMBOL, "market", "sell", 0.001, None, 500, 61000),
    "createOrderWithTakeProfitAndStopLoss": (
        SYMBOL,
        "limit",
        "buy",
        0.001,
        58000,
        65000,
        55000,
    ),
    "editOrder": (OPEN, SYMBOL, "limit", "buy", 0.001, 51000),
    "editOrders": (
        [
            {
                "id": OPEN,
                "symbol": SYMBOL,
                "type": "limit",
                "side": "buy",
                "amount": 0.001,
                "price": 51000,
            }
        ],
    ),
    "cancelOrder": (OPEN, SYMBOL),
    "cancelOrders": ([OPEN], SYMBOL),
    "cancelOrdersForSymbols": ([{"id": OPEN, "symbol": SYMBOL}],),
    "cancelAllOrders": (SYMBOL,),
    "cancelAllOrdersAfter": (10000,),
    "setLeverage": (7, SYMBOL),
    "setMarginMode": ("cross", SYMBOL),
    "setPositionMode": (False,),
}

ELSEWHERE = frozenset(
    {
        # of spot and its margin
        "borrowCrossMargin", "createMarketBuyOrderWithCost", "createMarketSellOrderWithCost",
        "fetchBorrowInterest", "fetchBorrowRateHistory", "fetchCrossBorrowRate",
        "repayCrossMargin",
        # of options
        "fetchAllGreeks", "fetchGreeks", "fetchOption", "fetchOptionChain",
        "fetchVolatilityHistory",
        # of the wallet outside trading
        "createConvertTrade", "fetchConvertCurrencies", "fetchConvertQuote", "fetchConvertTrade",
        "fetchConvertTradeHistory", "fetchDepositAddress", "fetchDepositAddressesByNetwork",
        "fetchDepositWithdrawFee", "fetchDepositWithdrawFees", "fetchDeposits",
        "fetchTransfers", "fetchWithdrawals",
    }
)  # fmt: skip
"""The calls that no linear contract uses."""

NO_CALL = re.compile(r"^(?:[a-z]+|CORS|privateAPI|publicAPI|.*Ws)$")
"""What `has` holds beside: kinds of markets, interfaces, stream calls, transfer and withdraw."""

_MISSING = re.compile(r"The simulator has no (\w+ /[\w/-]+)")


async def outcome(one: Any, name: str, closed_id: str) -> str:  # noqa: ANN401 - ccxt has no types
    """What becomes of a call: "works", the path that is missing, or what ccxt raises."""
    order = await call(one, "createOrder", SYMBOL, "limit", "buy", 0.001, 49000)
    try:
        await call(one, name, *_filled(CALLS[name], order["id"], closed_id))
    except Exception as error:  # noqa: BLE001 - what it is, is the answer
        missing = _MISSING.search(str(error))
        return f"404 {missing[1]}" if missing else f"{type(error).__name__}: {error}"
    finally:
        await call(one, "cancelAllOrders", SYMBOL)
    return "works"


def _filled(arguments: Any, order_id: str, closed_id: str) -> Any:  # noqa: ANN401 - what CALLS holds
    """The arguments with the ids of real orders."""
    if isinstance(arguments, str):
        return {OPEN: order_id, "the id of a closed order": closed_id}.get(arguments, arguments)
    if isinstance(arguments, list | tuple):
        return [_filled(each, order_id, closed_id) for each in arguments]
    if isinstance(arguments, dict):
        return {key: _filled(each, order_id, closed_id) for key, each in arguments.items()}
    return arguments


async def main(url: str, key: str, secret: str) -> None:
    """Make every call, and print the outcomes."""
    one = client("ccxt.async_support", url, key, secret)
    one.enableRateLimit = False  # the exchange of this script has no limits either
    try:
        await call(one, "loadMarkets")
        entry = await call(one, "createOrder", SYMBOL, "market", "buy", 0.01)
        has = {name for name, there in one.has.items() if there and not NO_CALL.match(name)}
        told = {
            "version": version("ccxt"),
            "unknown": sorted(has - CALLS.keys() - ELSEWHERE),
            "gone": sorted((CALLS.keys() | ELSEWHERE) - has),
            "calls": {
                name: await outcome(one, name, entry["id"]) for name in sorted(CALLS.keys() & has)
            },
        }
        json.dump(told, sys.stdout)
    finally:
        await close(one)


if __name__ == "__main__":
    asyncio.run(main(*given()))
