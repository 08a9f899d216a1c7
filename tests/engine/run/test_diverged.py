"""A mirror whose main was closed, or the other way round: one alert, one all-clear."""

from datetime import timedelta
from decimal import Decimal
from queue import SimpleQueue

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import (
    Event,
    LoopSettings,
    MirrorDiverged,
    MonitorRecord,
    PositionClosed,
    Reconciler,
    Side,
)

MAIN = UIDS["main"]
BAND = "BANDUSDT"
SIZE = Decimal("307.3")


@pytest.fixture
def main(stage: Stage) -> MonitorRecord:
    """The main's short of the same symbol, watched."""
    stage.sim.open_position(MAIN, BAND, "Sell", "1000", "0.6800")
    return stage.reconciler.watch("main", BAND, "Sell", BAND_LADDER)


def both(stage: Stage, main: MonitorRecord, mirror: MonitorRecord) -> tuple[Event, ...]:
    """A run of each; what the mirror's reports."""
    stage.reconciler.reconcile(main)
    return stage.reconciler.reconcile(mirror).events


def a_minute(stage: Stage) -> None:
    """Lets it pass."""
    stage.clock.advance(60_000)


def test_a_main_that_was_closed_is_reported_after_a_minute_and_so_is_the_end(
    stage: Stage, main: MonitorRecord, mirror: MonitorRecord
) -> None:
    both(stage, main, mirror)
    stage.sim.set_position(MAIN, BAND, "Sell", "0")
    assert both(stage, main, mirror) == ()
    a_minute(stage)
    report = stage.reconciler.reconcile(mirror)
    assert report.events == (MirrorDiverged("main", None, SIZE),)
    assert report.writes == 0
    assert report.alert is not None
    assert report.alert.text.startswith("🪞 MIRROR AND MAIN\n")
    line = "🪞 this mirror has parted from main: open with 307.3 here, flat there"
    assert line in report.alert.text
    a_minute(stage)
    assert stage.reconciler.reconcile(mirror).events == ()
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    events = stage.reconciler.reconcile(mirror).events
    assert [type(event) for event in events] == [PositionClosed, MirrorDiverged]
    assert events[1] == MirrorDiverged("main", None, Decimal(0), is_over=True)


def test_a_mirror_that_was_closed(stage: Stage, main: MonitorRecord, mirror: MonitorRecord) -> None:
    both(stage, main, mirror)
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    both(stage, main, mirror)
    a_minute(stage)
    diverged = MirrorDiverged("main", Side.SELL, Decimal(0))
    assert stage.reconciler.reconcile(mirror).events == (diverged,)


def test_two_that_close_within_the_minute_are_no_matter(
    stage: Stage, main: MonitorRecord, mirror: MonitorRecord
) -> None:
    both(stage, main, mirror)
    for uid in (MAIN, MIRROR):
        stage.sim.set_position(uid, BAND, "Sell", "0")
    assert [type(event) for event in both(stage, main, mirror)] == [PositionClosed]
    a_minute(stage)
    assert both(stage, main, mirror) == ()


def test_a_sweep_finds_it_and_the_mirror_runs_once(
    stage: Stage, main: MonitorRecord, mirror: MonitorRecord
) -> None:
    both(stage, main, mirror)
    stage.sim.set_position(MAIN, BAND, "Sell", "0")
    both(stage, main, mirror)
    a_minute(stage)
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url,
        accounts=stage.accounts(),
        sinks=[],
        connect=stage.connect,
        clock=stage.clock,
        randomness=stage.randomness,
    )
    seen: SimpleQueue[Event] = SimpleQueue()
    interval = timedelta(seconds=1)
    settings = LoopSettings(interval=interval, streams=False)
    stage.reconciler.start(settings=settings, on_event=lambda _monitor, event: seen.put(event))
    assert seen.get(timeout=60) == MirrorDiverged("main", None, SIZE)
    assert stage.reconciler.stop()
    assert seen.empty()
