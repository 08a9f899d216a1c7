"""Many symbols at once, the real pybit over HTTP, and a simulator that counts as Bybit does."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from queue import Queue

import pytest

from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.commands import AmendOrder, PlaceOrder
from trueup.domain.model.identity import Side
from trueup.domain.model.outcomes import Accepted, WriteOutcome
from trueup.simulator import Behaviour, Simulator, SimulatorServer

from ..conftest import SIMULATED, SYMBOL, UID, account
from ..together import Together

PATIENT = replace(SIMULATED, read_timeout=timedelta(seconds=10))
"""No answer is given up on: a loaded machine is no defect."""
SYMBOLS, LEVELS, A_SECOND = 50, 4, 10
PERMITTED_MS = (SYMBOLS * LEVELS // A_SECOND - 1) * 1000
"""The first ten leave at once, and every further ten a second later."""


@pytest.fixture
def server(sim: Simulator) -> Iterator[SimulatorServer]:
    """The simulator, with its limits on."""
    sim.behaviour = Behaviour(rate_limits=True, ip_limit=True)
    with SimulatorServer(sim) as running:
        yield running


def _ladder(number: int) -> list[PlaceOrder]:
    return [
        PlaceOrder(SYMBOL, Side.SELL, Decimal("0.8"), Decimal(10), f"S{number}-TP{level}", 0)
        for level in range(LEVELS)
    ]


def _storm(
    sim: Simulator,
    server: SimulatorServer,
    threads: int,
    act: Callable[[BybitExchange, int], tuple[WriteOutcome, ...]],
) -> list[tuple[WriteOutcome, ...]]:
    """Each symbol reads and writes, as many at once as there are threads."""
    clock = Together(sim.clock, threads)
    exchange = BybitExchange(account(server.url), PATIENT, clock=clock)

    waiting = Queue[int | None]()
    for number in (*range(SYMBOLS), *[None] * threads):
        waiting.put(number)

    def work(_: int) -> list[tuple[WriteOutcome, ...]]:
        try:
            return [act(exchange, number) for number in iter(waiting.get_nowait, None)]
        finally:
            clock.done()

    with ThreadPoolExecutor(threads) as pool:
        done = [outcomes for part in pool.map(work, range(threads)) for outcomes in part]
    exchange.close()
    return done


@pytest.mark.parametrize("threads", [1, 8])
def test_fifty_symbols_are_covered_as_fast_as_the_limit_permits(
    sim: Simulator, server: SimulatorServer, threads: int
) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "5000", "0.69")

    done = _storm(sim, server, threads, lambda exchange, n: exchange.place(_ladder(n)))

    writes = [record for record in sim.requests if record.is_write]
    assert len(sim.orders(UID)) == SYMBOLS * LEVELS
    assert all(isinstance(outcome, Accepted) for outcomes in done for outcome in outcomes)
    assert [record.ret_code for record in sim.requests if record.ret_code] == []
    assert writes[-1].at_ms - writes[0].at_ms <= PERMITTED_MS * 1.05


def test_ladders_that_grow_are_amended_as_fast_as_the_limit_permits(
    sim: Simulator, server: SimulatorServer
) -> None:
    ids = [sim.place_order(UID, **_rests(level)) for level in range(SYMBOLS * LEVELS)]

    def grow(exchange: BybitExchange, number: int) -> tuple[WriteOutcome, ...]:
        mine = ids[number * LEVELS : (number + 1) * LEVELS]
        return exchange.amend(
            [AmendOrder(SYMBOL, i, "", None, Decimal(20), shrinks=False) for i in mine]
        )

    done = _storm(sim, server, 8, grow)

    writes = [record for record in sim.requests if record.is_write]
    assert all(isinstance(outcome, Accepted) for outcomes in done for outcome in outcomes)
    assert {order.quantity for order in sim.orders(UID)} == {Decimal(20)}
    assert writes[-1].at_ms - writes[0].at_ms <= PERMITTED_MS * 1.05


def _rests(level: int) -> dict[str, str]:
    return {
        "symbol": SYMBOL,
        "side": "Sell",
        "orderType": "Limit",
        "qty": "10",
        "price": "0.8",
        "orderLinkId": f"G-{level}",
    }


def test_twelve_accounts_read_all_they_can_and_the_address_is_not_refused(
    sim: Simulator, server: SimulatorServer
) -> None:
    clock = Together(sim.clock, 1)
    exchanges = []
    for number in range(12):
        sim.add_account(uid=f"u{number}", api_key=f"key-{number}", api_secret=f"secret-{number}")
        own = account(server.url, key=f"key-{number}", secret=f"secret-{number}")
        exchanges.append(BybitExchange(own, SIMULATED, clock=clock))

    for _ in range(17):
        for exchange in exchanges:
            exchange.observe([SYMBOL])

    assert {record.http_status for record in sim.requests} == {200}
    assert len(sim.requests) > 600
    assert sim.requests[-1].at_ms - sim.requests[0].at_ms > 5000
    for exchange in exchanges:
        exchange.close()
