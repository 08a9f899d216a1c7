"""Under a lease no write leaves that the exchange might accept after the lease's end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from trueup import Account, Lateness
from trueup.adapters.bybit import BybitExchange, BybitSettings
from trueup.adapters.bybit.rest.connection import Connection
from trueup.adapters.bybit.rest.lease_gate import LeaseGate
from trueup.adapters.bybit.wire.clock import elapsed_ms
from trueup.domain.model.commands import CancelOrder
from trueup.domain.model.outcomes import Accepted, Held
from trueup.domain.model.protection import PositionStop, SetStop
from trueup.domain.model.stop import TriggerBy
from trueup.simulator import Simulator, SimulatorServer, VirtualClock
from trueup.testing import InProcessSimulator, Network
from trueup.testing.in_process import InProcessConnection

from ..conftest import KEY, SECRET, SIMULATED, SYMBOL, UID, account
from ..ladder import take_profit
from ..transport.ways import BLOCKING, WAYS, Way

WINDOW = timedelta(seconds=3)
LEASED = replace(SIMULATED, lateness=Lateness(requests=WINDOW))
MARGIN_MS = 250
START_MS = 1_737_809_937_842


class SetLease:
    """A lease that ends when the test says so.

    Attributes:
        left: how long it lasts from now on.
    """

    def __init__(self, left: timedelta) -> None:
        self.left = left

    def end(self) -> timedelta:
        """When it ends."""
        return timedelta(milliseconds=elapsed_ms()) + self.left


class Halted(Connection):
    """A connection whose process may stand still just before it signs.

    Attributes:
        before: called before a request is signed.
    """

    def __init__(self, account: Account, settings: BybitSettings) -> None:
        super().__init__(account, settings)
        self.before: Callable[[], object] = lambda: None

    def _corrected(self, payload: str | bytes, recv_window: int) -> dict[str, str]:
        self.before()
        return super()._corrected(payload, recv_window)


@contextmanager
def leased(
    sim: Simulator, lease: SetLease, way: Way = BLOCKING
) -> Iterator[tuple[BybitExchange, Halted]]:
    """An exchange under a lease that has read once, and its connection."""
    made: list[Halted] = []

    def connect(account: Account, settings: BybitSettings) -> Connection:
        made.append(Halted(account, settings))
        return made[0]

    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    with SimulatorServer(sim) as server:
        exchange = BybitExchange(
            account(server.url),
            replace(LEASED, transport=way.transport),
            clock=sim.clock,
            connect=connect,
            lease_end=lease.end,
        )
        exchange.observe([SYMBOL])
        yield exchange, made[0]
        exchange.close()


def writes(sim: Simulator) -> int:
    """How many writes have reached the exchange."""
    return sum(request.is_write for request in sim.requests)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_write_leaves_if_the_lease_outlives_its_window(sim: Simulator, way: Way) -> None:
    lease = SetLease(WINDOW + timedelta(seconds=2))
    with leased(sim, lease, way) as (exchange, _), way.caller() as call:
        assert isinstance(call(lambda: exchange.place([take_profit()]))[0], Accepted)
        lease.left = WINDOW
        (held,) = call(lambda: exchange.place([take_profit(2)]))
        assert isinstance(held, Held)
        assert held.reason.endswith(" ms after the end of the lease")
        call(lambda: exchange.observe([SYMBOL]))
        assert writes(sim) == 1
        lease.left = WINDOW + timedelta(seconds=2)
        assert isinstance(call(lambda: exchange.place([take_profit(2)]))[0], Accepted)


def test_every_kind_of_write_is_held_and_the_rest_of_a_batch_with_it(sim: Simulator) -> None:
    lease = SetLease(timedelta(0))
    with leased(sim, lease) as (exchange, _):
        cancels = [CancelOrder(SYMBOL, f"o-{n}", f"link-{n}") for n in range(25)]
        outcomes = exchange.cancel(cancels)
        assert [type(one) for one in outcomes] == [Held] * 25
        none = PositionStop()
        stop = SetStop(SYMBOL, 0, replace(none, price=Decimal("0.5")), none, TriggerBy.MARK)
        assert isinstance(exchange.set_stop(stop), Held)
        used = {limit.name: limit.used for limit in exchange.limits}
        assert {name: number for name, number in used.items() if "cancel" in name and number} == {}
    assert writes(sim) == 0


def test_a_process_that_stood_still_before_it_signed_sends_nothing(sim: Simulator) -> None:
    """What was asked before the signature says nothing of the signature's time."""
    lease = SetLease(timedelta(seconds=6))
    with leased(sim, lease) as (exchange, connection):

        def stand_still() -> None:
            lease.left -= timedelta(seconds=5)

        connection.before = stand_still
        (held,) = exchange.place([take_profit()], why_held=lambda: "")
        assert isinstance(held, Held)
    assert writes(sim) == 0


def test_no_write_leaves_before_the_exchange_s_clock_is_measured() -> None:
    gate = LeaseGate(SetLease(timedelta(hours=1)).end)
    assert gate.why_late(1, 1) == "the exchange's clock was not measured under the lease yet"


@pytest.mark.parametrize(("late_ms", "text"), [(0, ""), (1, "it might take effect 1 ms after ")])
def test_the_worst_is_counted_with(late_ms: int, text: str) -> None:
    """The exchange's clock may be as little ahead as the bounds allow; see the module's example."""
    gate = LeaseGate(lambda: timedelta(milliseconds=9250 - late_ms))
    gate.measure(4960, 5000, 905_000)
    assert gate.why_late(906_000, 3000).startswith(text)
    assert bool(gate.why_late(906_000, 3000)) is bool(text)


@pytest.mark.parametrize("set_by_ms", [-900_000, 900, 900_000])
def test_a_machine_s_clock_that_is_set_opens_no_gate(set_by_ms: int) -> None:
    """A timestamp from the future is valid for longer: the gate goes by it, not by the time."""
    gate = LeaseGate(lambda: timedelta(milliseconds=10_000))
    gate.measure(4980, 5000, 905_000)
    is_held = bool(gate.why_late(906_500 + set_by_ms, 3000))
    assert is_held is (6500 + set_by_ms + 3000 + MARGIN_MS > 10_000)


def test_the_simulator_in_the_process_has_the_gate_too() -> None:
    clock = VirtualClock(START_MS)
    sim = InProcessSimulator(clock)
    sim.add_account(uid=UID, api_key=KEY, api_secret=SECRET)
    end = clock.moment() + timedelta(seconds=4)
    exchange = BybitExchange(
        Account(UID, KEY, SECRET),
        LEASED,
        clock=clock,
        connect=lambda own, _: InProcessConnection(own, sim, Network(), clock),
        lease_end=lambda: end,
    )
    exchange.observe([SYMBOL])
    clock.advance(2000)
    (held,) = exchange.cancel([CancelOrder(SYMBOL, "o-1", "link-1")])
    assert isinstance(held, Held)
