"""A bot on ccxt and asyncio: it enters by ccxt, trueup exits, and it ends when it is flat.

::

    python bot.py [ADDRESS]
"""

import asyncio
import os
import sys
from decimal import Decimal

import ccxt.async_support as ccxt

from trueup import (
    Account,
    AsyncReconciler,
    Event,
    LevelFilled,
    MonitorKey,
    PositionClosed,
    PositionReduced,
    RuleLadder,
    Stop,
)

PAIR, QUANTITY = "BTC/USDT:USDT", 0.01
LADDER = RuleLadder.of((1, 50), (2, 30), (3, 20))
STOP = Stop.of(percent=2, moving_target=1)
DATABASE = "sqlite:///trueup.db"


class Bot:
    """Trades one position; `held` is its own view of how much of it is open."""

    def __init__(self, address: str, key: str, secret: str) -> None:
        self.account = Account("main", key, secret, environment=address)
        self.exchange = ccxt.bybit({"apiKey": key, "secret": secret})
        self.exchange.urls["api"] = {"public": address, "private": address}
        self.loop = asyncio.get_running_loop()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.held = Decimal(0)

    def happened(self, _monitor: MonitorKey, event: Event) -> None:
        """What trueup calls, in a thread of its own: hand it over to the event loop."""
        self.loop.call_soon_threadsafe(self.events.put_nowait, event)

    async def trade(self) -> None:
        """Enter, unless a position is open already; then follow it until it is flat."""
        try:
            async with AsyncReconciler(DATABASE, accounts=[self.account]) as reconciler:
                await reconciler.start(on_event=self.happened)
                await self.look()
                if not self.held:
                    await self.enter()
                symbol = str(self.exchange.market(PAIR)["id"])
                await reconciler.watch("main", symbol, "Buy", LADDER, stop=STOP)
                while not isinstance(event := await self.events.get(), PositionClosed):
                    await self.follow(event)
                await self.follow(event)
        finally:
            await self.exchange.close()

    async def enter(self) -> None:
        """Your own signal belongs here."""
        await self.exchange.create_order(PAIR, "market", "buy", QUANTITY)
        await self.look()
        self.say(f"entered: {self.held} is held")

    async def follow(self, event: Event) -> None:
        """An event says what has happened; how much is open then is asked of the exchange."""
        match event:
            case LevelFilled():
                said = f"TP{event.level} filled: {event.quantity} at {event.average}"
            case PositionReduced():
                said = f"reduced by {event.before - event.after} ({event.cause})"
            case PositionClosed():
                said = f"closed by {event.cause}: {event.realised.result} earned before fees"
            case _:
                return
        await self.look()
        self.say(f"{said}; {self.held} is held")

    async def look(self) -> None:
        """Ask the exchange how much of the position is open."""
        found = await self.exchange.fetch_positions([PAIR])
        held = sum((Decimal(str(each["contracts"])) for each in found), Decimal(0))
        self.held = held.normalize()

    def say(self, text: str) -> None:
        """Your own log or messenger belongs here."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


async def main() -> None:
    """Trade once."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8480"
    await Bot(address, os.environ["BYBIT_KEY"], os.environ["BYBIT_SECRET"]).trade()


if __name__ == "__main__":
    asyncio.run(main())
