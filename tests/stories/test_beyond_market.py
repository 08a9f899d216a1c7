"""The market has passed TP1: with ``wait`` and ``refuse`` it gets no order until it comes back."""

from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.stage import BAND_LADDER, SETTINGS, Stage
from tests.stories.conftest import MIRROR
from tests.stories.transcript import transcript
from trueup import BeyondMarket, RunOutcome


@pytest.mark.parametrize("verdict", [BeyondMarket.WAIT, BeyondMarket.REFUSE])
def test_tp1_is_placed_when_the_market_comes_back(
    tmp_path: Path, verdict: BeyondMarket, snapshot: SnapshotAssertion
) -> None:
    with Stage(tmp_path, settings=replace(SETTINGS, beyond_market=verdict)) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        stage.sim.set_price("BANDUSDT", "0.6500")
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.reconciler.reconcile(mirror)
        stage.reconciler.reconcile(mirror)
        stage.sim.set_price("BANDUSDT", "0.6600")
        assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
        assert transcript(stage) == snapshot
