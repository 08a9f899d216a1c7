"""The thread that does all jobs ends of a defect, or stands still: that is never silent."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import AsyncReconciler, LoopSettings, Reconciler, RunReport
from trueup.adapters.notify import CallableSink
from trueup.aio.loop_thread import LOOP, LoopThread, at_death, submit
from trueup.domain.model.alert import Alert
from trueup.domain.model.errors import LoopDied
from trueup.domain.ports import Moment
from trueup.engine.jobs.watchdog import TOO_LONG

SWEPT = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
PATIENCE = timedelta(seconds=30)
Kill = Callable[[asyncio.AbstractEventLoop], None]


def kill_once(loop: asyncio.AbstractEventLoop) -> None:
    """A defect breaks one round of the loop."""
    inside: Any = loop

    def break_off() -> None:
        del inside._run_once  # noqa: SLF001 - what CPython's loops do again and again
        raise ValueError("a defect")

    inside._run_once = break_off  # noqa: SLF001 - the same
    loop.call_soon_threadsafe(lambda: None)


def kill_for_good(loop: asyncio.AbstractEventLoop) -> None:
    """The loop cannot ask its sockets any more."""
    selector = vars(loop)["_selector"]
    loop.call_soon_threadsafe(selector.close)


@pytest.fixture(params=[kill_once, kill_for_good])
def kill(request: pytest.FixtureRequest) -> Kill:
    """How the loop dies."""
    found: Kill = request.param
    return found


class Bot:
    """A bot with trueup in it, which keeps what it is given."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.alerts: SimpleQueue[Alert] = SimpleQueue()
        self.reports: SimpleQueue[RunReport] = SimpleQueue()
        stage.reconciler.close()
        stage.reconciler = self.open()
        stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        self.monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        self.start()

    def open(self) -> Reconciler:
        """The reconciler."""
        return Reconciler(
            self.stage.url,
            accounts=self.stage.accounts(),
            sinks=[CallableSink(self.alerts.put)],
            randomness=CountedChance(),
            connect=self.stage.connect,
        )

    def open_async(self) -> AsyncReconciler:
        """The same for asyncio."""
        return AsyncReconciler(
            self.stage.url, accounts=self.stage.accounts(), connect=self.stage.connect
        )

    def hears(self, title: str) -> Alert:
        """The next alert that has this title."""
        while True:
            alert = self.alerts.get(timeout=PATIENCE.total_seconds())
            if title in alert.text.splitlines()[0]:
                return alert

    def start(self) -> None:
        """Starts the service, and waits for a run."""
        self.stage.reconciler.start(
            settings=SWEPT, on_run=lambda _why, report: self.reports.put(report)
        )
        self.stage.reconciler.wake(self.monitor)
        assert self.reports.get(timeout=PATIENCE.total_seconds()).is_true


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """The bot on a simulated exchange."""
    with Stage(tmp_path) as stage:
        yield Bot(stage)


def kill_the_loop(kill: Kill) -> None:
    """Kills the loop of the process."""
    loop = LOOP.hold()
    LOOP.release(loop)
    kill(loop)


def test_it_ends_the_service_loudly(bot: Bot, kill: Kill) -> None:
    said: list[str] = []
    handler = logger.add(lambda message: said.append(str(message)), level="CRITICAL")
    stopped = Event()
    bot.stage.reconciler.when_stopped(stopped.set)
    kill_the_loop(kill)
    with pytest.raises(LoopDied, match="the thread that does all jobs has ended"):
        bot.stage.reconciler.wait(PATIENCE)
    assert stopped.wait(PATIENCE.total_seconds())
    alert = bot.hears("TRUEUP HAS STOPPED")
    assert "the thread that does all jobs has ended" in alert.text
    assert "report the defect" in alert.text
    with pytest.raises(LoopDied):
        bot.stage.reconciler.close()
    logger.remove(handler)
    assert any("Traceback" in line for line in said)


def test_it_may_be_started_again(bot: Bot, kill: Kill) -> None:
    kill_the_loop(kill)
    with pytest.raises(LoopDied):
        bot.stage.reconciler.wait(PATIENCE)
    with pytest.raises(LoopDied):
        bot.stage.reconciler.stop()
    bot.start()
    assert bot.stage.reconciler.reconcile(bot.monitor).is_true
    assert bot.stage.reconciler.stop(PATIENCE)


def test_a_run_under_way_ends_as_by_a_kill_and_the_next_start_goes_on(bot: Bot, kill: Kill) -> None:
    asked, goes_on = Event(), Event()

    def hold(*_args: object) -> None:
        asked.set()
        goes_on.wait(PATIENCE.total_seconds())

    bot.stage.before("amend", hold)
    bot.hears("TP REBALANCING SUCCESS")
    bot.stage.sim.set_position(UIDS["mirror"], "BANDUSDT", "Sell", "921.9", "0.6800")
    assert asked.wait(PATIENCE.total_seconds())
    kill_the_loop(kill)
    with pytest.raises(LoopDied):
        bot.stage.reconciler.wait(PATIENCE)
    goes_on.set()
    with pytest.raises(LoopDied):
        bot.stage.reconciler.stop()
    bot.hears("TRUEUP HAS STOPPED")
    while not bot.reports.empty():
        assert bot.reports.get().is_true
    bot.start()
    assert bot.stage.reconciler.reconcile(bot.monitor).covered == Decimal("921.9")
    assert bot.stage.reconciler.stop(PATIENCE)
    while not bot.alerts.empty():
        assert "internal error" not in bot.alerts.get().text


def test_a_bot_on_asyncio_has_it_raised_too(bot: Bot, kill: Kill) -> None:
    bot.stage.reconciler.close()

    async def serve() -> None:
        async with bot.open_async() as reconciler:
            await reconciler.start(settings=SWEPT)
            kill_the_loop(kill)
            await reconciler.wait(PATIENCE)

    with pytest.raises(LoopDied):
        asyncio.run(serve())
    bot.stage.reconciler = bot.open()


def test_whoever_asks_too_late_is_notified_at_once() -> None:
    thread, died = LoopThread("test-loop"), SimpleQueue[BaseException]()
    loop = thread.hold()
    at_death(loop, died.put)
    at_death(loop, lambda _error: 1 / 0)
    at_death(loop, died.put)()
    kill_once(loop)
    assert str(died.get(timeout=PATIENCE.total_seconds())) == "a defect"
    at_death(loop, died.put)
    assert str(died.get_nowait()) == "a defect"
    thread.release(loop)
    again = thread.hold()
    assert again is not loop
    assert submit(again, asyncio.sleep(0, 7)).result(PATIENCE.total_seconds()) == 7
    thread.release(loop)
    assert submit(again, asyncio.sleep(0, 8)).result(PATIENCE.total_seconds()) == 8
    thread.release(again)


def test_a_loop_that_stands_still_is_alerted_with_its_place_in_the_log(bot: Bot) -> None:
    said: list[str] = []
    handler = logger.add(lambda message: said.append(str(message)), level="ERROR")
    (dog,) = bot.stage.reconciler._service.jobs._watchdogs  # type: ignore[union-attr] # noqa: SLF001 - its thread checks every ten seconds
    stands, goes_on, clock = Event(), Event(), dog._clock  # noqa: SLF001 - the same

    def stand_still() -> None:
        stands.set()
        goes_on.wait(PATIENCE.total_seconds())

    LOOP.hold().call_soon_threadsafe(stand_still)
    stands.wait(PATIENCE.total_seconds())
    dog._also()  # noqa: SLF001 - the same

    class Later:
        now = clock.now

        def moment(self) -> Moment:
            return clock.moment() + TOO_LONG

    dog._clock = Later()  # noqa: SLF001 - the same
    dog.check()
    assert "has not answered for 120 s" in bot.hears("TRUEUP STANDS STILL").text
    goes_on.set()
    while "the thread that does all jobs" not in bot.hears("THE CALL HAS RETURNED").text:
        pass
    LOOP.release()
    logger.remove(handler)
    assert any("in stand_still" in line for line in said)
