"""The same stage as the stories have."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import MonitorRecord

MIRROR = UIDS["mirror"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open stage with nothing on it."""
    with Stage(tmp_path) as opened:
        yield opened


@pytest.fixture
def mirror(stage: Stage) -> MonitorRecord:
    """A mirror short of 307.3, watched, with no order resting."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
