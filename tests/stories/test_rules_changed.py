"""The exchange changes a contract's rules while its cached rules are still in use."""

from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

import pytest

from tests.stage import Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Change, SimOrder

WHOLE = Decimal("307.3")
RULES = {
    "maximum lowered": {"max_quantity": "100"},
    "step coarser": {"step": "10", "min_quantity": "10"},
    "minimum notional raised": {"min_notional": "50"},
    "tick coarser": {"tick": "0.01"},
    "band narrower": {"min_price": "0.61"},
}


class PriceChecks(StrEnum):
    """Whether the exchange checks a price that an amend does not change."""

    ON = "on"
    OFF = "off"


@pytest.fixture
def covers(stage: Stage, laddered: MonitorRecord) -> dict[int, Decimal]:
    """The cover after each request that changed an order, once the ladder rests."""
    assert laddered.ladder is not None
    seen = {0: cover(stage)}

    def look(changes: tuple[Change, ...]) -> None:
        if any(isinstance(change.subject, SimOrder) for change in changes):
            seen[len(stage.sim.requests)] = cover(stage)

    stage.sim.listen(look)
    return seen


def cover(stage: Stage) -> Decimal:
    return sum((order.leaves for order in stage.sim.orders(MIRROR)), Decimal(0))


@pytest.mark.parametrize("rule", RULES)
def test_the_position_grows_under_new_rules(
    stage: Stage, laddered: MonitorRecord, covers: dict[int, Decimal], compare: Compare, rule: str
) -> None:
    stage.sim.set_instrument("BANDUSDT", **RULES[rule])
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "100", "0.6800")
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    assert min(covers.values()) == WHOLE
    assert cover(stage) > Decimal("397.3")
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


@pytest.mark.parametrize("rule", RULES)
def test_the_position_shrinks_under_new_rules(
    stage: Stage, laddered: MonitorRecord, covers: dict[int, Decimal], compare: Compare, rule: str
) -> None:
    stage.sim.set_instrument("BANDUSDT", **RULES[rule])
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "297.3")
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    assert min(covers.values()) >= Decimal("297.3")
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


@pytest.mark.parametrize("rule", RULES)
def test_nothing_but_the_rules_changes(
    stage: Stage, laddered: MonitorRecord, covers: dict[int, Decimal], rule: str
) -> None:
    stage.sim.set_instrument("BANDUSDT", **RULES[rule])
    for _ in range(2):
        stage.clock.advance(3_700_000)
        report = stage.reconciler.reconcile(laddered)
        assert report.outcome is RunOutcome.IN_SYNC
        assert not report.writes
    assert covers == {0: WHOLE}


@pytest.mark.parametrize("checks", PriceChecks)
def test_a_level_off_the_tick_has_to_shrink(
    stage: Stage,
    laddered: MonitorRecord,
    covers: dict[int, Decimal],
    compare: Compare,
    checks: PriceChecks,
) -> None:
    """Whether an amend of the quantity alone is accepted is not documented."""
    stage.sim.behaviour = replace(stage.sim.behaviour, amend_checks_price=checks is PriceChecks.ON)
    stage.sim.set_instrument("BANDUSDT", tick="0.01")
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "40")
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    assert min(covers.values()) == cover(stage) == Decimal(40)
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


def test_where_no_level_can_have_an_order_only_so_much_goes_as_must(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_instrument("BANDUSDT", tick="0.5")
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "290")
    report = stage.reconciler.reconcile(laddered)
    assert report.outcome is RunOutcome.PARTIAL
    assert cover(stage) == Decimal("276.6")
    assert report.alert is not None
    assert "276.6 of 290 is covered, 13.4 is not" in report.alert.text
    again = stage.reconciler.reconcile(laddered)
    assert (again.outcome, again.writes) == (RunOutcome.SKIPPED, 0)
    compare()


def test_less_than_a_step_that_stays_uncovered_is_named_once(
    stage: Stage, laddered: MonitorRecord
) -> None:
    stage.sim.set_instrument("BANDUSDT", step="10", min_quantity="10")
    stage.clock.advance(3_700_000)
    assert stage.reconciler.reconcile(laddered).alert is None
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "2", "0.6800")
    report, again = stage.reconciler.reconcile(laddered), stage.reconciler.reconcile(laddered)
    assert (report.outcome, report.writes, again.alert) == (RunOutcome.IN_SYNC, 0, None)
    assert report.alert is not None
    assert "307.3 of 309.3 is covered, 2 is not" in report.alert.text


def test_what_shrinks_for_what_grows_waits_for_fresh_rules(
    stage: Stage, laddered: MonitorRecord, covers: dict[int, Decimal]
) -> None:
    """TP1 would give 230.5 to TP2, whose order cannot grow that much any more."""
    stage.sim.set_instrument("BANDUSDT", max_quantity="200")
    stage.clock.advance(10_000)
    moved = Ladder.of(("0.6528", 10), ("0.6400", 80), ("0.6200", 5), ("0.6000", 5))
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", moved)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert min(covers.values()) >= Decimal("246.5")
    assert cover(stage) == WHOLE
    assert laddered.key == monitor.key
