"""Two lives of a node: it enters and leaves take-profits resting; then it comes back, and closes.

It runs in nautilus's environment and prints what nautilus saw as JSON: LIFE URL KEY SECRET, where
LIFE is `enter` or `leave`.
"""

import asyncio
import json
import sys
import urllib.request
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from nautilus_trader.adapters.bybit import BYBIT_VENUE
from nautilus_trader.config import StrategyConfig
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.trading.strategy import Strategy

from tests.clients.nautilus.connecting import node_for

INSTRUMENT = InstrumentId.from_str("BTCUSDT-LINEAR.BYBIT")
TAKE_PROFITS = {"0.001": "60500", "0.002": "61000", "0.003": "61500", "0.004": "62000"}
"""What fills in the first life, between the lives, in the second one, and never."""
PATIENCE_S = 40.0
PACE_S = 0.01


class Trader(Strategy):  # type: ignore[misc] # nautilus is not installed here
    """Follows the market, and trades as it is told.

    Its claim to the instrument makes orders its own that a node finds when it starts.
    """

    def __init__(self) -> None:
        super().__init__(StrategyConfig(external_order_claims=[INSTRUMENT]))
        self.bids: list[str] = []
        self.fills: list[list[str]] = []

    def on_start(self) -> None:
        """Subscribe to the market."""
        self.subscribe_quote_ticks(INSTRUMENT)
        self.subscribe_trade_ticks(INSTRUMENT)

    def on_stop(self) -> None:
        """Leave everything as it is."""

    def on_quote_tick(self, tick: Any) -> None:  # noqa: ANN401 - nautilus's types
        """Keep the bid."""
        self.bids.append(str(tick.bid_price))

    def on_order_filled(self, event: Any) -> None:  # noqa: ANN401 - nautilus's types
        """Keep the fill."""
        side = OrderSide(event.order_side).name
        self.fills.append([side, str(event.last_qty), str(event.last_px)])

    def trade(self, side: OrderSide, quantity: str, price: str = "") -> None:
        """Submit a market order, or a limit order; a sell is reduce-only."""
        instrument = self.cache.instrument(INSTRUMENT)
        given = {
            "instrument_id": INSTRUMENT,
            "order_side": side,
            "quantity": instrument.make_qty(Decimal(quantity)),
            "reduce_only": side is OrderSide.SELL,
        }
        make = self.order_factory.market
        if price:
            given["price"] = instrument.make_price(Decimal(price))
            make = self.order_factory.limit
        self.submit_order(make(**given))

    def held(self) -> list[list[str]]:
        """The open positions."""
        return [
            [each.side.name, str(each.quantity), f"{each.avg_px_open:g}"]
            for each in self.cache.positions_open()
        ]

    def resting(self) -> list[list[str]]:
        """The open orders."""
        return sorted(
            [each.side.name, str(each.leaves_qty), str(each.price)]
            for each in self.cache.orders_open()
        )

    def seen(self) -> dict[str, Any]:
        """What nautilus knows of the account."""
        balance = self.portfolio.account(BYBIT_VENUE).balance_total(USDT)
        return {
            "positions": self.held(),
            "orders": self.resting(),
            "balance": str(balance.as_decimal()),
        }


async def until(there: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE_S):
        while not there():  # noqa: ASYNC110 - its cache has no events to wait for
            await asyncio.sleep(PACE_S)


def move_market(url: str, price: str) -> None:
    """Let the market go to a price: what no client can do."""
    body = json.dumps({"symbol": "BTCUSDT", "price": price}).encode()
    request = urllib.request.Request(f"{url}/control/set_price", body)  # noqa: S310 - this machine
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()


async def enter(trader: Trader, url: str) -> dict[str, Any]:
    """Enter, and place take-profits; the first fills."""
    await until(lambda: "60000.0" in trader.bids)
    trader.trade(OrderSide.BUY, "0.010")
    await until(trader.held)
    for quantity, price in TAKE_PROFITS.items():
        trader.trade(OrderSide.SELL, quantity, price)
    await until(lambda: len(trader.resting()) == len(TAKE_PROFITS))
    entered = trader.seen()
    await asyncio.to_thread(move_market, url, "60600")
    await until(lambda: len(trader.resting()) == 3 and len(trader.fills) == 2)
    await until(lambda: "60600.0" in trader.bids)
    return {"entered": entered, "fills": trader.fills}


async def leave(trader: Trader, url: str) -> dict[str, Any]:
    """See what was found, let the next take-profit fill, cancel the last, and close."""
    found = trader.seen()
    await until(lambda: trader.bids)
    await asyncio.to_thread(move_market, url, "61600")
    await until(lambda: len(trader.resting()) == len(trader.fills) == 1)
    trader.cancel_all_orders(INSTRUMENT)
    await until(lambda: not trader.resting())
    trader.trade(OrderSide.SELL, "0.004")
    await until(lambda: not trader.held())
    return {"found": found, "fills": trader.fills}


LIVES: Mapping[str, Callable[[Trader, str], Any]] = {"enter": enter, "leave": leave}


def main(life: str, url: str, key: str, secret: str) -> None:
    """Live, and print what was seen."""
    loop = asyncio.new_event_loop()
    node = node_for(url, key, secret, loop)
    trader = Trader()
    node.trader.add_strategy(trader)
    node.build()

    async def lived() -> dict[str, Any]:
        running = loop.create_task(node.run_async())
        try:
            await until(lambda: trader.is_running)
            told: dict[str, Any] = await LIVES[life](trader, url)
            return {**told, "end": trader.seen()}
        finally:
            await node.stop_async()
            await asyncio.gather(running, return_exceptions=True)

    try:
        told = loop.run_until_complete(lived())
    finally:
        node.dispose()
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
