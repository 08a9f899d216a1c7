"""After a caller's own runs, positions that no monitor watches are found without the service."""

from collections.abc import Callable
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import MonitorKey, Reconciler, Side, Sweep
from trueup.simulator import InstrumentSpec

from .test_loop import DEADLINE_S, ETH, OFTEN, RARELY

MIRROR = UIDS["mirror"]
BAND = MonitorKey("mirror", "BANDUSDT", Side.SELL)
ALONE = MonitorKey("mirror", "ETHUSDT", Side.BUY)
FEW = 4
"""Sweeps; a position that they lack is over after two."""


@pytest.fixture
def alone(stage: Stage) -> Stage:
    """A mirror with one monitor, and a position of another symbol."""
    stage.sim.add_instrument(ETH, price="3000")
    stage.sim.open_position(MIRROR, ALONE.symbol, "Buy", "5", "3000")
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    return stage


def on_record(stage: Stage) -> list[MonitorKey]:
    """The positions without a monitor that are on record."""
    return [key for key, _ in stage.reconciler.store.unwatched()]


def test_a_pass_reports_it_and_hands_over_what_it_read(alone: Stage) -> None:
    sweeps: list[Sweep] = []
    alone.reconciler.reconcile_all(on_sweep=sweeps.append)
    assert on_record(alone) == [ALONE]
    assert [alert.key for alert in alone.alerts] == [ALONE]
    (sweep,) = sweeps
    assert (sweep.account, sweep.monitors, sweep.drifted) == ("mirror", 1, {})
    assert [(one.symbol, one.side) for one in sweep.unwatched] == [("ETHUSDT", Side.BUY)]


def test_a_pass_of_some_monitors_leaves_the_others_out(alone: Stage) -> None:
    alone.reconciler.watch("mirror", "ETHUSDT", "Buy")
    sweeps: list[Sweep] = []
    alone.reconciler.reconcile_all([BAND], on_sweep=sweeps.append)
    assert (sweeps[0].unwatched, on_record(alone)) == ((), [])


def test_where_the_read_raises_the_account_is_unreadable(alone: Stage) -> None:
    sweeps: list[Sweep] = []

    def raises() -> None:
        raise SystemExit("the bot's own")

    alone.before("open_positions", raises)
    (report,) = alone.reconciler.reconcile_all(on_sweep=sweeps.append)
    assert report.is_true
    assert "raised SystemExit" in sweeps[0].unreadable
    assert on_record(alone) == []


def test_while_the_service_runs_its_sweeps_report_it(alone: Stage) -> None:
    swept, sweeps = SimpleQueue[Sweep](), list[Sweep]()
    alone.reconciler.start(settings=RARELY, on_sweep=swept.put)
    swept.get(timeout=DEADLINE_S)
    alone.reconciler.reconcile_all(on_sweep=sweeps.append)
    assert (sweeps, on_record(alone)) == ([], [])


def _passes(stage: Stage, key: MonitorKey) -> None:
    for _ in range(FEW):
        stage.reconciler.reconcile_all([key])


def _serves(stage: Stage, key: MonitorKey) -> None:
    swept = SimpleQueue[Sweep]()
    stage.reconciler.close()
    stage.reconciler = Reconciler(stage.url, accounts=stage.accounts(), connect=stage.connect)
    stage.reconciler.start([key], settings=OFTEN, on_sweep=swept.put)
    for _ in range(FEW):
        assert not swept.get(timeout=DEADLINE_S).unreadable
    stage.reconciler.stop()


@pytest.mark.parametrize("sweeping", [_passes, _serves])
def test_it_is_not_over_where_no_monitor_has_its_settle_coin(
    alone: Stage, sweeping: Callable[[Stage, MonitorKey], None]
) -> None:
    """The only list that was asked for was that of another coin, and lacked it each time."""
    spec = InstrumentSpec(
        symbol="BTCPERP",
        settle_coin="USDC",
        tick="0.5",
        step="0.001",
        min_quantity="0.001",
        max_quantity="100",
    )
    alone.sim.add_instrument(spec, price="60000")
    alone.reconciler.reconcile_all()
    other = alone.reconciler.watch("mirror", "BTCPERP", "Buy").key
    sweeping(alone, other)
    assert on_record(alone) == [ALONE]
