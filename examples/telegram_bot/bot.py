"""A Telegram bot on its own event loop: it enters on /open, trueup exits and reports each fill.

::

    python bot.py [ADDRESS]
"""

import asyncio
import logging
import os
import sys
from contextlib import AsyncExitStack
from decimal import Decimal

from pybit.unified_trading import HTTP
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, CommandHandler, ContextTypes, filters

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

SYMBOL, QUANTITY = "BTCUSDT", "0.01"
LADDER = RuleLadder.of((1, 50), (2, 30), (3, 20))
STOP = Stop.of(percent=2, moving_target=1)
DATABASE = "sqlite:///trueup.db"

logger = logging.getLogger(__name__)


class Bot:
    """One position on command; `held` is the bot's own view of how much of it is open."""

    def __init__(self, address: str, key: str, secret: str, chat: int) -> None:
        self.account = Account("main", key, secret, environment=address)
        self.http = HTTP(api_key=key, api_secret=secret)
        self.http.endpoint = address
        self.held = Decimal(0)
        self.chat = chat
        self.until_the_end = AsyncExitStack()

    async def begin(self, application: Application) -> None:
        """Start trueup in the loop of python-telegram-bot, before the first command arrives."""
        self.loop = asyncio.get_running_loop()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        opened = AsyncReconciler(DATABASE, accounts=[self.account])
        self.reconciler = await self.until_the_end.enter_async_context(opened)
        await self.reconciler.start(on_event=self.happened)
        await self.look()
        self.teller = asyncio.create_task(self.tell(application))

    async def end(self, _application: Application) -> None:
        """Stop trueup; what rests at the exchange stays there."""
        await self.until_the_end.aclose()
        self.teller.cancel()

    def happened(self, _monitor: MonitorKey, event: Event) -> None:
        """What trueup calls, in a thread of its own: hand it over to the event loop."""
        self.loop.call_soon_threadsafe(self.events.put_nowait, event)

    async def open(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """/open: enter, and hand the position over to trueup."""
        await self.look()
        if self.held:
            await update.message.reply_text(f"open already: {self.held} is held")
            return
        await asyncio.to_thread(
            self.http.place_order,
            category="linear",
            symbol=SYMBOL,
            side="Buy",
            orderType="Market",
            qty=QUANTITY,
        )
        await self.reconciler.watch("main", SYMBOL, "Buy", LADDER, stop=STOP)
        await self.look()
        await update.message.reply_text(f"entered: {self.held} is held")

    async def status(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """/status: what the bot holds, by its own view."""
        await update.message.reply_text(f"{self.held} is held")

    async def tell(self, application: Application) -> None:
        """Send a message for each event; a Telegram that is away ends nothing."""
        while True:
            event = await self.events.get()
            try:
                if text := await self.follow(event):
                    await application.bot.send_message(self.chat, text)
            except TelegramError:
                logger.exception("Telegram has not taken a message")

    async def follow(self, event: Event) -> str:
        """An event says what has happened; how much is open then is asked of the exchange."""
        match event:
            case LevelFilled():
                said = f"TP{event.level} filled: {event.quantity} at {event.average}"
            case PositionReduced():
                said = f"reduced by {event.before - event.after} ({event.cause})"
            case PositionClosed():
                said = f"closed by {event.cause}: {event.realised.result} earned before fees"
            case _:
                return ""
        await self.look()
        return f"{said}; {self.held} is held"

    async def look(self) -> None:
        """Ask the exchange how much of the position is open; the loop goes on meanwhile."""
        answer = await asyncio.to_thread(self.http.get_positions, category="linear", symbol=SYMBOL)
        self.held = Decimal(answer["result"]["list"][0]["size"]).normalize()


def main() -> None:
    """Serve commands of one chat until SIGINT or SIGTERM."""
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8480"
    chat = int(os.environ["TELEGRAM_CHAT"])
    bot = Bot(address, os.environ["BYBIT_KEY"], os.environ["BYBIT_SECRET"], chat)
    application = (
        Application.builder()
        .token(os.environ["TELEGRAM_TOKEN"])
        .base_url(os.environ.get("TELEGRAM_URL", "https://api.telegram.org/bot"))
        .post_init(bot.begin)
        .post_stop(bot.end)
        .build()
    )
    for name, command in (("open", bot.open), ("status", bot.status)):
        application.add_handler(CommandHandler(name, command, filters.Chat(chat)))
    application.run_polling()


if __name__ == "__main__":
    main()
