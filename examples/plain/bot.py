"""A bot of plain Python: it enters by pybit, trueup exits, and it ends when it is flat.

::

    python bot.py [ADDRESS]
"""

import os
import sys
from decimal import Decimal
from queue import SimpleQueue

from pybit.unified_trading import HTTP

from trueup import (
    Account,
    Event,
    LevelFilled,
    MonitorKey,
    PositionClosed,
    PositionReduced,
    Reconciler,
    RuleLadder,
    Stop,
)

SYMBOL, QUANTITY = "BTCUSDT", "0.01"
LADDER = RuleLadder.of((1, 50), (2, 30), (3, 20))
STOP = Stop.of(percent=2, moving_target=1)
DATABASE = "sqlite:///trueup.db"


class Bot:
    """Trades one position; `held` is its own view of how much of it is open."""

    def __init__(self, address: str, key: str, secret: str) -> None:
        self.account = Account("main", key, secret, environment=address)
        self.http = HTTP(api_key=key, api_secret=secret)
        self.http.endpoint = address
        self.events: SimpleQueue[Event] = SimpleQueue()
        self.held = Decimal(0)

    def happened(self, _monitor: MonitorKey, event: Event) -> None:
        """What trueup calls, in a thread of its own: hand it over, and return soon."""
        self.events.put(event)

    def trade(self) -> None:
        """Enter, unless a position is open already; then follow it until it is flat."""
        with Reconciler(DATABASE, accounts=[self.account]) as reconciler:
            reconciler.start(on_event=self.happened)
            self.look()
            if not self.held:
                self.enter()
            reconciler.watch("main", SYMBOL, "Buy", LADDER, stop=STOP)
            while not isinstance(event := self.events.get(), PositionClosed):
                self.follow(event)
            self.follow(event)

    def enter(self) -> None:
        """Your own signal belongs here."""
        self.http.place_order(
            category="linear", symbol=SYMBOL, side="Buy", orderType="Market", qty=QUANTITY
        )
        self.look()
        self.say(f"entered: {self.held} is held")

    def follow(self, event: Event) -> None:
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
        self.look()
        self.say(f"{said}; {self.held} is held")

    def look(self) -> None:
        """Ask the exchange how much of the position is open."""
        answer = self.http.get_positions(category="linear", symbol=SYMBOL)
        self.held = Decimal(answer["result"]["list"][0]["size"]).normalize()

    def say(self, text: str) -> None:
        """Your own log or messenger belongs here."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8480"
    Bot(given, os.environ["BYBIT_KEY"], os.environ["BYBIT_SECRET"]).trade()
