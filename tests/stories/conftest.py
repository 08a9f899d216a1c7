"""The stage of every story: a mirror short on BANDUSDT, three entries of 307.3."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.amber import AmberSnapshotExtension
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

from tests.postgres import Server
from tests.replayed import replayed
from tests.stage import BAND_LADDER, UIDS, Stage
from tests.stories.transcript import transcript
from trueup import MonitorRecord

MIRROR = UIDS["mirror"]
Compare = Callable[[], None]


ON_BOTH = ("test_happy", "test_close", "test_stop_order")
"""The stories that every run of the tests plays on PostgreSQL, too."""
ALL = "TRUEUP_STORIES_ON_POSTGRES"
"""The variable of the environment by which all stories are played on both."""


class OneForBoth(AmberSnapshotExtension):
    """The reviewed transcript of a story is the same, whichever database it is played on."""

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The name without the database."""
        name = super().get_snapshot_name(test_location=test_location, index=index)
        return re.sub(r"\[postgres\]|(?<=\[)postgres-|-postgres(?=\])", "", name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Has a story played on SQLite, and on PostgreSQL where it is one of those for both."""
    if "database" not in metafunc.fixturenames:
        return
    module = metafunc.module.__name__.rpartition(".")[2]
    is_for_both = module in ON_BOTH or ALL in os.environ
    metafunc.parametrize(
        "database",
        [
            pytest.param("sqlite", id=pytest.HIDDEN_PARAM),
            *([pytest.param("postgres", id="postgres")] if is_for_both else []),
        ],
    )


@pytest.fixture
def stage(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """An open stage with nothing on it; once the story is over, its record is replayed."""
    with ExitStack() as opened:
        url = None
        if database == "postgres":
            server: Server = request.getfixturevalue("postgres")
            url = opened.enter_context(server.database())
        with Stage(tmp_path, database=url) as played:
            yield played
        if request.node.get_closest_marker("defect") is None:
            assert "\n".join(line for run in replayed(played.url) for line in run.lines) == ""


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
    reviewed = snapshot.use_extension(OneForBoth)

    def with_reviewed() -> None:
        assert transcript(stage) == reviewed

    return with_reviewed
