"""Fixtures: an exchange with a main and a mirror account, and a desk to command from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.simulator import Behaviour, InstrumentSpec, Simulator, SimulatorServer

from .desk import KEYS, MAIN, MIRROR, SYMBOL, Desk


def build() -> Simulator:
    """A contract at 0.70, and two longs without any TP order."""
    sim = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    sim.add_instrument(
        InstrumentSpec(
            symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        ),
        price="0.7000",
    )
    for uid, name, size in ((MAIN, "MAIN", "1000"), (MIRROR, "MIRROR", "400")):
        sim.add_account(uid=uid, api_key=KEYS[f"{name}_KEY"], api_secret=KEYS[f"{name}_SECRET"])
        sim.open_position(uid, SYMBOL, "Buy", size, "0.6950")
    return sim


@pytest.fixture
def sim() -> Simulator:
    """The test's exchange."""
    return build()


@pytest.fixture
def desk(tmp_path: Path, sim: Simulator) -> Iterator[Desk]:
    """A desk on the test's exchange, served over HTTP."""
    with SimulatorServer(sim) as server:
        made = Desk(tmp_path, server.url)
        yield made
        made.clear()


@pytest.fixture
def lone(tmp_path: Path) -> Desk:
    """A desk whose exchange does not answer."""
    return Desk(tmp_path)
