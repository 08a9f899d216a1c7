"""Where jobs are measured: a simulated exchange over HTTP, with a position and its ladder."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from pybit.unified_trading import HTTP

from trueup import Account, Ladder, MonitorRecord, Reconciler, Role, Side
from trueup.adapters.bybit import BybitExchange
from trueup.adapters.notify import CallableSink
from trueup.domain.model.stop import Stop
from trueup.simulator import (
    Behaviour,
    InstrumentSpec,
    Reply,
    Request,
    RequestRecord,
    Simulator,
    SimulatorServer,
)

UID, KEY, SECRET = "202", "mirror-key", "mirror-secret"
SYMBOL, SIDE = "BANDUSDT", Side.SELL
PRICES = ("0.6528", "0.6400", "0.6200", "0.6000")
SHARES = (85, 5, 5, 5)
STEP = Decimal("0.1")
BEFORE, AFTER = Decimal("307.3"), Decimal("921.9")
ROUND_TRIP_MS = 100


class MeteredSimulator(Simulator):
    """A simulator to which every request takes a round trip of virtual time.

    Attributes:
        served_by: the clock of the CPU time of the thread that served the last request.
        watchers: called after every request.
    """

    def __init__(self) -> None:
        super().__init__(behaviour=Behaviour(rate_limits=False, ip_limit=False))
        self.served_by: int | None = None
        self.watchers: list[Callable[[], None]] = []

    def handle(self, request: Request) -> Reply:
        """Answers the request, a round trip later."""
        self.clock.advance(ROUND_TRIP_MS)
        reply = super().handle(request)
        for watcher in self.watchers:
            watcher()
        self.served_by = time.pthread_getcpuclockid(threading.get_ident())
        return reply


@dataclass(frozen=True, slots=True)
class World:
    """A served exchange, and a folder for databases."""

    sim: MeteredSimulator
    url: str
    folder: Path

    def hold(self, size: Decimal) -> None:
        """Sets the mirror's short position to this size: what fills do, without their orders."""
        self.sim.set_position(UID, SYMBOL, SIDE, size, "0.6800")

    def server_cpu(self) -> int:
        """CPU nanoseconds of the simulator up to now, and so what it did after a reply, too."""
        clock = self.sim.served_by
        return 0 if clock is None else time.clock_gettime_ns(clock)

    def requests_since(self, count: int) -> list[RequestRecord]:
        """The requests after the first ``count``."""
        return self.sim.requests[count:]


@contextmanager
def world() -> Iterator[World]:
    """Makes an exchange with the mirror's position at its first size."""
    sim = MeteredSimulator()
    sim.add_account(uid=UID, api_key=KEY, api_secret=SECRET)
    band = InstrumentSpec(
        symbol=SYMBOL, tick="0.0001", step=str(STEP), min_quantity="0.1", max_quantity="100000"
    )
    sim.add_instrument(band, price="0.7000")
    with TemporaryDirectory() as folder, SimulatorServer(sim) as server:
        made = World(sim, server.url, Path(folder))
        made.hold(BEFORE)
        yield made


@contextmanager
def trueup(place: World, stop: Stop | None = None) -> Iterator[tuple[Reconciler, MonitorRecord]]:
    """Opens trueup with its defaults, on the exchange's clock, with ladder and stop in place."""
    accounts = (
        Account("main", "main-key", "main-secret", environment=place.url),
        Account("mirror", KEY, SECRET, role=Role.MIRROR, follows="main", environment=place.url),
    )
    with Reconciler(
        f"sqlite:///{place.folder / 'trueup.db'}",
        accounts=accounts,
        clock=place.sim.clock,
        sinks=[CallableSink(lambda _: None)],
        connect=lambda account: BybitExchange(account, clock=place.sim.clock),
    ) as reconciler:
        ladder = Ladder.of(*zip(PRICES, SHARES, strict=True))
        monitor = reconciler.watch("mirror", SYMBOL, SIDE, ladder, stop=stop)
        reconciler.reconcile(monitor)
        yield reconciler, monitor


@contextmanager
def pybit(place: World) -> Iterator[HTTP]:
    """Opens pybit alone; like trueup's it looks for no proxies, which would cost CPU."""
    http = HTTP(api_key=KEY, api_secret=SECRET)
    http.endpoint = place.url
    http.client.trust_env = False
    try:
        yield http
    finally:
        http.client.close()
