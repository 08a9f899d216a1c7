"""Tests of a bot of your own against the simulator: ``pytest -n 0 examples/own_bot_test.py``."""
# ruff: noqa: S101, D103 - assert is how a test speaks, and its name is its docstring

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from pybit.unified_trading import HTTP

from trueup import Account, Ladder, Reconciler, RunReport
from trueup.simulator import Behaviour, Fault, FaultKind, InstrumentSpec, Simulator, SimulatorServer

UID, SYMBOL = "101", "BANDUSDT"
LADDER = Ladder.of(("0.7200", 85), ("0.7400", 5), ("0.7600", 5), ("0.8000", 5))


class Bot:
    """The bot under test: it sends the entries itself and leaves take-profits to trueup."""

    def __init__(self, http: HTTP, reconciler: Reconciler) -> None:
        self._http = http
        self._reconciler = reconciler
        self._monitor = reconciler.watch("main", SYMBOL, "Buy", LADDER)

    def enter(self, quantity: str, price: str) -> str:
        """Sends an entry; gives its order id."""
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
        """The position changed."""
        return self._reconciler.reconcile(self._monitor, reason="fill")


@pytest.fixture
def sim() -> Simulator:
    """An exchange with one account and one contract; its clock moves only when a run waits."""
    sim = Simulator(behaviour=Behaviour(rate_limits=False, ip_limit=False))
    sim.add_account(uid=UID, api_key="main-key", api_secret="main-secret")  # noqa: S106
    sim.add_instrument(
        InstrumentSpec(
            symbol=SYMBOL, tick="0.0001", step="0.1", min_quantity="0.1", max_quantity="100000"
        ),
        price="0.7000",
    )
    return sim


@pytest.fixture
def bot(sim: Simulator, tmp_path: Path) -> Iterator[Bot]:
    """The bot, connected to the exchange over HTTP."""
    with SimulatorServer(sim) as server:
        http = HTTP(api_key="main-key", api_secret="main-secret")  # noqa: S106
        http.endpoint = server.url
        account = Account("main", "main-key", "main-secret", environment=server.url)
        database = f"sqlite:///{tmp_path / 'trueup.db'}"
        with Reconciler(database, accounts=[account], sinks=[], clock=sim.clock) as reconciler:
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
