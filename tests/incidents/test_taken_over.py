"""Positions that the exchange takes over: what is left is scaled, what is gone leaves nothing.

In one-way mode a position that turned is the other side's monitor's; in hedge mode the other side
has nothing to do with it.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage, band_simulator
from trueup import Account, Ladder, MonitorRecord, PositionMode, RunOutcome

BAND, MIRROR, HEDGE = "BANDUSDT", UIDS["mirror"], "303"
RISING = Ladder.of(("0.7500", 60), ("0.8000", 40))
SCALED = [Decimal(170), Decimal(10), Decimal(10), Decimal(10)]


class HedgeStage(Stage):
    """The stage with one account more, in hedge mode."""

    def accounts(self) -> list[Account]:
        """All three."""
        hedge = Account(
            "hedge",
            "hedge-key",
            "hedge-secret",
            environment=self.server.url,
            position_mode=PositionMode.HEDGE,
        )
        return [*super().accounts(), hedge]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The mirror short of 400 with its ladder resting, and a stop-loss of the trader's."""
    sim = band_simulator()
    sim.add_account(uid=HEDGE, api_key="hedge-key", api_secret="hedge-secret", hedge=True)
    sim.open_position(MIRROR, BAND, "Sell", "400", "0.6927")
    with HedgeStage(tmp_path, sim) as opened:
        yield opened


@pytest.fixture
def short(stage: Stage) -> MonitorRecord:
    """The short's monitor, after its first run."""
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    return monitor


def rests(stage: Stage, uid: str = MIRROR, side: str = "Buy") -> list[Decimal]:
    """What the orders of a side cover, nearest to a short first."""
    orders = [order for order in stage.sim.orders(uid) if order.side == side]
    assert all(order.reduce_only for order in orders)
    return [o.leaves for o in sorted(orders, key=lambda o: o.price, reverse=True)]


def again(stage: Stage, monitor: MonitorRecord) -> None:
    """A second run has nothing to do and nothing to say."""
    alerts = len(stage.alerts)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes, len(stage.alerts)) == (RunOutcome.IN_SYNC, 0, alerts)


@pytest.mark.parametrize("cancels", [True, False])
def test_what_adl_leaves_of_a_position_is_covered_exactly(
    stage: Stage, short: MonitorRecord, *, cancels: bool
) -> None:
    stage.sim.deleverage(MIRROR, BAND, "Sell", "200", cancels=cancels)
    report = stage.reconciler.reconcile(short)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal(200))
    assert rests(stage) == SCALED
    again(stage, short)


def test_adl_is_no_take_profit(stage: Stage, short: MonitorRecord) -> None:
    """The exchange's own trade fills none of our levels: they keep their shares."""
    stage.sim.deleverage(MIRROR, BAND, "Sell", "200", cancels=False)
    record = stage.reconciler.reconcile(short).record
    assert [record.filled(level) for level in (1, 2, 3, 4)] == [0, 0, 0, 0]


def test_adl_after_a_take_profit_scales_what_is_left_to_do(
    stage: Stage, short: MonitorRecord
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    stage.sim.deleverage(MIRROR, BAND, "Sell", "30")
    report = stage.reconciler.reconcile(short)
    assert report.outcome is RunOutcome.SUCCESS
    assert rests(stage) == [10, 10, 10]
    again(stage, short)


@pytest.mark.parametrize("take", ["liquidate", "deleverage"])
def test_a_position_that_is_gone_leaves_nothing(
    stage: Stage, short: MonitorRecord, take: str
) -> None:
    getattr(stage.sim, take)(MIRROR, BAND, "Sell")
    report = stage.reconciler.reconcile(short)
    assert report.outcome is RunOutcome.IN_SYNC
    assert (report.record.resting, stage.sim.orders(MIRROR), report.writes) == ((), (), 0)
    again(stage, short)


def test_an_order_beside_a_liquidation_that_is_not_on_record_is_left_alone(
    stage: Stage, short: MonitorRecord
) -> None:
    stage.sim.liquidate(MIRROR, BAND, "Sell")
    stage.sim.record_order(
        MIRROR,
        symbol=BAND,
        side="Buy",
        orderType="Limit",
        qty="340",
        price="0.6528",
        reduceOnly=True,
        orderLinkId="MIR_TP1_BANDUSDT_1737809937999_1111",
    )
    foreign = stage.sim.orders(MIRROR)
    assert stage.reconciler.reconcile(short).outcome is RunOutcome.IN_SYNC
    assert stage.sim.orders(MIRROR) == foreign
    again(stage, short)


def test_a_new_position_after_a_liquidation_gets_a_whole_ladder(
    stage: Stage, short: MonitorRecord
) -> None:
    stage.sim.liquidate(MIRROR, BAND, "Sell")
    stage.reconciler.reconcile(short)
    stage.sim.open_position(MIRROR, BAND, "Sell", "200", "0.6900")
    report = stage.reconciler.reconcile(short)
    assert (report.outcome, rests(stage)) == (RunOutcome.SUCCESS, SCALED)


def test_a_liquidation_in_the_middle_of_a_run_leaves_nothing(
    stage: Stage, short: MonitorRecord
) -> None:
    stage.sim.open_position(MIRROR, BAND, "Sell", "100", "0.6900")
    stage.before("amend", lambda: stage.sim.liquidate(MIRROR, BAND, "Sell"))
    report = stage.reconciler.reconcile(short)
    assert report.record.position_size == 0
    assert (stage.sim.orders(MIRROR), report.record.resting) == ((), ())
    again(stage, short)


@pytest.mark.parametrize("first", ["short", "long"])
def test_a_one_way_position_that_turns_is_the_other_monitors(
    stage: Stage, short: MonitorRecord, first: str
) -> None:
    long = stage.reconciler.watch("mirror", BAND, "Buy", RISING)
    assert stage.reconciler.reconcile(long).writes == 0
    stage.sim.liquidate(MIRROR, BAND, "Sell")
    stage.sim.open_position(MIRROR, BAND, "Buy", "100", "0.6950")
    order = [short, long] if first == "short" else [long, short]
    outcomes = {m.key.side: stage.reconciler.reconcile(m).outcome for m in order}
    assert outcomes == {"Sell": RunOutcome.IN_SYNC, "Buy": RunOutcome.SUCCESS}
    assert rests(stage) == []
    assert rests(stage, side="Sell") == [40, 60]
    again(stage, short)
    again(stage, long)


def test_a_hedges_other_side_is_untouched(stage: Stage) -> None:
    stage.sim.open_position(HEDGE, BAND, "Sell", "400", "0.6927")
    stage.sim.open_position(HEDGE, BAND, "Buy", "100", "0.6950")
    short = stage.reconciler.watch("hedge", BAND, "Sell", BAND_LADDER)
    long = stage.reconciler.watch("hedge", BAND, "Buy", RISING)
    stage.reconciler.reconcile_all()
    longs = [order for order in stage.sim.orders(HEDGE) if order.position_idx == 1]
    assert [order.leaves for order in longs] == [60, 40]
    stage.sim.deleverage(HEDGE, BAND, "Sell", "200")
    stage.reconciler.reconcile(short)
    assert rests(stage, HEDGE) == SCALED
    stage.sim.liquidate(HEDGE, BAND, "Sell")
    stage.reconciler.reconcile(short)
    assert list(stage.sim.orders(HEDGE)) == longs
    again(stage, short)
    again(stage, long)
