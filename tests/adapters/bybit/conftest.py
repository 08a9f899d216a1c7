"""A scripted server and exchanges that talk to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.model.identity import PositionMode
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, InstrumentSpec, Simulator, SimulatorServer

from .loopback import Loopback

KEY = "AbCdKeyKeyKey00001"
SECRET = "sEcReTsEcReTsEcReTsEcReT000000000001"

SHORT = BybitSettings(
    connect_timeout=timedelta(seconds=2),
    read_timeout=timedelta(milliseconds=300),
    conditional_orders=False,
    rereads=0,
)

SIMULATED = BybitSettings(
    connect_timeout=timedelta(seconds=2), read_timeout=timedelta(milliseconds=400)
)
UID = "101"
SYMBOL = "BANDUSDT"

Connect = Callable[..., BybitExchange]


class ManualClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """The time as set."""
        return self.time

    def moment(self) -> timedelta:
        """The time as set, since a fixed moment."""
        return self.time - datetime(2024, 1, 1, tzinfo=UTC)

    def sleep(self, duration: timedelta) -> None:
        """Moves the time."""
        self.time += duration


def account(
    environment: str,
    *,
    mode: PositionMode = PositionMode.ONE_WAY,
    key: str = KEY,
    secret: str = SECRET,
) -> Account:
    """An account with the tests' keys."""
    return Account(
        name="main",
        api_key=key,
        api_secret=secret,
        environment=environment,
        position_mode=mode,
    )


@pytest.fixture
def server() -> Iterator[Loopback]:
    """A server that answers what the test scripts."""
    with Loopback() as loopback:
        yield loopback


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands."""
    return ManualClock()


@pytest.fixture
def connect(clock: ManualClock) -> Iterator[Connect]:
    """Makes exchanges, and closes them."""
    made: list[BybitExchange] = []

    def make(environment: str, settings: BybitSettings = SHORT) -> BybitExchange:
        exchange = BybitExchange(account(environment), settings, clock=clock)
        made.append(exchange)
        return exchange

    yield make
    for exchange in made:
        exchange.close()


@pytest.fixture
def exchange(server: Loopback, connect: Connect) -> BybitExchange:
    """An exchange that talks to the scripted server."""
    return connect(server.url)


@pytest.fixture
def sim() -> Simulator:
    """An exchange with three contracts and one account."""
    behaviour = Behaviour(rate_limits=False, ip_limit=False)
    simulator = Simulator(behaviour=behaviour)
    simulator.add_account(uid=UID, api_key=KEY, api_secret=SECRET)
    for symbol in (SYMBOL, "AUSDT", "CUSDT", "DUSDT"):
        simulator.add_instrument(
            InstrumentSpec(
                symbol=symbol, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
            ),
            price="0.7000",
        )
    return simulator


@pytest.fixture
def attach(sim: Simulator) -> Iterator[Connect]:
    """Serves the simulator; makes exchanges that talk to it."""
    made: list[BybitExchange] = []
    with SimulatorServer(sim) as server:

        def make(
            settings: BybitSettings = SIMULATED,
            mode: PositionMode = PositionMode.ONE_WAY,
            key: str = KEY,
            secret: str = SECRET,
        ) -> BybitExchange:
            own = account(server.url, mode=mode, key=key, secret=secret)
            exchange = BybitExchange(own, settings, clock=sim.clock)
            made.append(exchange)
            return exchange

        yield make
        for exchange in made:
            exchange.close()


@pytest.fixture
def simulated(attach: Connect) -> BybitExchange:
    """An exchange that talks to the simulator."""
    return attach()
