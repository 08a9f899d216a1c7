"""The exchange changes a contract's rules while its cached rules are still in use."""

from decimal import Decimal

import pytest

from tests.stage import Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import MonitorRecord, RunOutcome
from trueup.simulator import Change, SimOrder

WHOLE = Decimal("307.3")
RULES = {
    "maximum lowered": {"max_quantity": "100"},
    "step coarser": {"step": "10", "min_quantity": "10"},
    "minimum notional raised": {"min_notional": "50"},
    "tick coarser": {"tick": "0.01"},
}


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
