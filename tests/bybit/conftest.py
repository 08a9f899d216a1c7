"""A scripted server and exchanges that talk to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.domain.account import Account
from trueup.domain.identity import PositionMode

from .loopback import Loopback

KEY = "AbCdKeyKeyKey00001"
SECRET = "sEcReTsEcReTsEcReTsEcReT000000000001"

SHORT = BybitSettings(
    connect_timeout=timedelta(seconds=2),
    read_timeout=timedelta(milliseconds=300),
    conditional_orders=False,
    rereads=0,
)

Connect = Callable[..., BybitExchange]


class ManualClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """The time as set."""
        return self.time

    def sleep(self, duration: timedelta) -> None:
        """Moves the time."""
        self.time += duration


def account(
    environment: str, *, mode: PositionMode = PositionMode.ONE_WAY, secret: str = SECRET
) -> Account:
    """An account with the tests' keys."""
    return Account(
        name="main",
        api_key=KEY,
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
