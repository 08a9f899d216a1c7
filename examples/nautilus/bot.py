"""A nautilus_trader node: a strategy enters, an actor beside it hands positions over to trueup.

::

    python bot.py [ADDRESS]
"""

import asyncio
import os
import sys
from typing import Any

from nautilus_trader.adapters.bybit import (
    BYBIT,
    BybitDataClientConfig,
    BybitExecClientConfig,
    BybitLiveExecClientFactory,
    BybitProductType,
)
from nautilus_trader.common.actor import Actor
from nautilus_trader.config import (
    ActorConfig,
    InstrumentProviderConfig,
    LoggingConfig,
    StrategyConfig,
    TradingNodeConfig,
)
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.enums import OrderSide, PositionSide
from nautilus_trader.model.events import PositionEvent, PositionOpened
from nautilus_trader.model.identifiers import InstrumentId
from nautilus_trader.model.position import Position
from nautilus_trader.trading.strategy import Strategy
from simulated import data_clients

from trueup import (
    Account,
    Event,
    LevelFilled,
    MonitorKey,
    PositionClosed,
    Reconciler,
    RuleLadder,
    Stop,
    StopForm,
)

INSTRUMENT, QUANTITY = InstrumentId.from_str("BTCUSDT-LINEAR.BYBIT"), "0.01"
LADDER = RuleLadder.of((1, 50), (2, 30), (3, 20))
STOP = Stop.of(percent=2, moving_target=1, form=StopForm.ORDER)
DATABASE = "sqlite:///trueup.db"
TOPIC = "trueup.events"


class TrueupConfig(ActorConfig, frozen=True):
    """Where trueup trades; its keys are in the environment."""

    environment: str


class TrueupActor(Actor):
    """Gives every position of the node a ladder and a stop, and publishes what becomes of it."""

    def on_start(self) -> None:
        """Start trueup beside the node, on the same account."""
        self.loop = asyncio.get_running_loop()
        key, secret = os.environ["BYBIT_KEY"], os.environ["BYBIT_SECRET"]
        account = Account("main", key, secret, environment=self.config.environment)
        self.reconciler = Reconciler(DATABASE, accounts=[account])
        self.reconciler.start(on_event=self.happened)
        self.msgbus.subscribe("events.position.*", self.on_position)
        for position in self.cache.positions_open():
            self.watch(position)

    def on_stop(self) -> None:
        """Stop trueup; what rests at the exchange stays there."""
        self.reconciler.close()

    def on_position(self, event: PositionEvent) -> None:
        """A position has opened: from here on trueup keeps its ladder and its stop."""
        if isinstance(event, PositionOpened):
            self.watch(event)

    def watch(self, position: Position | PositionOpened) -> None:
        """Hand a position over, without holding up the node."""
        symbol = self.cache.instrument(position.instrument_id).raw_symbol.value
        side = "Buy" if position.side is PositionSide.LONG else "Sell"
        asked = ("main", symbol, side, LADDER)
        self.run_in_executor(self.reconciler.watch, asked, {"stop": STOP})

    def happened(self, monitor: MonitorKey, event: Event) -> None:
        """What trueup calls, in a thread of its own: publish it in the node's."""
        self.loop.call_soon_threadsafe(self.msgbus.publish, TOPIC, (monitor, event))


class Entering(Strategy):
    """Buys once; put your own signal in its place. Its view is nautilus's own portfolio."""

    def on_start(self) -> None:
        """Enter, unless a position is open already."""
        self.msgbus.subscribe(TOPIC, self.happened)
        if self.portfolio.is_flat(INSTRUMENT):
            quantity = self.cache.instrument(INSTRUMENT).make_qty(QUANTITY)
            self.submit_order(self.order_factory.market(INSTRUMENT, OrderSide.BUY, quantity))
        else:
            self.say_held()

    def on_stop(self) -> None:
        """Leave everything as it is."""

    def happened(self, told: tuple[MonitorKey, Event]) -> None:
        """What trueup has reported."""
        match told[1]:
            case LevelFilled() as event:
                self.say(f"TP{event.level} filled: {event.quantity} at {event.average}")
            case PositionClosed() as event:
                self.say(f"closed by {event.cause}: {event.realised.result} earned before fees")

    def on_position_event(self, _event: PositionEvent) -> None:
        """What nautilus itself has seen: the fills come to it by its own private stream."""
        self.say_held()

    def say_held(self) -> None:
        """How much is open, by nautilus's portfolio."""
        self.say(f"{self.portfolio.net_position(INSTRUMENT).normalize()} is held")

    def say(self, text: str) -> None:
        """Your own log or messenger belongs here."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def node(address: str) -> Any:
    """A node with Bybit's clients, the strategy, and the actor beside it."""
    streams = f"{address.replace('http', 'ws', 1)}/v5"
    common = {
        "api_key": os.environ["BYBIT_KEY"],
        "api_secret": os.environ["BYBIT_SECRET"],
        "base_url_http": address,
        "product_types": [BybitProductType.LINEAR],
        "instrument_provider": InstrumentProviderConfig(load_all=True),
    }
    config = TradingNodeConfig(
        logging=LoggingConfig(log_level="ERROR"),
        data_clients={BYBIT: BybitDataClientConfig(**common)},
        exec_clients={
            BYBIT: BybitExecClientConfig(base_url_ws_private=f"{streams}/private", **common)
        },
        timeout_post_stop=0.1,  # it leaves its orders resting: there is nothing to wait for
    )
    made = TradingNode(config=config)
    made.add_data_client_factory(BYBIT, data_clients(f"{streams}/public/linear"))
    made.add_exec_client_factory(BYBIT, BybitLiveExecClientFactory)
    # The claim makes orders the strategy's that trueup has placed, and so their fills.
    made.trader.add_strategy(Entering(StrategyConfig(external_order_claims=[INSTRUMENT])))
    made.trader.add_actor(TrueupActor(TrueupConfig(environment=address)))
    made.build()
    return made


def main() -> None:
    """Trade until SIGINT or SIGTERM."""
    running = node(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8480")
    try:
        running.run()
    finally:
        running.dispose()


if __name__ == "__main__":
    main()
