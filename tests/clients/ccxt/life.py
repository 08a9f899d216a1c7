"""A life of orders, by ccxt: entries, take-profits, a fill, an edit, cancels, a close.

It runs in ccxt's environment and prints what ccxt saw as JSON: MODULE URL KEY SECRET.
"""

import asyncio
import json
import sys
import urllib.request
from collections.abc import Callable, Coroutine
from typing import Any

from tests.clients.ccxt.connecting import SYMBOL, call, client, close, given

Do = Callable[..., Coroutine[Any, Any, Any]]
REDUCE, ONE_WAY = {"reduceOnly": True}, False


def move_market(url: str, price: str) -> None:
    """Let the market go to a price: what no client can do."""
    body = json.dumps({"symbol": "BTCUSDT", "price": price}).encode()
    request = urllib.request.Request(f"{url}/control/set_price", body)  # noqa: S310 - this machine
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()


async def live(do: Do, url: str) -> dict[str, Any]:
    """Trade until the account is flat; returns what ccxt saw on the way."""
    await do("load_time_difference")  # load_markets adjusts too late: it first asks for currencies
    seen: dict[str, Any] = {"markets": sorted(await do("load_markets"))}
    seen["deposit"] = (await do("fetch_balance"))["USDT"]
    await do("set_position_mode", ONE_WAY)
    await do("set_leverage", 20, SYMBOL)
    resting = await do("create_order", SYMBOL, "limit", "buy", 0.01, 59000)
    await do("create_order", SYMBOL, "market", "buy", 0.01)
    first = await do("create_order", SYMBOL, "limit", "sell", 0.004, 60500, REDUCE)
    second = await do("create_order", SYMBOL, "limit", "sell", 0.006, 61000, REDUCE)
    seen["entered"] = _position(await do("fetch_position", SYMBOL))
    seen["open"] = sorted(_order(order) for order in await do("fetch_open_orders", SYMBOL))
    seen["free"] = (await do("fetch_balance"))["USDT"]["free"]
    move_market(url, "60600")
    seen["first"] = _order(await do("fetch_order", first["id"], SYMBOL, {"acknowledged": True}))
    seen["left"] = _position(await do("fetch_position", SYMBOL))
    await do("edit_order", second["id"], SYMBOL, "limit", "sell", 0.006, 62000)
    seen["edited"] = _order(await do("fetch_open_order", second["id"], SYMBOL))
    for order in (resting, second):
        await do("cancel_order", order["id"], SYMBOL)
    seen["cancelled"] = sorted(_order(one) for one in await do("fetch_canceled_orders", SYMBOL))
    await do("create_order", SYMBOL, "market", "sell", 0.006, None, REDUCE)
    seen["positions"] = [_position(held) for held in await do("fetch_positions")]
    seen["orders"] = [_order(order) for order in await do("fetch_open_orders", SYMBOL)]
    trades = await do("fetch_my_trades", SYMBOL)
    seen["trades"] = [[one["side"], one["amount"], one["price"]] for one in trades]
    seen["fees"] = sum(one["fee"]["cost"] for one in trades)
    seen["results"] = sum(
        float(one["info"]["closedPnl"]) for one in await do("fetch_positions_history", [SYMBOL])
    )
    seen["end"] = (await do("fetch_balance"))["USDT"]["total"]
    return seen


def _order(order: dict[str, Any]) -> list[Any]:
    return [order["side"], order["price"], order["amount"], order["filled"], order["status"]]


def _position(position: dict[str, Any]) -> list[Any]:
    return [position[name] for name in ("side", "contracts", "entryPrice", "leverage")]


async def main(module: str, url: str, key: str, secret: str) -> None:
    """Live, and print what was seen."""
    one = client(module, url, key, secret, adjustForTimeDifference=True)

    async def do(name: str, *arguments: Any) -> Any:  # noqa: ANN401 - ccxt has no types
        return await call(one, name, *arguments)

    try:
        json.dump(await live(do, url), sys.stdout)
    finally:
        await close(one)


if __name__ == "__main__":
    asyncio.run(main(*given()))
