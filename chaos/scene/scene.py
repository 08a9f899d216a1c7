"""The scene of a history: accounts, contracts, monitors and how the exchange behaves."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.ladder import Ladder, Level
from trueup.domain.model.stop import Stop
from trueup.domain.venue.account import Account
from trueup.domain.venue.exchange_facts import Lateness
from trueup.simulator import Behaviour, InstrumentSpec


@dataclass(frozen=True, slots=True)
class WatchedMonitor:
    """One monitor of the scene.

    Attributes:
        ladder: given when the monitor is put under watch; None if trueup has to recover one.
        size: of its position at the start.
        levels: where its orders would rest, whether or not the ladder is given.
        left_over: quantities of an earlier bot's TP orders that rest at the start, by level.
        stop: given with it; None for none.
    """

    key: MonitorKey
    ladder: Ladder | None
    size: Decimal
    levels: tuple[Level, ...]
    left_over: tuple[Decimal, ...] = ()
    stop: Stop | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that is there before anything happens.

    Attributes:
        instruments: the contracts, each with its price at the start.
        latency_ms: how long a request travels, and its reply.
        order_page: how many orders the engine asks for at a time.
        batch_size: how many orders the engine sends in one request.
        conditional_orders: whether the engine also reads conditional orders.
        is_live: whether the engine runs by itself, on private streams.
        asks_key: whether the exchange can be asked whose an API key is; else it says nothing.
        twin: a second name for the UID of the first account, with a key of its own. It watches
            what the first account watches, and is no account of the exchange.
        late_seconds: how late the engine is told that requests and reads may be; None where it is
            told nothing.
        callbacks_raise: whether the callbacks of the bot that runs a live engine raise.
        has_slow_sink: whether there is a second sink, which may be slow.
        beyond_market: what the engine is told to do with a level whose price the market has passed.
        adopts_stops: whether a monitor without a stop keeps the one that rests.
    """

    accounts: tuple[Account, ...]
    instruments: tuple[tuple[InstrumentSpec, Decimal], ...]
    monitors: tuple[WatchedMonitor, ...]
    behaviour: Behaviour
    latency_ms: int
    order_page: int
    batch_size: int
    conditional_orders: bool
    is_live: bool = False
    asks_key: bool = False
    twin: Account | None = None
    late_seconds: int | None = None
    callbacks_raise: bool = False
    has_slow_sink: bool = False
    beyond_market: str = "fill"
    adopts_stops: bool = False

    @property
    def lateness(self) -> Lateness:
        """How late the engine believes that requests and reads may be."""
        if self.late_seconds is None:
            return Lateness()
        late = timedelta(seconds=self.late_seconds)
        return Lateness(late, late)

    @property
    def twins(self) -> tuple[WatchedMonitor, ...]:
        """The monitors of the first account under the second name; none without one."""
        twin = self.twin
        if twin is None:
            return ()
        return tuple(
            replace(watched, key=replace(watched.key, account=twin.name), left_over=())
            for watched in self.monitors
            if watched.key.account == self.accounts[0].name
        )

    def account(self, name: str) -> Account:
        """The account of that name."""
        return next(account for account in self.accounts if account.name == name)

    def spec(self, symbol: str) -> InstrumentSpec:
        """The contract of that symbol."""
        return next(spec for spec, _ in self.instruments if spec.symbol == symbol)

    def base_price(self, symbol: str) -> Decimal:
        """The price of the symbol at the start; every entry fills at this price."""
        return next(price for spec, price in self.instruments if spec.symbol == symbol)
