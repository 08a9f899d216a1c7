"""pytest fixtures for bot authors: a simulated exchange in memory, or served on loopback.

Enable them in a test module or in conftest.py::

    pytest_plugins = ["trueup.testing.fixtures"]

Both exchanges have one account and one contract: `UID`, `ACCOUNT`, `SYMBOL` and `PRICE` of
`trueup.testing`. Rate limits are off. Time is virtual: it moves when a run waits, and when a test
calls ``clock.advance``.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ..simulator import Behaviour, Simulator
from .defaults import add_defaults
from .in_process_simulator import InProcessSimulator

if TYPE_CHECKING:
    from ..simulator import SimulatorServer

_BEHAVIOUR = Behaviour(rate_limits=False, ip_limit=False)


@pytest.fixture
def simulator() -> InProcessSimulator:
    """An exchange in memory, for clients in the same process."""
    made = InProcessSimulator(behaviour=_BEHAVIOUR)
    add_defaults(made)
    return made


@pytest.fixture
def simulator_server() -> Iterator["SimulatorServer"]:
    """An exchange over HTTP and WebSocket on loopback, for bots that talk to Bybit themselves.

    Its simulator is ``simulator_server.sim``, its addresses are ``url`` and ``stream_url``;
    `trueup.testing.account_at` gives the account for a `Reconciler`. A test that uses it is skipped
    where the extra ``trueup[simulator]`` is not installed.
    """
    for module in ("starlette", "uvicorn"):
        pytest.importorskip(module, reason="needs: pip install 'trueup[simulator]'")
    from ..simulator import SimulatorServer  # noqa: PLC0415 - needs the extra

    made = Simulator(behaviour=_BEHAVIOUR)
    add_defaults(made)
    with SimulatorServer(made) as server:
        yield server
