"""A view that shows less than what is on record is not asked again: the exchange is."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, Interrupted, Stage
from trueup import Account, Ladder, RunOutcome
from trueup.adapters.bybit import BybitExchange
from trueup.domain.model.observation import Observation, Reading
from trueup.domain.ports import Exchange

THREE = Ladder.of(("0.6528", 85), ("0.6400", 10), ("0.6200", 5))


class Remembering(Interrupted):
    """Answers from what it read last, as a view does that no event has reached."""

    remembers = False
    known: Observation | None = None

    def observe(self, symbols: Sequence[str]) -> Reading:
        """What it knows; else a read."""
        if self.remembers and self.known is not None:
            return self.known
        reading = super().observe(symbols)
        self.known = reading if isinstance(reading, Observation) else None
        return reading

    def invalidate(self, symbol: str, reason: str) -> None:
        """Forgets what it knows."""
        del symbol, reason
        self.known = None


class Viewing(Stage):
    """A stage whose exchanges remember what they read."""

    def connect(self, account: Account) -> Exchange:
        """The account's exchange."""
        real = BybitExchange(account, self.patience, clock=self.clock)
        made = Remembering(real, self.moments)
        if account.name == "mirror":
            self.view = made
        return made


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Viewing]:
    """An open stage."""
    with Viewing(tmp_path) as opened:
        yield opened


def test_an_order_that_is_shown_as_it_was_is_read_at_once(stage: Viewing) -> None:
    """After a restart the first read lagged, and the stream was opened after the event."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.reconciler.reconcile(monitor)
    before = stage.view.known
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", THREE)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    stage.view.known, stage.view.remembers = before, True
    began = stage.clock.now()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    assert stage.clock.now() - began < timedelta(seconds=1)
