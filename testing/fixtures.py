"""pytest fixtures for bot authors: a simulated exchange in memory, or served on loopback.

Enable them in a test module or in conftest.py::

    pytest_plugins = ["trueup.testing.fixtures"]

Both exchanges have one account (`UID`, with the keys of `ACCOUNT`) and one contract (`SYMBOL` at
`PRICE`, with tick 0.0001 and step 0.1). Rate limits are off. Time is virtual: it moves when a run
waits, and when a test calls ``clock.advance``.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ..domain.model.account import Account
from ..simulator import Behaviour, InstrumentSpec, Simulator
from .in_process_simulator import InProcessSimulator

if TYPE_CHECKING:
    from ..simulator import SimulatorServer

UID = "101"
SYMBOL = "BANDUSDT"
PRICE = "0.7000"
ACCOUNT = Account("main", "main-key", "main-secret")
"""The account as a `Reconciler` takes it, for the exchange in memory."""


@pytest.fixture
def simulator() -> InProcessSimulator:
    """An exchange in memory, for clients in the same process."""
    made = InProcessSimulator(behaviour=_BEHAVIOUR)
    _set_up(made)
    return made


@pytest.fixture
def simulator_server() -> Iterator["SimulatorServer"]:
    """An exchange over HTTP and WebSocket on loopback, for bots that talk to Bybit themselves.

    Its simulator is ``simulator_server.sim``, its addresses are ``url`` and ``stream_url``;
    `account_at` gives the account for a `Reconciler`. A test is skipped where the extra
    ``trueup[simulator]`` is not installed.
    """
    for module in ("starlette", "uvicorn", "websockets"):
        pytest.importorskip(module, reason="needs: pip install 'trueup[simulator]'")
    from ..simulator import SimulatorServer  # noqa: PLC0415 - needs the extra

    made = Simulator(behaviour=_BEHAVIOUR)
    _set_up(made)
    with SimulatorServer(made) as server:
        yield server


def account_at(url: str) -> Account:
    """The account for an exchange that is served at a URL."""
    return replace(ACCOUNT, environment=url)


_BEHAVIOUR = Behaviour(rate_limits=False, ip_limit=False)


def _set_up(simulator: Simulator) -> None:
    simulator.add_account(uid=UID, api_key=ACCOUNT.api_key, api_secret=ACCOUNT.api_secret)
    simulator.add_instrument(
        InstrumentSpec(
            symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        ),
        price=PRICE,
    )
