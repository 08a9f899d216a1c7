"""Why an order ended: each cause scripted at the exchange, and answered from the database."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.audit.asking import told
from tests.stage import BAND_LADDER, SETTINGS, UIDS, Stage
from trueup import Ladder, MonitorKey, ReplaceMode, Side
from trueup.domain.audit.end_story import explain_end
from trueup.domain.audit.on_record import OrderEnd
from trueup.domain.copies import replace
from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.record import OwnedStatus

MAIN = UIDS["main"]
SYMBOL = "BANDUSDT"
LEVEL = ("main", SYMBOL, "Sell", "TP2")
Step = Callable[[Stage], object]


def fill(stage: Stage) -> None:
    stage.sim.fill(MAIN, stage.order("main", 2).order_id)


def part_fill(stage: Stage) -> None:
    stage.sim.fill(MAIN, stage.order("main", 2).order_id, "10")


def by_hand(stage: Stage) -> None:
    stage.sim.cancel_by_hand(MAIN, stage.order("main", 2).order_id)


def other_ladder(stage: Stage) -> None:
    ladder = Ladder.of(("0.6528", 85), ("0.6300", 5), ("0.6200", 5), ("0.6000", 5))
    stage.reconciler.watch("main", SYMBOL, "Sell", ladder)


def close(stage: Stage) -> None:
    stage.sim.trade(MAIN, SYMBOL, "Buy", "1000", closing=True)


def close_and_leave_the_orders(stage: Stage) -> None:
    """The simulator leaves them, as the real Bybit does not."""
    stage.sim.behaviour = replace(stage.sim.behaviour, resting_closed_when_flat=False)
    close(stage)


CAUSES: dict[str, tuple[Step, ...]] = {
    "it filled": (fill,),
    "10 of it filled; then somebody else cancelled it": (part_fill, by_hand),
    "somebody else cancelled it": (by_hand,),
    "another program cancelled it": (by_hand, by_hand, by_hand),
    "trueup replaced it": (other_ladder,),
    "trueup cancelled it because the position closed": (close_and_leave_the_orders,),
    "the exchange cancelled it: reduce-only, and the position had no room": (close,),
    "the exchange cancelled it for auto-deleveraging (ADL)": (
        lambda stage: stage.sim.deleverage(MAIN, SYMBOL, "Sell"),
    ),
    "the exchange cancelled it for a liquidation": (
        lambda stage: stage.sim.liquidate(MAIN, SYMBOL, "Sell"),
    ),
    "the exchange cancelled it as the contract ended": (lambda stage: stage.sim.deliver(SYMBOL),),
    "nothing can be read for BANDUSDT: the exchange does not list it any more": (
        lambda stage: stage.sim.delist(SYMBOL),
        lambda _: None,
    ),
}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_cause_is_named_with_what_shows_it(
    tmp_path: Path, cause: str, snapshot: SnapshotAssertion
) -> None:
    with Stage(tmp_path, settings=replace(SETTINGS, replace=ReplaceMode.CANCEL)) as stage:
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        monitor = stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        for step in CAUSES[cause]:
            stage.clock.advance(60_000)
            step(stage)
            stage.reconciler.reconcile(monitor)
        result = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
    assert result.exit_code == 0, result.output
    assert f"Why it ended\n  {cause}" in result.stdout
    assert result.stdout == snapshot


def test_a_level_that_ended_before_its_contract_was_delisted_keeps_its_cause(
    tmp_path: Path,
) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        monitor = stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        for step in (fill, lambda stage: stage.sim.delist(SYMBOL)):
            step(stage)
            stage.clock.advance(60_000)
            stage.reconciler.reconcile(monitor)
        result = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
    assert "Why it ended\n  it filled\n" in result.stdout


def test_a_contract_that_is_listed_again_is_read_as_any_other(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        monitor = stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        spec = stage.sim.instrument(SYMBOL)
        stage.sim.delist(SYMBOL)
        stage.clock.advance(60_000)
        stage.reconciler.reconcile(monitor)
        stage.sim.add_instrument(spec, price="0.7000")
        stage.clock.advance(3_600_000)
        stage.reconciler.reconcile(monitor)
        result = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
    assert "does not list it" not in result.stdout


def test_an_order_of_an_earlier_position_is_named_as_such(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        monitor = stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        fill(stage)
        stage.reconciler.reconcile(monitor)
        before = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
        stage.sim.set_position(MAIN, SYMBOL, "Sell", "0")
        stage.clock.advance(60_000)
        stage.reconciler.reconcile(monitor)
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        stage.clock.advance(60_000)
        stage.reconciler.reconcile(monitor)
        result = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
    assert "an earlier one" not in before.stdout
    assert "it filled" in result.stdout
    assert (
        "an earlier one, number 1 of this monitor; the present one is number 2, and no order of TP2"
    ) in " ".join(result.stdout.split())


def test_an_order_that_rests_has_not_ended(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MAIN, SYMBOL, "Sell", "1000", "0.6800")
        stage.reconciler.reconcile(stage.reconciler.watch("main", SYMBOL, "Sell", BAND_LADDER))
        result = told(tmp_path / "trueup.db", "explain", *LEVEL, "--short")
        assert "Why it ended\n  it has not ended: it rests\n" in result.stdout
        refused = told(tmp_path / "trueup.db", "explain", *LEVEL[:3], "SL", "--short")
        assert (refused.exit_code, "is no level" in refused.stderr) == (2, True)


def test_what_trueup_cancels_without_an_event_says_what_the_write_was_for() -> None:
    """From values: the run's events may have been pruned, which no script at the exchange does."""
    at, zero = datetime(2026, 12, 1, tzinfo=UTC), Decimal(0)
    own = Intent(
        id="run-1-1",
        run_id="run-1",
        operation=Operation.CANCEL,
        level=2,
        part=1,
        order_link_id="BOT_TP2",
        order_id="9aac161b",
        price=None,
        quantity=None,
        created_at=at,
        covered=Decimal(50),
        status=IntentStatus.CONFIRMED,
    )
    key = MonitorKey("main", SYMBOL, Side.SELL)
    order = OrderEnd(
        key=key,
        level=2,
        order_link_id="BOT_TP2",
        order_id="9aac161b",
        price=Decimal("0.64"),
        quantity=Decimal(50),
        filled=zero,
        status=OwnedStatus.CANCELLED,
        writes=(own,),
        run_id="run-1",
        events=(),
    )
    assert explain_end(order).parts[0].lines == (
        "trueup cancelled it: its 50 must go: the ladder asks for 0 there",
    )
