"""A position of another mode than its account is configured for: that monitor sends no write."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, Stage
from trueup import Account, RunOutcome
from trueup.domain.model.identity import PositionMode

HEDGED = "303"


class Hedged(Stage):
    """A stage with an account in hedge mode that is configured as one-way."""

    def accounts(self) -> list[Account]:
        """That account."""
        url = self.server.url
        mode = PositionMode.ONE_WAY
        return [Account("hedged", "h-key", "h-secret", environment=url, position_mode=mode)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Hedged]:
    """The stage, with a long of 1000 in hedge mode."""
    made = Hedged(tmp_path)
    made.sim.add_account(uid=HEDGED, api_key="h-key", api_secret="h-secret", hedge=True)
    made.sim.open_position(HEDGED, "BANDUSDT", "Sell", "1000", "0.6800")
    with made:
        yield made


def test_a_wrong_position_mode_is_named_and_no_write_leaves(stage: Hedged) -> None:
    monitor = stage.reconciler.watch("hedged", "BANDUSDT", "Sell", BAND_LADDER)
    report = stage.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SKIPPED
    assert 'set `position_mode = "hedge"`' in stage.alerts[0].text
    assert "• Position Size: 1000" in stage.alerts[0].text
    assert stage.writes() == []
    (examined,) = stage.reconciler.examine()
    assert examined.is_refused
    stage.sim.switch_mode(HEDGED, "BANDUSDT", hedge=True)
    stage.reconciler.reconcile(monitor)
    assert len(stage.alerts) == 1
