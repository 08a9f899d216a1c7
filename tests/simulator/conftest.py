"""Fixtures: an exchange with one contract and two accounts, a caller, and the real pybit."""

from collections.abc import Iterator

import pytest
from pybit.unified_trading import HTTP

from trueup.simulator import Behaviour, InstrumentSpec, Simulator, SimulatorServer, VirtualClock

from .caller import SYMBOL, WALL_MS, Caller

START_MS = 1_737_809_937_000


def band(symbol: str = SYMBOL) -> InstrumentSpec:
    return InstrumentSpec(
        symbol=symbol,
        tick="0.0001",
        step="0.1",
        min_quantity="0.1",
        max_quantity="100000",
        max_market_quantity="40000",
        min_notional="5",
    )


def build(wall_ms: int | None = WALL_MS) -> Simulator:
    behaviour = Behaviour(rate_limits=False, ip_limit=False)
    clock = VirtualClock(START_MS)
    if wall_ms is None:
        sim = Simulator(clock=clock, behaviour=behaviour)
    else:
        sim = Simulator(clock=clock, behaviour=behaviour, wall=lambda: wall_ms)
    sim.add_account(uid="101", api_key="key-101", api_secret="secret-101")
    sim.add_account(uid="202", api_key="key-202", api_secret="secret-202", hedge=True)
    sim.add_instrument(band(), price="0.7000")
    return sim


@pytest.fixture
def sim() -> Simulator:
    """An exchange whose wall clock stands still too."""
    return build()


@pytest.fixture
def caller(sim: Simulator) -> Caller:
    """The client of account 101, one-way."""
    return Caller(sim)


@pytest.fixture
def hedger(sim: Simulator) -> Caller:
    """The client of account 202, hedge mode."""
    return Caller(sim, "202")


@pytest.fixture
def served() -> Iterator[SimulatorServer]:
    """An exchange behind HTTP, on real time where signatures are concerned."""
    with SimulatorServer(build(wall_ms=None)) as server:
        yield server


@pytest.fixture
def pybit(served: SimulatorServer) -> Iterator[HTTP]:
    """The real client of account 101, its own retries switched off."""
    http = HTTP(
        api_key="key-101",
        api_secret="secret-101",
        timeout=0.5,
        retry_codes={-1},
        force_retry=False,
        max_retries=1,
        return_response_headers=True,
    )
    http.endpoint = served.url
    http.client.trust_env = False
    yield http
    http.client.close()
