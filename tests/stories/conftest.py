"""The stage of every story: a mirror short on BANDUSDT, three entries of 307.3."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.replayed import replayed
from tests.stage import BAND_LADDER, UIDS, Stage
from tests.stories.transcript import transcript
from trueup import MonitorRecord

MIRROR = UIDS["mirror"]
Compare = Callable[[], None]


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """An open stage with nothing on it; once the story is over, its record is replayed."""
    with Stage(tmp_path) as opened:
        yield opened
    if request.node.get_closest_marker("defect") is None:
        assert "\n".join(line for run in replayed(opened.url) for line in run.lines) == ""


@pytest.fixture
def mirror(stage: Stage) -> MonitorRecord:
    """A mirror short of 307.3 at 0.68, watched, with no order resting."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)


@pytest.fixture
def laddered(stage: Stage, mirror: MonitorRecord) -> MonitorRecord:
    """The same with its ladder resting: 261.2 + 15.4 + 15.4 + 15.3."""
    stage.prologue.add(stage.reconciler.reconcile(mirror).run_id)
    return mirror


@pytest.fixture
def compare(stage: Stage, snapshot: SnapshotAssertion) -> Compare:
    """Compares the transcript of the whole story with the reviewed one."""

    def with_reviewed() -> None:
        assert transcript(stage) == snapshot

    return with_reviewed
