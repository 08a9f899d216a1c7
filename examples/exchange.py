"""The simulated exchange that the examples run against, in place of Bybit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trueup import Account, Role
from trueup.simulator import Simulator, SimulatorServer, load_scenario

SCENARIO = Path(__file__).parents[1] / "fixtures" / "scenarios" / "band.toml"
MAIN, MIRROR = "101", "202"


@contextmanager
def exchange() -> Iterator[tuple[Simulator, str]]:
    """A simulator with two longs on BANDUSDT, and the URL at which it is served."""
    sim = load_scenario(SCENARIO)
    with SimulatorServer(sim, follow_wall=True) as server:
        yield sim, server.url


def accounts(url: str) -> tuple[Account, Account]:
    """The scenario's accounts. A real bot takes keys from its environment."""
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
    """The market comes to the mirror's resting entry: its long grows."""
    entry = next(order for order in sim.orders(MIRROR) if "ENTRY" in order.link_id)
    sim.fill(MIRROR, entry.order_id)
