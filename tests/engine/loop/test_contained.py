"""What is not ours cannot stop us: callbacks, sinks and log handlers that raise or block."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import LoopSettings, MonitorRecord, Reconciler, RunReport
from trueup.adapters.notify import CallableSink
from trueup.domain.model.alert import Alert

ONE_THREAD = LoopSettings(interval=timedelta(milliseconds=100), threads=1, streams=False)
PATIENCE_S = 60.0


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A position of the mirror."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        yield stage


def reconciler_of(stage: Stage, take: Callable[[Alert], object]) -> MonitorRecord:
    """Opens the reconciler anew with this sink, and watches the position."""
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url,
        accounts=stage.accounts(),
        sinks=[CallableSink(take)],
        randomness=CountedChance(),
        connect=stage.connect,
    )
    return stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)


def grow(stage: Stage) -> None:
    """The position grows, so that another run is due."""
    stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "921.9", "0.6800")


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit, GeneratorExit])
def test_a_callback_that_raises_ends_no_thread(stage: Stage, kind: type[BaseException]) -> None:
    reconciler_of(stage, lambda _alert: None)
    reports: SimpleQueue[RunReport] = SimpleQueue()

    def raises(_why: str, report: RunReport) -> None:
        reports.put(report)
        raise kind("the bot's own")

    stage.reconciler.start(settings=ONE_THREAD, on_run=raises)
    assert reports.get(timeout=PATIENCE_S).is_true
    grow(stage)
    assert reports.get(timeout=PATIENCE_S).is_true
    assert stage.reconciler.stop()


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit, GeneratorExit])
def test_a_sink_that_raises_is_asked_again(stage: Stage, kind: type[BaseException]) -> None:
    taken: SimpleQueue[Alert] = SimpleQueue()
    left, raised = [kind("the messenger's own")], threading.Event()

    def take(alert: Alert) -> None:
        if left:
            raised.set()
            raise left.pop()
        taken.put(alert)

    monitor = reconciler_of(stage, take)
    stage.reconciler.start(settings=ONE_THREAD)
    assert raised.wait(PATIENCE_S)
    grow(stage)
    assert [taken.get(timeout=PATIENCE_S).key for _ in range(2)] == [monitor.key] * 2


def test_a_sink_that_blocks_does_not_hold_up_a_stop(stage: Stage) -> None:
    blocked, freed = threading.Event(), threading.Event()

    def block(_alert: Alert) -> None:
        blocked.set()
        freed.wait(PATIENCE_S)

    reconciler_of(stage, block)
    stage.reconciler.start(settings=ONE_THREAD)
    assert blocked.wait(PATIENCE_S)
    assert not stage.reconciler.stop(timedelta(milliseconds=50))
    freed.set()


def test_a_log_handler_that_raises_keeps_no_ladder_from_being_placed(stage: Stage) -> None:
    def raises(_message: object) -> None:
        raise OSError("the log is full")

    monitor = reconciler_of(stage, lambda _alert: None)
    handler = logger.add(raises, level="INFO", catch=False)
    try:
        report = stage.reconciler.reconcile(monitor)
    finally:
        logger.remove(handler)
    assert report.is_true
    assert sum(order.leaves for order in stage.sim.orders(UIDS["mirror"])) > 307
