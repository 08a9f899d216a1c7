"""Why a mirror without a ladder gets none from its main: the alert gives each reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.stage import BAND_LADDER, UIDS, Stage
from tests.stories.conftest import MIRROR, Compare
from tests.stories.transcript import transcript
from trueup import Account, Ladder, MonitorRecord, RunOutcome

MAIN = UIDS["main"]
LONG_LADDER = Ladder.of(("0.7200", 85), ("0.7400", 15))


class LoneMirror(Stage):
    """A stage whose mirror follows nobody."""

    def accounts(self) -> list[Account]:
        """Both accounts, with nothing between them."""
        return [replace(account, follows=None) for account in super().accounts()]


@pytest.fixture
def unladdered(stage: Stage) -> MonitorRecord:
    """The mirror's short, watched without a ladder."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell")


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Stage]:
    """An open stage without a main."""
    with LoneMirror(tmp_path) as opened:
        yield opened


def test_a_mirror_that_follows_nobody(lone: Stage, snapshot: SnapshotAssertion) -> None:
    lone.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = lone.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert lone.reconciler.reconcile(monitor).outcome is RunOutcome.SKIPPED
    assert transcript(lone) == snapshot


def test_a_main_without_a_ladder(stage: Stage, unladdered: MonitorRecord, compare: Compare) -> None:
    stage.sim.open_position(MAIN, "BANDUSDT", "Sell", "900", "0.6800")
    stage.reconciler.watch("main", "BANDUSDT", "Sell")
    assert stage.reconciler.reconcile(unladdered).outcome is RunOutcome.SKIPPED
    compare()


def test_a_main_whose_position_is_of_the_other_side(
    stage: Stage, unladdered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.open_position(MAIN, "BANDUSDT", "Buy", "900", "0.6900")
    main = stage.reconciler.watch("main", "BANDUSDT", "Buy", LONG_LADDER)
    stage.prologue.add(stage.reconciler.reconcile(main).run_id)
    assert stage.reconciler.reconcile(unladdered).outcome is RunOutcome.SKIPPED
    compare()


def test_a_main_that_turned_left_its_ladder_behind(
    stage: Stage, unladdered: MonitorRecord, compare: Compare
) -> None:
    left = stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.open_position(MAIN, "BANDUSDT", "Buy", "900", "0.6900")
    main = stage.reconciler.watch("main", "BANDUSDT", "Buy", LONG_LADDER)
    stage.prologue |= {stage.reconciler.reconcile(each).run_id for each in (left, main)}
    assert stage.reconciler.reconcile(unladdered).outcome is RunOutcome.SKIPPED
    compare()
