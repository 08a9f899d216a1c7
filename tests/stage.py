"""A stage for stories: a simulated exchange over HTTP, the real adapter, a real database.

The clock is the simulator's and moves only when a run waits; ids are counted. A story played
twice therefore writes the same journal.
"""

import json
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

from trueup import Account, Alert, Ladder, Reconciler, Role, RunSettings
from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.notify import CallableSink
from trueup.domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from trueup.domain.model.identity import PositionMode
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import Intent
from trueup.domain.model.observation import OpenPositions, Reading, Unknown
from trueup.domain.model.order import Execution
from trueup.domain.model.outcomes import LookUp, WriteOutcome
from trueup.domain.model.protection import StopCommand, StopIntent
from trueup.domain.ports import Exchange, Moment, WhyHeld, never_held
from trueup.domain.tracking.older_reads import SeqShown
from trueup.domain.venue.exchange_facts import Lateness, LinkIdForm
from trueup.domain.venue.price_range import PriceRange
from trueup.simulator import (
    Behaviour,
    InstrumentSpec,
    Reply,
    Request,
    RequestRecord,
    SimOrder,
    Simulator,
    SimulatorServer,
    VirtualClock,
    sign,
)

START_MS = 1_737_809_937_842
BAND_LADDER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 5), ("0.6000", 5))
UIDS = {"main": "101", "mirror": "202"}
PATIENCE = BybitSettings(connect_timeout=timedelta(seconds=2), read_timeout=timedelta(seconds=1))
SETTINGS = RunSettings(max_requests=80)
"""The default, doubled: where time stands still the adapter makes every read twice."""


class CountedChance:
    """Ids that count up, so that a story reads the same every time."""

    def __init__(self) -> None:
        self._runs = 0
        self._digits = 7431

    def run_id(self) -> str:
        """Gives ``run-1``, then ``run-2``."""
        self._runs += 1
        return f"run-{self._runs}"

    def digits(self) -> int:
        """Gives 7432, then 7433."""
        self._digits += 1
        return self._digits

    def jitter(self) -> Fraction:
        """Always one half."""
        return Fraction(1, 2)


def band_simulator(behaviour: Behaviour | None = None) -> Simulator:
    """Two accounts and BANDUSDT, whose price is above every entry of a short."""
    sim = Simulator(
        clock=VirtualClock(start_ms=START_MS),
        behaviour=behaviour or Behaviour(rate_limits=False, ip_limit=False),
    )
    for name, uid in UIDS.items():
        sim.add_account(uid=uid, api_key=f"{name}-key", api_secret=f"{name}-secret")
    sim.add_instrument(
        InstrumentSpec(
            symbol="BANDUSDT",
            tick="0.0001",
            step="0.1",
            min_quantity="0.1",
            max_quantity="100000",
            min_notional="5",
        ),
        price="0.7000",
    )
    return sim


def accounts(url: str) -> list[Account]:
    """The main account and its mirror, at the simulator."""
    return [
        Account("main", "main-key", "main-secret", environment=url),
        Account(
            "mirror",
            "mirror-key",
            "mirror-secret",
            role=Role.MIRROR,
            follows="main",
            environment=url,
        ),
    ]


class Interrupted:
    """The real adapter, with somebody's hand at the exchange just before a request leaves."""

    def __init__(
        self, exchange: BybitExchange, moments: dict[str, list[Callable[[], object]]]
    ) -> None:
        self._exchange = exchange
        self._moments = moments

    @property
    def account(self) -> str:
        """The account's name."""
        return self._exchange.account

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode."""
        return self._exchange.position_mode

    @property
    def lateness(self) -> Lateness:
        """See the port."""
        return self._exchange.lateness

    @property
    def link_ids(self) -> LinkIdForm:
        """See the port."""
        return self._exchange.link_ids

    @property
    def requests(self) -> int:
        """See the port."""
        return self._exchange.requests

    def observe(self, symbols: Sequence[str]) -> Reading:
        """See the port."""
        self._interrupt("observe")
        return self._exchange.observe(symbols)

    def invalidate(self, symbol: str, reason: str) -> None:
        """See the port."""
        self._exchange.invalidate(symbol, reason)

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
        """See the port."""
        self._exchange.note(symbol, write)

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """See the port."""
        return self._exchange.outdated(symbol, changes, read)

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """See the port."""
        return self._exchange.seq_shown(symbol, index)

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """See the port."""
        return self._exchange.instrument(symbol, since=since)

    def other_kind(self, symbol: str) -> str:
        """See the port."""
        return self._exchange.other_kind(symbol)

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._exchange.place(orders, self._interrupted("place", why_held))

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._exchange.amend(orders, self._interrupted("amend", why_held))

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """See the port."""
        return self._exchange.cancel(orders, self._interrupted("cancel", why_held))

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """See the port."""
        return self._exchange.set_stop(command, self._interrupted("set_stop", why_held))

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """See the port."""
        self._interrupt("look_up")
        return self._exchange.look_up(symbol, order_link_id=order_link_id, order_id=order_id)

    def executions(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """See the port."""
        self._interrupt("executions")
        return self._exchange.executions(symbol, since_ms)

    def price_range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """See the port."""
        self._interrupt("price_range")
        return self._exchange.price_range(symbol, since_ms)

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """See the port."""
        return self._exchange.trades(symbol, order_ids)

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """See the port."""
        self._interrupt("survey")
        return self._exchange.survey(symbols)

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """See the port."""
        self._interrupt("open_positions")
        return self._exchange.open_positions(symbols)

    def close(self) -> None:
        """Closes the connections."""
        self._exchange.close()

    def _interrupted(self, operation: str, why_held: WhyHeld) -> WhyHeld:
        """Lets hands act before the write is held against the present, and after it has passed."""
        self._interrupt(f"decided {operation}")

        def why() -> str:
            reason = why_held()
            if not reason:
                self._interrupt(operation)
            return reason

        return why

    def _interrupt(self, operation: str) -> None:
        waiting = self._moments.get(operation)
        if waiting:
            waiting.pop(0)()


@dataclass
class Stage:
    """Simulator, server and reconciler, opened together."""

    path: Path
    sim: Simulator = field(default_factory=band_simulator)
    settings: RunSettings = SETTINGS
    patience: BybitSettings = PATIENCE
    alerts: list[Alert] = field(default_factory=list)
    moments: dict[str, list[Callable[[], object]]] = field(default_factory=dict)
    prologue: set[str] = field(default_factory=set)
    sets_by_hand: int = 0
    database: str | None = None

    def __enter__(self) -> Self:
        """Serves the simulator and opens the reconciler."""
        self.clock = self.sim.clock
        self.randomness = CountedChance()
        self.server = SimulatorServer(self.sim, port=0)
        self.server.__enter__()
        self.reconciler = self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes both."""
        self.reconciler.close()
        self.server.__exit__(kind, error, trace)

    @property
    def url(self) -> str:
        """The database's."""
        return self.database or f"sqlite:///{self.path / 'trueup.db'}"

    def wipe(self) -> None:
        """Loses the database, which nothing has open."""
        if self.database is None:
            (self.path / "trueup.db").rename(self.path / "lost.db")
            return
        from psycopg import connect  # noqa: PLC0415 - few stages are on PostgreSQL

        with connect(self.database) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")

    def accounts(self) -> list[Account]:
        """The main account and its mirror."""
        return accounts(self.server.url)

    def open(self) -> Reconciler:
        """A reconciler on the stage's database."""
        return Reconciler(
            self.url,
            accounts=self.accounts(),
            settings=self.settings,
            sinks=[CallableSink(self.alerts.append)],
            clock=self.clock,
            randomness=self.randomness,
            connect=self.connect,
        )

    def connect(self, account: Account) -> Exchange:
        """The account's real adapter, on the stage's clock, open to interruptions."""
        real = BybitExchange(account, self.patience, clock=self.clock)
        return Interrupted(real, self.moments)

    def before(self, operation: str, *hands: Callable[[], object]) -> None:
        """Lets each hand act just before the next such request leaves: one hand a request.

        For ``decided place`` and the like it acts after the decision, before the write is held
        against the present.
        """
        self.moments.setdefault(operation, []).extend(hands)

    def order(self, name: str, level: int) -> SimOrder:
        """The account's open order whose id names the level; newest if there are several."""
        own = [o for o in self.sim.orders(UIDS[name]) if f"_TP{level}_" in o.link_id]
        return own[-1]

    def writes(self) -> list[RequestRecord]:
        """Write requests that reached the simulator."""
        return [request for request in self.sim.requests if request.is_write]

    def set_stop_by_hand(self, name: str, price: str, field: str = "stopLoss") -> None:
        """The account's owner sets the stop of the position; "0" removes it."""
        set_stop_by_hand(self.sim.handle, name, price, field)
        self.sets_by_hand += 1


def set_stop_by_hand(
    handle: Callable[[Request], Reply], name: str, price: str, field: str = "stopLoss"
) -> None:
    """An account's owner sets the stop of its position; "0" removes it.

    Args:
        handle: the exchange.
        name: of the account.
        price: that triggers the stop.
        field: which stop of it; of ``trailingStop`` the price is the distance.
    """
    body = {
        "category": "linear",
        "symbol": "BANDUSDT",
        "positionIdx": 0,
        "tpslMode": "Full",
        field: price,
    }
    asked = Request("POST", "/v5/position/trading-stop", body=json.dumps(body).encode())
    signed = sign(asked, f"{name}-key", f"{name}-secret", time.time_ns() // 1_000_000)
    reply = json.loads(handle(signed).body)
    if reply["retCode"]:
        raise ValueError(f"the exchange says: {reply['retMsg']}")
