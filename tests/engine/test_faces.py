"""The public faces: preview, async, and a library that keeps quiet."""

import asyncio
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from loguru import logger

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, Stage
from trueup import (
    Account,
    AsyncReconciler,
    ConfigurationError,
    LoopSettings,
    MonitorRecord,
    Reconciler,
    RunOutcome,
    RunReport,
)
from trueup.adapters.bybit import BybitExchange

ACCOUNTS = (Account("main", "key", "secret"), Account("other", "key", "secret"))


def test_a_preview_sends_and_stores_nothing(stage: Stage, mirror: MonitorRecord) -> None:
    preview = stage.reconciler.preview(mirror)
    assert preview.event == "short"
    assert preview.actions[0] == "place TP1 261.2 at 0.6528"
    assert stage.writes() == []
    assert stage.reconciler.store.rows("transition_log") == []
    assert stage.reconciler.store.load(mirror.key) == mirror


def test_async_bots_get_the_same(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    stage.reconciler.close()

    async def bot() -> list[RunOutcome]:
        async with AsyncReconciler(
            stage.url,
            accounts=list(stage.accounts()),
            sinks=[],
            clock=stage.clock,
            randomness=stage.randomness,
            connect=stage.connect,
        ) as reconciler:
            monitor = await reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
            first = await reconciler.reconcile(monitor)
            rest = await reconciler.reconcile_all()
            await reconciler.unwatch(monitor)
            assert [one.is_watched for one in await reconciler.monitors()] == [False]
            return [first.outcome, *(report.outcome for report in rest)]

    assert asyncio.run(bot()) == [RunOutcome.SUCCESS, RunOutcome.IN_SYNC]
    stage.reconciler = stage.open()


def test_async_bots_let_it_run_by_itself(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    stage.reconciler.close()

    async def bot() -> RunReport:
        loop, runs = asyncio.get_running_loop(), asyncio.Queue[RunReport]()

        def ran(_reason: str, report: RunReport) -> None:
            loop.call_soon_threadsafe(runs.put_nowait, report)

        async with AsyncReconciler(
            stage.url, accounts=list(stage.accounts()), sinks=[], connect=stage.connect
        ) as reconciler:
            await reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
            await reconciler.start(
                settings=LoopSettings(interval=timedelta(hours=1)),
                on_run=ran,
            )
            report = await asyncio.wait_for(runs.get(), timeout=60)
            assert reconciler.views() == ()
            assert not await reconciler.wait(timedelta(milliseconds=1))
            assert await reconciler.stop()
            assert await reconciler.wait()
            return report

    report = asyncio.run(bot())
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 4)
    stage.reconciler = stage.open()


def test_async_bots_stop_what_is_written(stage: Stage) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    stage.reconciler.close()

    async def bot() -> list[RunOutcome]:
        async with AsyncReconciler(
            stage.url, accounts=stage.accounts(), sinks=[], clock=stage.clock, connect=stage.connect
        ) as reconciler:
            monitor = await reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
            paused = await reconciler.pause("mirror", by="ann")
            assert (paused.by, paused.acknowledged_at is None) == ("ann", False)
            outcomes = [(await reconciler.reconcile(monitor)).outcome]
            await reconciler.halt()
            with pytest.raises(ConfigurationError, match="resume --all"):
                await reconciler.resume("mirror")
            await reconciler.resume(everything=True)
            outcomes.append((await reconciler.reconcile(monitor)).outcome)
            return outcomes

    assert asyncio.run(bot()) == [RunOutcome.SKIPPED, RunOutcome.SUCCESS]
    stage.reconciler = stage.open()


def test_async_bots_close_it_themselves(stage: Stage) -> None:
    stage.reconciler.close()

    async def bot() -> None:
        reconciler = await AsyncReconciler(
            stage.url, accounts=list(stage.accounts()), sinks=[], connect=stage.connect
        ).__aenter__()
        await reconciler.close()

    asyncio.run(bot())
    stage.reconciler = stage.open()


def test_a_close_that_is_cancelled_goes_on(stage: Stage) -> None:
    stage.reconciler.close()

    async def bot() -> AsyncReconciler:
        asynchronous = AsyncReconciler(
            stage.url, accounts=stage.accounts(), sinks=[], connect=stage.connect
        )
        await asynchronous.__aenter__()
        await asynchronous.start(settings=LoopSettings(interval=timedelta(hours=1)))
        closing = asyncio.ensure_future(asynchronous.close())
        await asyncio.sleep(0)
        closing.cancel()
        closing.cancel()
        with suppress(asyncio.CancelledError):
            await closing
        return asynchronous

    asyncio.run(bot())
    for thread in threading.enumerate():
        if thread.name.startswith("trueup-calls"):
            thread.join(60)
    stage.reconciler = stage.open()
    assert stage.reconciler.monitors() == ()


def test_a_log_line_names_the_function_that_decided(stage: Stage, mirror: MonitorRecord) -> None:
    origins: list[str] = []
    logger.enable("trueup")
    handler = logger.add(origins.append, format="{name}:{function} {message}")
    try:
        stage.reconciler.reconcile(mirror)
    finally:
        logger.remove(handler)
    assert "trueup.states.validating:_compare 🔍 Validating TP orders" in "".join(origins)
    assert "lambda" not in "".join(origins)


def test_a_function_is_no_sink(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trueup.db'}"
    wrong: tuple[tuple[Any, str], ...] = (
        (print, "wrap it in CallableSink"),
        (7, "it has no method deliver"),
    )
    for sink, says in wrong:
        with pytest.raises(ConfigurationError, match=says):
            Reconciler(url, accounts=ACCOUNTS, sinks=[sink])
    assert list(tmp_path.iterdir()) == []


def test_importing_the_library_adds_no_log_handler() -> None:
    code = (
        "import logging, loguru; before = repr(loguru.logger); import trueup; "
        "assert repr(loguru.logger) == before; assert logging.getLogger().handlers == []"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


class Closing(BybitExchange):
    """An exchange that says when it is closed, and may fail to."""

    def __init__(self, account: Account, closed: list[str], *, fails: bool = False) -> None:
        super().__init__(account)
        self._closed = closed
        self._fails = fails

    def close(self) -> None:
        """Closes the exchange, or fails."""
        super().close()
        self._closed.append(self.account)
        if self._fails:
            raise RuntimeError("it does not close")


def opens(tmp_path: Path) -> bool:
    """Whether the database is free."""
    with Reconciler(f"sqlite:///{tmp_path / 'trueup.db'}", accounts=ACCOUNTS) as reconciler:
        return reconciler.monitors() == ()


def test_a_constructor_that_raises_leaves_nothing_open(tmp_path: Path) -> None:
    closed: list[str] = []

    def connect(account: Account) -> BybitExchange:
        if account.name == "other":
            raise RuntimeError("no exchange")
        return Closing(account, closed)

    # The error, which is kept, keeps the half-made reconciler: no garbage collection helps.
    with pytest.raises(RuntimeError, match="no exchange") as _kept:
        Reconciler(f"sqlite:///{tmp_path / 'trueup.db'}", accounts=ACCOUNTS, connect=connect)
    assert closed == ["main"]
    assert opens(tmp_path)


def test_an_exchange_that_does_not_close_keeps_nothing_else_open(tmp_path: Path) -> None:
    closed: list[str] = []
    reconciler = Reconciler(
        f"sqlite:///{tmp_path / 'trueup.db'}",
        accounts=ACCOUNTS,
        connect=lambda account: Closing(account, closed, fails=True),
    )
    with pytest.raises(RuntimeError, match="it does not close") as _kept:
        reconciler.close()
    assert sorted(closed) == ["main", "other"]
    assert opens(tmp_path)
    reconciler.close()
