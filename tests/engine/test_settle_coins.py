"""Contracts that settle in another coin than their names suggest: their rules say which."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, PATIENCE, UIDS, Stage
from trueup import Ladder, LoopSettings, Reconciler, RunOutcome, RunReport, Side, Sweep
from trueup.adapters.bybit import BybitExchange, BybitFeed
from trueup.domain.model.observation import Observation
from trueup.engine.live.status import ViewState
from trueup.simulator import Fault, FaultKind, InstrumentSpec, Simulator

MAIN = UIDS["main"]
DEADLINE_S = 60.0
RARELY = timedelta(hours=1)
COINS = {
    "BTCUSDT-26DEC25": "USDT",
    "BTC-26DEC25": "USDC",
    "BTCPERP": "USDC",
    "币安人生USDT": "USDT",
    "1000BONKUSDT": "USDT",
}
LADDER = Ladder.of(("61000", 85), ("62000", 5), ("63000", 5), ("64000", 5))
PARTS = ("0.425", "0.025", "0.025", "0.025")


def listed(sim: Simulator, symbol: str) -> None:
    """The contract, with a long of 0.5 on the main account."""
    sim.add_instrument(
        InstrumentSpec(
            symbol=symbol,
            settle_coin=COINS[symbol],
            tick="0.5",
            step="0.001",
            min_quantity="0.001",
            max_quantity="100",
        ),
        price="60000",
    )
    sim.open_position(MAIN, symbol, "Buy", "0.5", "59000")


def rest_ladder(sim: Simulator, symbol: str) -> None:
    """The whole ladder rests already, with ids of the original bot."""
    for number, (level, part) in enumerate(zip(LADDER.levels, PARTS, strict=True), start=1):
        sim.record_order(
            MAIN,
            symbol=symbol,
            side="Sell",
            orderType="Limit",
            qty=part,
            price=str(level.price),
            reduceOnly=True,
            orderLinkId=f"BOT_TP{number}_{symbol[:3]}_173780993710{number}_110{number}",
        )


class Life:
    """A service of the stage's accounts, on the machine's clock."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.runs: SimpleQueue[RunReport] = SimpleQueue()
        self.sweeps: SimpleQueue[Sweep] = SimpleQueue()
        stage.reconciler.close()
        self.reconciler = stage.reconciler = Reconciler(
            stage.url, accounts=stage.accounts(), sinks=[], connect=stage.connect, listen=BybitFeed
        )

    def start(self, *, streams: bool) -> Sweep:
        """Starts it; only what happens wakes a monitor after that."""
        settings = LoopSettings(interval=RARELY, streamed_interval=RARELY, streams=streams)
        self.reconciler.start(
            settings=settings,
            on_run=lambda _reason, report: self.runs.put(report),
            on_sweep=self.sweeps.put,
        )
        sweep = self.sweeps.get(timeout=DEADLINE_S)
        assert (sweep.unreadable, dict(sweep.unread)) == ("", {})
        return sweep


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open stage with nothing on it."""
    with Stage(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("symbol", COINS)
def test_a_ladder_of_any_contract_is_placed_and_found_again(stage: Stage, symbol: str) -> None:
    listed(stage.sim, symbol)
    monitor = stage.reconciler.watch("main", symbol, "Buy", LADDER)
    first = stage.reconciler.reconcile(monitor)
    assert (first.outcome, first.covered) == (RunOutcome.SUCCESS, Decimal("0.5"))
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    assert len(stage.sim.orders(MAIN, symbol)) == 4
    (found,) = (each for each in stage.reconciler.discover() if each.account == "main")
    assert found.is_true


@pytest.mark.parametrize("symbol", COINS)
def test_the_placed_orders_are_recognised_by_another_database(
    stage: Stage, tmp_path: Path, symbol: str
) -> None:
    listed(stage.sim, symbol)
    stage.reconciler.reconcile(stage.reconciler.watch("main", symbol, "Buy", LADDER))
    ids = {order.link_id for order in stage.sim.orders(MAIN, symbol)}
    stage.path = tmp_path / "other"
    stage.path.mkdir()
    stage.reconciler.close()
    stage.reconciler = stage.open()
    report = stage.reconciler.reconcile(stage.reconciler.watch("main", symbol, "Buy"))
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 0)
    assert {order.order_link_id for order in report.record.orders} == ids
    assert report.alert is not None
    assert "another symbol" not in report.alert.text


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("symbol", ["BTCUSDT-26DEC25", "BTC-26DEC25", "BTCPERP"])
def test_a_ladder_that_rests_already_is_in_sync_by_the_sweep(
    stage: Stage, symbol: str, *, streams: bool
) -> None:
    listed(stage.sim, symbol)
    rest_ladder(stage.sim, symbol)
    life = Life(stage)
    monitor = life.reconciler.watch("main", symbol, "Buy", LADDER)
    assert life.reconciler.reconcile(monitor).covered == Decimal("0.5")
    assert life.start(streams=streams).drifted == {}, "it saw the position and its orders"
    if streams:
        assert life.reconciler.views()[0].state is ViewState.SYNCED


@pytest.mark.parametrize("streams", [False, True])
def test_monitors_of_two_coins_share_an_account(stage: Stage, *, streams: bool) -> None:
    listed(stage.sim, "BTCPERP")
    stage.sim.open_position(MAIN, "BANDUSDT", "Sell", "307.3", "0.6800")
    life = Life(stage)
    life.reconciler.watch("main", "BTCPERP", "Buy", LADDER)
    life.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    life.start(streams=streams)
    reports = [life.runs.get(timeout=DEADLINE_S) for _ in range(2)]
    assert {r.key.symbol: r.covered for r in reports} == {
        "BTCPERP": Decimal("0.5"),
        "BANDUSDT": Decimal("307.3"),
    }


def test_a_survey_asks_for_the_coins_of_the_contracts_and_no_others(stage: Stage) -> None:
    for symbol in COINS:
        listed(stage.sim, symbol)
    for symbols, coins in (
        (["BTCUSDT-26DEC25", "币安人生USDT"], {"USDT"}),
        (["BTC-26DEC25", "BTCPERP"], {"USDC"}),
        (["BTCPERP", "1000BONKUSDT"], {"USDT", "USDC"}),
    ):
        exchange = BybitExchange(stage.accounts()[0], PATIENCE, clock=stage.clock)
        before = len(stage.sim.requests)
        seen = exchange.survey(symbols)
        exchange.close()
        assert isinstance(seen, Observation)
        assert {position.symbol for position in seen.positions} >= set(symbols)
        asked = stage.sim.requests[before:]
        assert {r.params["settleCoin"] for r in asked if "settleCoin" in r.params} == coins
        assert sum(r.path.endswith("instruments-info") for r in asked) == 1


def test_a_contract_that_settles_in_a_coin_of_its_own_is_seen(stage: Stage) -> None:
    in_euros = InstrumentSpec(
        symbol="BTCEURC", settle_coin="EURC", tick="0.5", step="0.001", min_quantity="0.001",
        max_quantity="100",
    )  # fmt: skip
    stage.sim.add_instrument(in_euros, "60000")
    stage.sim.open_position(MAIN, "BTCEURC", "Buy", "0.5", "59000")
    exchange = BybitExchange(stage.accounts()[0], PATIENCE, clock=stage.clock)
    seen = exchange.survey(["BTCEURC"])
    exchange.close()
    assert isinstance(seen, Observation)
    assert seen.position("BTCEURC", Side.BUY).size == Decimal("0.5")


def test_a_contract_whose_rules_cannot_be_read_is_seen_where_it_shows(stage: Stage) -> None:
    listed(stage.sim, "BTCPERP")
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="instruments-info", times=None))
    exchange = BybitExchange(stage.accounts()[0], PATIENCE, clock=stage.clock)
    seen = exchange.survey(["BTCPERP", "BANDUSDT"])
    exchange.close()
    assert isinstance(seen, Observation)
    assert seen.position("BTCPERP", Side.BUY).size == Decimal("0.5")
    assert list(seen.unread) == ["BANDUSDT"], "it may settle in a coin that nobody asked for"
    assert not seen.unread["BANDUSDT"].position_known


def test_a_contract_that_is_listed_no_more_does_not_blind_the_survey(stage: Stage) -> None:
    listed(stage.sim, "BTCPERP")
    exchange = BybitExchange(stage.accounts()[0], PATIENCE, clock=stage.clock)
    seen = exchange.survey(["BTCPERP", "GONEUSDT"])
    exchange.close()
    assert isinstance(seen, Observation)
    assert seen.unread == {}
    assert seen.position("BTCPERP", Side.BUY).size == Decimal("0.5")
