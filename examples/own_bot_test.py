"""Tests of your own bot against the simulator: ``pytest -n 0 examples/own_bot_test.py``."""
# ruff: noqa: S101, D103 - a test asserts, and its name is its docstring

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pybit.unified_trading import HTTP

from trueup import Ladder, Reconciler, RunReport
from trueup.simulator import Fault, FaultKind, Simulator, SimulatorServer
from trueup.testing import SYMBOL, UID, account_at

LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))


class Bot:
    """The bot under test: it sends the entries itself and leaves take-profits to trueup."""

    def __init__(self, http: HTTP, reconciler: Reconciler) -> None:
        self._http = http
        self._reconciler = reconciler
        self._monitor = reconciler.watch("main", SYMBOL, "Buy", LADDER)

    def enter(self, quantity: str, price: str) -> str:
        """Send an entry; returns its order id."""
        answer = self._http.place_order(
            category="linear",
            symbol=SYMBOL,
            side="Buy",
            orderType="Limit",
            qty=quantity,
            price=price,
        )
        return str(answer["result"]["orderId"])

    def on_fill(self) -> RunReport:
        """React to a change of the position."""
        return self._reconciler.reconcile(self._monitor, reason="fill")


@pytest.fixture
def sim(simulator_server: SimulatorServer) -> Simulator:
    """The exchange: one account, one contract; its clock moves only when a run waits."""
    return simulator_server.sim


@pytest.fixture
def bot(simulator_server: SimulatorServer, tmp_path: Path) -> Iterator[Bot]:
    """The bot, connected to the exchange over HTTP."""
    account, clock = account_at(simulator_server.url), simulator_server.sim.clock
    http = HTTP(api_key=account.api_key, api_secret=account.api_secret)
    http.endpoint = simulator_server.url
    database = f"sqlite:///{tmp_path / 'trueup.db'}"
    with Reconciler(database, accounts=[account], sinks=[], clock=clock) as reconciler:
        yield Bot(http, reconciler)
    http.client.close()


def quantities(sim: Simulator) -> list[Decimal]:
    """The resting take-profits, nearest first."""
    resting = [order for order in sim.orders(UID) if order.reduce_only]
    return [order.quantity for order in sorted(resting, key=lambda order: order.price)]


def test_the_ladder_follows_the_entries(sim: Simulator, bot: Bot) -> None:
    first, second = bot.enter("1000", "0.6950"), bot.enter("500", "0.6900")
    sim.fill(UID, first)
    bot.on_fill()
    assert quantities(sim) == [Decimal(850), Decimal(50), Decimal(50), Decimal(50)]
    sim.fill(UID, second)
    bot.on_fill()
    assert quantities(sim) == [Decimal(1275), Decimal(75), Decimal(75), Decimal(75)]


def test_a_lost_reply_makes_no_second_order(sim: Simulator, bot: Bot) -> None:
    sim.fill(UID, bot.enter("1000", "0.6950"))
    sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    assert bot.on_fill().is_true
    assert sum(quantities(sim)) == sim.position(UID, SYMBOL, "Buy").size


def test_an_exchange_that_does_not_answer_is_reported(sim: Simulator, bot: Bot) -> None:
    sim.fill(UID, bot.enter("1000", "0.6950"))
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    report = bot.on_fill()
    assert (report.is_true, report.writes) == (False, 0)
    sim.clear_faults()
    assert bot.on_fill().is_true
