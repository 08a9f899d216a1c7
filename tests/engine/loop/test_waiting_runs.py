"""Runs that wait hold no thread: neither one of the service's nor one of the bot's."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import (
    AsyncReconciler,
    LoopSettings,
    MonitorRecord,
    Reconciler,
    RunOutcome,
    RunReport,
    RunSettings,
)
from trueup.simulator import Fault, FaultKind

SICK = RunSettings(
    read_budget=timedelta(seconds=4), pause=timedelta(seconds=2), retry_after=timedelta(hours=1)
)
ONE_THREAD = LoopSettings(interval=timedelta(hours=1), streams=False)
DEADLINE_S = 60.0


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The main account cannot be read, its mirror can; each has a position."""
    with Stage(tmp_path) as stage:
        for uid in UIDS.values():
            stage.sim.open_position(uid, "BANDUSDT", "Sell", "307.3", "0.6800")
        fault = Fault(
            kind=FaultKind.SERVER_ERROR, uid=UIDS["main"], path="order/realtime", times=None
        )
        stage.sim.inject(fault)
        stage.reconciler.close()
        stage.reconciler = Reconciler(
            stage.url,
            accounts=stage.accounts(),
            settings=SICK,
            sinks=[],
            randomness=CountedChance(),
            connect=stage.connect,
        )
        yield stage


@pytest.fixture
def lines() -> Iterator[SimpleQueue[str]]:
    """What is logged."""
    kept: SimpleQueue[str] = SimpleQueue()
    sink = logger.add(kept.put, level="INFO", format="{message}")
    yield kept
    logger.remove(sink)


@pytest.fixture
def runs(stage: Stage) -> SimpleQueue[RunReport]:
    """The reports of a service with a single thread, the sick account's monitor first."""
    for account in ("main", "mirror"):
        stage.reconciler.watch(account, "BANDUSDT", "Sell", BAND_LADDER)
    reports: SimpleQueue[RunReport] = SimpleQueue()
    stage.reconciler.start(settings=ONE_THREAD, on_run=lambda _why, report: reports.put(report))
    return reports


def test_a_run_that_waits_holds_up_no_other(runs: SimpleQueue[RunReport]) -> None:
    ended = [runs.get(timeout=DEADLINE_S) for _ in range(2)]
    assert [(report.key.account, report.outcome) for report in ended] == [
        ("mirror", RunOutcome.SUCCESS),
        ("main", RunOutcome.FAILED),
    ]


def test_a_stop_lets_a_run_that_waits_come_to_its_end(
    stage: Stage, runs: SimpleQueue[RunReport]
) -> None:
    runs.get(timeout=DEADLINE_S)
    assert stage.reconciler.stop()
    assert runs.get(timeout=DEADLINE_S).outcome is RunOutcome.FAILED
    main = stage.reconciler.monitors()[0]
    assert (main.last_outcome, main.state) == (RunOutcome.FAILED, "Idle")


def test_a_stop_keeps_its_patience_while_a_run_waits(
    stage: Stage, runs: SimpleQueue[RunReport]
) -> None:
    runs.get(timeout=DEADLINE_S)
    assert not stage.reconciler.stop(timedelta(0))
    assert runs.get(timeout=DEADLINE_S).outcome is RunOutcome.FAILED


def test_a_longer_wait_is_logged_and_in_the_database_while_it_lasts(
    stage: Stage, lines: SimpleQueue[str], runs: SimpleQueue[RunReport]
) -> None:
    while "⏳" not in (line := lines.get(timeout=DEADLINE_S)):
        pass
    assert "no read agrees with the record" in line
    main = stage.reconciler.store.rows("monitor_status")[0]
    assert main["waits_for"] in ("", "no read agrees with the record")
    assert {runs.get(timeout=DEADLINE_S).key.account for _ in range(2)} == {"main", "mirror"}
    main = stage.reconciler.store.rows("monitor_status")[0]
    assert (main["waits_until"], main["waits_for"]) == (None, "")


def _bot(stage: Stage) -> AsyncReconciler:
    stage.reconciler.close()
    return AsyncReconciler(
        stage.url,
        accounts=list(stage.accounts()),
        settings=replace(SICK, read_budget=timedelta(milliseconds=300)),
        sinks=[],
        connect=stage.connect,
    )


async def _watched(reconciler: AsyncReconciler) -> list[MonitorRecord]:
    names = ("main", "mirror")
    return [await reconciler.watch(one, "BANDUSDT", "Sell", BAND_LADDER) for one in names]


def test_a_bot_keeps_its_own_executor_for_itself(stage: Stage) -> None:
    async def bot() -> str:
        async with _bot(stage) as reconciler:
            sick, _ = await _watched(reconciler)
            runs = [asyncio.create_task(reconciler.reconcile(sick)) for _ in range(8)]
            name = await asyncio.to_thread(lambda: threading.current_thread().name)
            await runs[0]
            assert not any(thread.name == name for thread in _threads("trueup"))
            for run in runs:
                run.cancel()
        return name

    assert asyncio.run(bot()).startswith("asyncio")
    assert _left() == []
    stage.reconciler = stage.open()


def test_a_cancelled_await_lets_the_run_end_and_leaves_nothing(stage: Stage) -> None:
    async def bot() -> None:
        async with _bot(stage) as reconciler:
            _, healthy = await _watched(reconciler)
            run = asyncio.create_task(reconciler.reconcile(healthy))
            await asyncio.sleep(0)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            await reconciler.start(settings=ONE_THREAD)
            before = threading.active_count()
            wait = asyncio.create_task(reconciler.wait())
            await asyncio.sleep(0)
            assert threading.active_count() == before
            wait.cancel()
            await reconciler.stop()

    asyncio.run(bot())
    assert _left() == []
    stage.reconciler = stage.open()
    mirror = stage.reconciler.monitors()[1]
    assert (mirror.last_outcome, mirror.covered) == (RunOutcome.SUCCESS, mirror.position_size)


def _threads(prefix: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(prefix)]


def _left() -> list[threading.Thread]:
    """Threads that have not ended, although they had the time to."""
    for thread in _threads("trueup"):
        thread.join(DEADLINE_S)
    return _threads("trueup")
