"""The simulated exchange that the examples use in place of Bybit."""

from collections.abc import Iterator
from contextlib import contextmanager

from trueup import Account, Role
from trueup.simulator import Simulator, SimulatorServer, load_scenario, scenarios

SCENARIO = scenarios()["band"]
MAIN, MIRROR = "101", "202"


@contextmanager
def exchange() -> Iterator[tuple[Simulator, str]]:
    """Serve a simulator with two longs on BANDUSDT; yields the simulator and its URL."""
    sim = load_scenario(SCENARIO)
    with SimulatorServer(sim, follow_wall=True) as server:
        yield sim, server.url


def accounts(url: str) -> tuple[Account, Account]:
    """The accounts of the scenario. A real bot reads its keys from the environment."""
    return (
        Account("main", "main-key", "main-secret", environment=url),
        Account(
            "mirror",
            "mirror-key",
            "mirror-secret",
            role=Role.MIRROR,
            follows="main",
            environment=url,
        ),
    )


def fill_entry(sim: Simulator) -> None:
    """Fill the mirror's resting entry: its long grows."""
    entry = next(order for order in sim.orders(MIRROR) if "ENTRY" in order.link_id)
    sim.fill(MIRROR, entry.order_id)
