"""A contract that takes no orders: its monitor reads on, and sends nothing."""

from decimal import Decimal

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, Stage
from trueup import MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind, InstrumentSpec

BAND = "BANDUSDT"
HALTED = (
    ("PreLaunch", "", "PreLaunch, NotStarted"),
    ("PreLaunch", "CallAuction", "PreLaunch, CallAuction"),
    ("PreLaunch", "CallAuctionNoCancel", "PreLaunch, CallAuctionNoCancel"),
    ("PreLaunch", "CrossMatching", "PreLaunch, CrossMatching"),
    ("Delivering", "", "Delivering"),
    ("Settling", "", "Settling"),
    ("Closed", "", "Closed"),
)


def halt(stage: Stage, status: str, phase: str = "") -> None:
    """The contract changes its status, and trueup's rules of it are over an hour old."""
    stage.sim.set_instrument_status(BAND, status, phase)
    stage.clock.advance(3_601_000)


def resume(stage: Stage) -> None:
    """The contract trades again."""
    stage.sim.set_instrument_status(BAND, "Trading")


def test_pre_market_trading_is_trading(stage: Stage) -> None:
    stage.sim.set_instrument_status(BAND, "PreLaunch", "ContinuousTrading")
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal("307.3"))


@pytest.mark.parametrize(("status", "phase", "said"), HALTED)
def test_the_monitor_sends_nothing_alerts_once_and_reads_on(
    stage: Stage, mirror: MonitorRecord, status: str, phase: str, said: str
) -> None:
    halt(stage, status, phase)
    reports = [stage.reconciler.reconcile(mirror) for _ in range(3)]
    assert [each.outcome for each in reports] == [RunOutcome.SKIPPED] * 3
    assert stage.writes() == []
    alert, *others = [each.alert for each in reports]
    assert others == [None, None]
    assert alert is not None
    assert f"BANDUSDT takes no orders: its status is {said}" in alert.text
    assert "Position Size: 307.3" in alert.text
    stage.sim.set_position(MIRROR, BAND, "Sell", "100", "0.6800")
    assert stage.reconciler.reconcile(mirror).record.position_size == 100
    resume(stage)
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, Decimal(100))


@pytest.mark.parametrize("status", ["Delivering", "Closed"])
def test_rules_that_are_cached_are_read_again_once_an_order_is_refused(
    stage: Stage, mirror: MonitorRecord, status: str
) -> None:
    stage.reconciler.reconcile(mirror)
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
    stage.sim.set_instrument_status(BAND, status)
    first = stage.reconciler.reconcile(mirror)
    assert not first.is_true
    assert first.covered == Decimal("307.3"), "nothing is given up"
    before = len(stage.writes())
    second = stage.reconciler.reconcile(mirror)
    assert second.outcome is RunOutcome.SKIPPED
    assert len(stage.writes()) == before
    resume(stage)
    third = stage.reconciler.reconcile(mirror)
    assert (third.outcome, third.covered) == (RunOutcome.SUCCESS, Decimal("614.6"))


def test_a_contract_that_is_closed_with_its_position_is_quiet(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    halt(stage, "Closed")
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.alert, report.writes) == (RunOutcome.IN_SYNC, None, 0)


@pytest.mark.parametrize(("status", "resting"), [("Delivering", 4), ("Closed", 0)])
def test_orders_in_no_list_are_gone_with_a_contract_that_has_ended(
    stage: Stage, mirror: MonitorRecord, status: str, resting: int
) -> None:
    """Seed 1849307: no write of one is answered with "not open" any more, so none was ever gone."""
    stage.reconciler.reconcile(mirror)
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    for path in ("order/realtime", "order/history"):
        stage.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path=path, times=None))
    halt(stage, status)
    report = stage.reconciler.reconcile(mirror)
    assert len(report.record.resting) == resting
    assert report.writes == 0


def test_orders_in_no_list_are_not_gone_while_their_position_is_open(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 5164540: a contract that says it is closed, and trades again, has lost no order."""
    stage.reconciler.reconcile(mirror)
    ladder = stage.sim.orders(MIRROR, BAND)
    stage.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", times=None))
    halt(stage, "Closed")
    assert len(stage.reconciler.reconcile(mirror).record.resting) == 4
    resume(stage)
    stage.reconciler.reconcile(mirror)
    assert stage.sim.orders(MIRROR, BAND) == ladder


def test_a_position_that_the_second_read_shows_is_not_planned_for(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    halt(stage, "Delivering")
    stage.before(
        "observe", lambda: None, lambda: stage.sim.open_position(MIRROR, BAND, "Sell", "9", "0.68")
    )
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
    assert report.record.position_size == 9


@pytest.mark.parametrize(("status", "phase", "said"), HALTED)
def test_it_comes_under_watch_and_waits(stage: Stage, status: str, phase: str, said: str) -> None:
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
    stage.sim.set_instrument_status(BAND, status, phase)
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
    assert report.alert is not None
    assert f"its status is {said}" in report.alert.text
    resume(stage)
    assert stage.reconciler.reconcile(monitor).covered == Decimal("307.3")


def test_no_other_monitor_is_held_up(stage: Stage, mirror: MonitorRecord) -> None:
    stage.sim.add_instrument(
        InstrumentSpec(
            symbol="ENAUSDT", tick="0.0001", step="1", min_quantity="1", max_quantity="100000"
        ),
        price="0.7000",
    )
    stage.sim.open_position(MIRROR, "ENAUSDT", "Sell", "100", "0.6800")
    stage.reconciler.watch("mirror", "ENAUSDT", "Sell", BAND_LADDER)
    halt(stage, "Closed")
    outcomes = {r.key.symbol: r.outcome for r in stage.reconciler.reconcile_all()}
    assert outcomes == {BAND: RunOutcome.SKIPPED, "ENAUSDT": RunOutcome.SUCCESS}
    assert mirror.key.symbol == BAND
