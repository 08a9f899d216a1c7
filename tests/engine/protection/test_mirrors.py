"""Mirrors take the rule of the main's stop, and reckon it from their own position."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop

BAND = "BANDUSDT"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as opened:
        yield opened


def watched(stage: Stage, stop: Stop | None, *, own: Stop | None = None) -> list[MonitorRecord]:
    """Main and mirror of one contract: shorts of 100 at 0.70 and of 307.3 at 0.68."""
    stage.sim.open_position(UIDS["main"], BAND, "Sell", "100", "0.7000")
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "307.3", "0.6800")
    return [
        stage.reconciler.watch("main", BAND, "Sell", BAND_LADDER, stop=stop),
        stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER, stop=own),
    ]


def stop_of(stage: Stage, account: str) -> str:
    """Where the account's stop is at the exchange; empty for none."""
    orders = stage.sim.orders(UIDS[account])
    return ",".join(
        str(one.trigger_price)
        for one in orders
        if one.stop_order_type == "StopLoss" and one.status.is_open
    )


def own_orders(stage: Stage, account: str) -> list[str]:
    """The account's conditional orders: whose they are, where each triggers, and for how much."""
    return [
        f"{one.link_id.split('_17')[0]} {one.trigger_price} for {one.leaves}"
        for one in stage.sim.orders(UIDS[account])
        if one.is_conditional
    ]


def outcomes(stage: Stage, monitors: list[MonitorRecord]) -> list[RunOutcome]:
    return [stage.reconciler.reconcile(one).outcome for one in monitors]


def test_a_percentage_is_of_the_mirrors_own_entry(stage: Stage) -> None:
    monitors = watched(stage, Stop.of(percent=5))
    assert outcomes(stage, monitors) == [RunOutcome.SUCCESS, RunOutcome.SUCCESS]
    assert (stop_of(stage, "main"), stop_of(stage, "mirror")) == ("0.735", "0.714")


def test_breakeven_is_the_mirrors_own_entry_after_its_own_fill(stage: Stage) -> None:
    rule = Breakeven.of(after_level=1, offset=0)
    monitors = watched(stage, Stop.of(percent=5, breakeven=rule))
    outcomes(stage, monitors)
    stage.sim.fill(UIDS["main"], stage.order("main", 1).order_id)
    outcomes(stage, monitors)
    assert stop_of(stage, "mirror") == "0.714", "only the main's TP1 has filled"
    stage.sim.set_price(BAND, "0.6500")
    outcomes(stage, monitors)
    assert stop_of(stage, "mirror") == "0.68"


def test_a_mirror_with_a_stop_of_its_own_keeps_it(stage: Stage) -> None:
    monitors = watched(stage, Stop.of(percent=5), own=Stop.of(percent=10))
    outcomes(stage, monitors)
    assert stop_of(stage, "mirror") == "0.748"


def test_a_new_rule_of_the_main_reaches_the_mirror(stage: Stage) -> None:
    monitors = watched(stage, Stop.of(percent=5))
    outcomes(stage, monitors)
    stage.reconciler.watch("main", BAND, "Sell", stop=Stop.of(percent=8))
    outcomes(stage, monitors)
    assert stop_of(stage, "mirror") == "0.7344"


def test_a_fixed_price_beyond_the_mirrors_entry_is_not_used(stage: Stage) -> None:
    stage.sim.open_position(UIDS["main"], BAND, "Sell", "100", "0.6700")
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "307.3", "0.6900")
    main = stage.reconciler.watch("main", BAND, "Sell", BAND_LADDER, stop=Stop.of(price="0.6800"))
    mirror = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    outcomes(stage, [main])
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, stop_of(stage, "mirror")) == (RunOutcome.PARTIAL, "")
    assert report.alert is not None
    assert "UNPROTECTED" in report.alert.text


def test_a_stop_that_is_an_order_is_copied_with_its_form_and_never_its_size_or_id(
    stage: Stage,
) -> None:
    rule = Breakeven.of(after_level=1, offset=0)
    monitors = watched(stage, Stop.of(percent=5, breakeven=rule, form="order"))
    assert outcomes(stage, monitors) == [RunOutcome.SUCCESS, RunOutcome.SUCCESS]
    assert own_orders(stage, "main") == ["BOT_SL_BANDUSDT 0.735 for 100"]
    assert own_orders(stage, "mirror") == ["MIR_SL_BANDUSDT 0.714 for 307.3"]
    stage.sim.fill(UIDS["main"], stage.order("main", 1).order_id)
    stage.sim.fill(UIDS["mirror"], stage.order("mirror", 1).order_id)
    stage.sim.set_price(BAND, "0.6500")
    outcomes(stage, monitors)
    assert own_orders(stage, "main") == ["BOT_SL_BANDUSDT 0.7 for 10"]
    assert own_orders(stage, "mirror") == ["MIR_SL_BANDUSDT 0.68 for 46.1"]
    assert stop_of(stage, "main") == stop_of(stage, "mirror") == ""
