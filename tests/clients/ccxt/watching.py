"""What ccxt.pro sees on both streams while an account trades and the market moves.

It runs in ccxt's environment and prints JSON: URL KEY SECRET.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from tests.clients.ccxt.connecting import SYMBOL, client, close, given
from tests.clients.ccxt.life import REDUCE, move_market

PATIENCE_S = 20.0
Seen = dict[str, list[Any]]


class Watch:
    """Calls a watch method again and again, and keeps a figure of what each call returned."""

    def __init__(self, call: Callable[[], Any], figure: Callable[[Any], Any]) -> None:
        self.seen: list[Any] = []
        self._call = call
        self._figure = figure
        self._came = asyncio.Condition()
        self._task = asyncio.create_task(self._run())

    async def until(self, wanted: object, times: int = 1) -> None:
        """Wait until calls have returned this; what comes between two calls, ccxt shows to none.

        Raises:
            TimeoutError: it did not; the message is what came instead.
        """
        async with self._came:
            there = self._came.wait_for(
                lambda: self._task.done() or self.seen.count(wanted) >= times
            )
            try:
                await asyncio.wait_for(there, PATIENCE_S)
            except TimeoutError:
                raise TimeoutError(f"{wanted} did not come, but {self.seen}") from None
        if self._task.done():
            self._task.result()

    async def end(self) -> None:
        """Call no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            while True:
                answer = await self._call()
                async with self._came:
                    self.seen.append(self._figure(answer))
                    self._came.notify_all()
        finally:
            async with self._came:
                self._came.notify_all()


def _book(book: Any) -> list[Any]:  # noqa: ANN401 - ccxt has no types
    return [len(book["bids"]), len(book["asks"]), book["bids"][0][0], book["asks"][0][0]]


def _trades(trades: Any) -> list[Any]:  # noqa: ANN401 - ccxt has no types
    return [[one["side"], one["amount"], one["price"]] for one in trades]


def _orders(orders: Any) -> list[Any]:  # noqa: ANN401 - ccxt has no types
    return [[one["side"], one["price"], one["filled"], one["status"]] for one in orders]


def _positions(positions: Any) -> list[Any]:  # noqa: ANN401 - ccxt has no types
    """The last one: a message has a position before its fill and after it."""
    return [[one["side"], one["contracts"], one["entryPrice"]] for one in positions][-1:]


async def watch(one: Any, url: str) -> Seen:  # noqa: ANN401 - ccxt has no types
    """Trade to flat; returns what was seen of it."""
    await one.load_markets()
    watches = {
        "book": Watch(lambda: one.watch_order_book(SYMBOL, 50), _book),
        "ticker": Watch(lambda: one.watch_ticker(SYMBOL), lambda ticker: ticker["last"]),
        "trades": Watch(lambda: one.watch_trades(SYMBOL), _trades),
        "candles": Watch(lambda: one.watch_ohlcv(SYMBOL, "1d"), lambda rows: rows[-1][1:5]),
        "orders": Watch(lambda: one.watch_orders(SYMBOL), _orders),
        "mine": Watch(lambda: one.watch_my_trades(SYMBOL), _trades),
        "balance": Watch(one.watch_balance, lambda balance: balance["USDT"]["total"]),
        "positions": Watch(lambda: one.watch_positions([SYMBOL]), _positions),
    }
    try:
        await _trade(one, url, watches)
    finally:
        for each in watches.values():
            await each.end()
    return {name: each.seen for name, each in watches.items()}


async def _trade(one: Any, url: str, watches: dict[str, Watch]) -> None:  # noqa: ANN401 - ccxt has no types
    """Enter, let a take-profit fill, and close, each when the streams have shown the one before."""
    await watches["ticker"].until(60000.0)
    await watches["book"].until([50, 50, 60000.0, 60000.0])
    await watches["candles"].until([60000.0] * 4)
    await watches["positions"].until([])
    await one.create_order(SYMBOL, "market", "buy", 0.01)
    await watches["positions"].until([["long", 0.01, 60000.0]])
    await watches["trades"].until([["buy", 0.01, 60000.0]])
    await watches["balance"].until(1000 - 0.33)
    await one.create_order(SYMBOL, "limit", "sell", 0.004, 60500, REDUCE)
    await watches["orders"].until([["sell", 60500.0, 0.0, "open"]])
    await watches["positions"].until([["long", 0.01, 60000.0]], times=2)
    await asyncio.to_thread(move_market, url, "60600")
    await watches["orders"].until([["sell", 60500.0, 0.004, "closed"]])
    await watches["positions"].until([["long", 0.006, 60000.0]])
    await watches["ticker"].until(60600.0)
    await watches["book"].until([50, 50, 60600.0, 60600.0])
    await watches["candles"].until([60000.0, 60600.0, 60000.0, 60600.0])
    await one.create_order(SYMBOL, "market", "sell", 0.006, None, REDUCE)
    await watches["mine"].until([["sell", 0.006, 60600.0]])
    await watches["positions"].until([[None, 0.0, None]])


async def main(url: str, key: str, secret: str) -> None:
    """Watch, and print what was seen."""
    one = client("ccxt.pro", url, key, secret)
    try:
        json.dump(await watch(one, url), sys.stdout)
    finally:
        await close(one)


if __name__ == "__main__":
    asyncio.run(main(*given()))
