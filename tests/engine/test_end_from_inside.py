"""`stop` and `close` called by what the engine calls: carried out or refused, never stuck."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import (
    Alert,
    AsyncReconciler,
    ConfigurationError,
    LoopSettings,
    Reconciler,
)
from trueup.adapters.notify import CallableSink
from trueup.aio.loop_thread import LOOP

PATIENCE = timedelta(seconds=60)
SWEPT = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
End = Callable[[Reconciler], object]


class Bot:
    """A bot that ends the engine from within what the engine calls.

    Attributes:
        act: what is done, once.
        caller: the name of the function that does it.
        ends: what came of it: what was returned, or raised.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.act: Callable[[], object] | None = None
        self.caller = "sink"
        self.ends: SimpleQueue[object] = SimpleQueue()
        stage.reconciler.close()
        stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        stage.reconciler = Reconciler(
            stage.url,
            accounts=stage.accounts(),
            sinks=[CallableSink(self.sink)],
            randomness=CountedChance(),
            connect=stage.connect,
        )
        stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)

    def sink(self, _alert: Alert) -> None:
        """Takes the alert."""
        if self.caller == "sink":
            self.does()

    def does(self, *_: object) -> None:
        """Acts once, and keeps what comes of it."""
        act, self.act = self.act, None
        if act is None:
            return
        try:
            self.ends.put(act())
        except ConfigurationError as error:
            self.ends.put(error)

    def came(self) -> object:
        """What came of it."""
        return self.ends.get(timeout=PATIENCE.total_seconds())


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """The bot on a simulated exchange."""
    with Stage(tmp_path) as stage:
        yield Bot(stage)


def start(bot: Bot, caller: str) -> None:
    """Starts the service, whose function of that name acts; a sink acts by itself."""
    bot.caller = caller
    callbacks: dict[str, Any] = {caller: bot.does} if caller.startswith("on_") else {}
    bot.stage.reconciler.start(settings=SWEPT, **callbacks)


@pytest.mark.parametrize("caller", ["on_run", "on_sweep", "on_event", "sink"])
@pytest.mark.parametrize("patience", [None, timedelta(0)])
def test_stop_is_carried_out_and_waits_for_nothing(
    bot: Bot, caller: str, patience: timedelta | None
) -> None:
    bot.act = lambda: bot.stage.reconciler.stop(patience)
    start(bot, caller)
    fill(bot, caller)
    assert bot.came() is False
    assert bot.stage.reconciler.wait(PATIENCE)
    assert bot.stage.reconciler.stop()
    assert bot.ends.empty()


@pytest.mark.parametrize("caller", ["on_run", "on_sweep", "on_event", "sink"])
def test_close_stops_the_service_and_says_who_is_to_close_it(bot: Bot, caller: str) -> None:
    bot.act = bot.stage.reconciler.close
    start(bot, caller)
    fill(bot, caller)
    assert "from a thread of your own" in str(bot.came())
    assert bot.stage.reconciler.wait(PATIENCE)
    bot.stage.reconciler.close()
    bot.stage.reconciler.close()


def fill(bot: Bot, caller: str) -> None:
    """What gives rise to an event, where the bot waits for one."""
    if caller == "on_event":
        monitor = bot.stage.reconciler.monitors()[0]
        while not (orders := bot.stage.sim.orders(UIDS["mirror"])):
            bot.stage.reconciler.wait(timedelta(milliseconds=20))
        bot.stage.sim.fill(UIDS["mirror"], orders[0].order_id)
        bot.stage.reconciler.wake(monitor)


@pytest.mark.parametrize("how", ["stop", "close"])
def test_a_sink_of_a_caller_s_own_run_may_end_it(bot: Bot, how: str) -> None:
    bot.act = getattr(bot.stage.reconciler, how)
    monitor = bot.stage.reconciler.monitors()[0]
    assert bot.stage.reconciler.reconcile(monitor).is_true
    came = bot.came()
    assert came is True if how == "stop" else "from a thread of your own" in str(came)
    assert bot.stage.reconciler.store.pending_alerts() == ()
    bot.stage.reconciler.close()


@pytest.mark.parametrize("how", ["stop", "close"])
def test_the_loop_s_own_thread_is_never_stuck(bot: Bot, how: str) -> None:
    start(bot, "the loop")
    bot.act = getattr(bot.stage.reconciler, how)
    loop = LOOP.hold()
    loop.call_soon_threadsafe(bot.does)
    came = bot.came()
    assert came is False if how == "stop" else "from a thread of your own" in str(came)
    LOOP.release(loop)
    assert bot.stage.reconciler.stop()


@pytest.mark.parametrize("caller", ["on_run", "sink"])
def test_a_coroutine_of_a_bot_on_asyncio_may_close_it(bot: Bot, caller: str) -> None:
    stage = bot.stage
    stage.reconciler.close()
    called = Event()

    async def serve() -> None:
        loop, asked = asyncio.get_running_loop(), asyncio.Event()

        def ask(*_: object) -> None:
            called.set()
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(asked.set)

        sinks = [CallableSink(ask)] if caller == "sink" else []
        async with AsyncReconciler(
            stage.url, accounts=stage.accounts(), connect=stage.connect, sinks=sinks
        ) as reconciler:
            await reconciler.start(settings=SWEPT, on_run=ask)
            await asked.wait()
            await asyncio.gather(reconciler.close(), reconciler.close())

    asyncio.run(asyncio.wait_for(serve(), PATIENCE.total_seconds()))
    assert called.is_set()
    stage.reconciler = stage.open()


@pytest.mark.parametrize("how", ["stop", "close"])
def test_a_callback_may_wait_for_the_coroutine_that_ends_it(bot: Bot, how: str) -> None:
    stage = bot.stage
    stage.reconciler.close()

    async def serve() -> None:
        loop, came = asyncio.get_running_loop(), asyncio.Queue[None]()
        async with AsyncReconciler(
            stage.url, accounts=stage.accounts(), connect=stage.connect
        ) as reconciler:
            begun: list[object] = []

            def end(*_: object) -> None:
                if begun:
                    return
                begun.append(None)
                ends = asyncio.run_coroutine_threadsafe(getattr(reconciler, how)(), loop)
                with suppress(TimeoutError):
                    ends.result(0.2)
                loop.call_soon_threadsafe(came.put_nowait, None)

            await reconciler.start(settings=SWEPT, on_run=end)
            await came.get()

    asyncio.run(asyncio.wait_for(serve(), PATIENCE.total_seconds()))
    stage.reconciler = stage.open()
    assert stage.reconciler.monitors()
