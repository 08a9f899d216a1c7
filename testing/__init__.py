"""Testing tools for bot authors: trueup's real adapter on a simulated exchange.

A test runs in one process, on a virtual clock: no sockets, and a pause takes no time. This module
tests how a bot's ladder follows its fills, and what a lost response does::

    from decimal import Decimal

    import pytest

    from trueup import Ladder, Reconciler
    from trueup.simulator import Fault, FaultKind
    from trueup.testing import ACCOUNT, SYMBOL, UID, in_process_exchange

    pytest_plugins = ["trueup.testing.fixtures"]
    LADDER = Ladder.of(("0.7200", 85), ("0.7400", 15))


    @pytest.fixture
    def reconciler(simulator, tmp_path):
        with Reconciler(
            f"sqlite:///{tmp_path / 'trueup.db'}",
            accounts=[ACCOUNT],
            sinks=[],
            clock=simulator.clock,
            connect=lambda account: in_process_exchange(account, simulator),
        ) as reconciler:
            yield reconciler


    def quantities(simulator):
        return [order.quantity for order in simulator.orders(UID)]


    def test_the_ladder_follows_the_position(simulator, reconciler):
        simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
        monitor = reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", LADDER)
        assert reconciler.reconcile(monitor).is_true
        assert quantities(simulator) == [Decimal("85"), Decimal("15")]
        simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.6900")
        assert reconciler.reconcile(monitor).is_true
        assert quantities(simulator) == [Decimal("170"), Decimal("30")]


    def test_a_lost_response_places_nothing_twice(simulator, reconciler):
        simulator.open_position(UID, SYMBOL, "Buy", "100", price="0.7000")
        simulator.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
        monitor = reconciler.watch(ACCOUNT.name, SYMBOL, "Buy", LADDER)
        assert reconciler.reconcile(monitor).is_true
        assert quantities(simulator) == [Decimal("85"), Decimal("15")]

`trueup.testing.fixtures` has the fixtures, and with ``simulator_server`` a simulator over HTTP and
WebSocket, for bots that talk to Bybit themselves. docs/simulator.md describes the simulator.

What this package exports is public:

- `InProcessSimulator`: a simulator that clients in the same process ask by method calls; it logs
  every `ApiRequest` with its `ApiResponse`.
- `in_process_exchange`: trueup's Bybit adapter connected to such a simulator, through a `Network`
  that a test may watch or act in.
- `SimulatorFeed`: the private stream of a simulator as trueup's live engine receives it.
- `MemoryStore`: a store without a file, with the contract of the SQLite store.
- `UID`, `ACCOUNT`, `SYMBOL`, `PRICE`, `account_at`: the account and the contract of the fixtures.
"""

from .api_messages import ApiRequest, ApiResponse
from .defaults import ACCOUNT, PRICE, SYMBOL, UID, account_at
from .feed import SimulatorFeed
from .in_process import Network, in_process_exchange
from .in_process_simulator import InProcessSimulator
from .memory_store import MemoryStore

__all__ = [
    "ACCOUNT",
    "PRICE",
    "SYMBOL",
    "UID",
    "ApiRequest",
    "ApiResponse",
    "InProcessSimulator",
    "MemoryStore",
    "Network",
    "SimulatorFeed",
    "account_at",
    "in_process_exchange",
]
