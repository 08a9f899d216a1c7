"""A handler of the bot's log that blocks holds up no account; one that goes on so is alerted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import LoopSettings, Reconciler, RunOutcome, RunReport
from trueup.adapters.notify import CallableSink
from trueup.domain.model.alert import Alert
from trueup.domain.ports import Moment
from trueup.engine.jobs.watchdog import LOG_TOO_LONG

if TYPE_CHECKING:
    from loguru import Message

SWEPT = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
PATIENCE_S = 60.0


class Bot:
    """A bot with two accounts, and what it is given."""

    def __init__(self, stage: Stage) -> None:
        self.alerts: SimpleQueue[Alert] = SimpleQueue()
        self.reports: SimpleQueue[RunReport] = SimpleQueue()
        stage.reconciler.close()
        self.reconciler = stage.reconciler = Reconciler(
            stage.url,
            accounts=stage.accounts(),
            sinks=[CallableSink(self.alerts.put)],
            randomness=CountedChance(),
            connect=stage.connect,
        )
        for account in UIDS:
            stage.sim.open_position(UIDS[account], "BANDUSDT", "Sell", "307.3", "0.6800")
            self.reconciler.watch(account, "BANDUSDT", "Sell", BAND_LADDER)

    def start(self) -> None:
        """Starts the service; every account has its ladder."""
        self.reconciler.start(settings=SWEPT, on_run=lambda _why, report: self.reports.put(report))
        reports = [self.reports.get(timeout=PATIENCE_S) for _ in UIDS]
        assert {report.key.account: report.is_true for report in reports} == dict.fromkeys(
            UIDS, True
        )

    def hears(self, title: str) -> Alert:
        """The next alert that has this title."""
        while title not in (alert := self.alerts.get(timeout=PATIENCE_S)).text.splitlines()[0]:
            pass
        return alert


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    """The bot on a simulated exchange."""
    with Stage(tmp_path) as stage:
        yield Bot(stage)


@contextmanager
def handler(handle: Callable[["Message"], None]) -> Iterator[None]:
    """A handler of the bot's for all lines of trueup's."""
    number = logger.add(handle, level="INFO", format="{message}")
    try:
        yield
    finally:
        logger.remove(number)


def test_one_that_does_not_return_holds_up_no_account_and_is_alerted(bot: Bot) -> None:
    goes_on, lines = Event(), list[str]()

    def block(line: object) -> None:
        goes_on.wait(PATIENCE_S)
        lines.append(str(line))

    with handler(block):
        bot.start()
        (dog,) = bot.reconciler._service.jobs._watchdogs  # type: ignore[union-attr] # noqa: SLF001 - its thread checks every ten seconds
        clock = dog._clock  # noqa: SLF001 - the same

        class Later:
            now = clock.now

            def moment(self) -> Moment:
                return clock.moment() + LOG_TOO_LONG

        dog._also()  # noqa: SLF001 - the same
        dog._clock = Later()  # noqa: SLF001 - the same
        dog.check()
        alert = bot.hears("A LOG HANDLER DOES NOT KEEP UP")
        assert alert.status is RunOutcome.PARTIAL
        assert lines == []
        goes_on.set()
        assert "the log goes on" in bot.hears("THE CALL HAS RETURNED").text
        assert bot.reconciler.stop()
    assert sum("REBALANCED SUCCESSFULLY" in line for line in lines) == 8


def test_one_that_takes_its_time_for_each_line_holds_up_no_account(bot: Bot) -> None:
    stamps = list[float]()

    def dawdle(_line: object) -> None:
        time.sleep(0.05)
        stamps.append(time.monotonic())

    with handler(dawdle):
        bot.start()
        ran_at = time.monotonic()
        assert bot.reconciler.stop()
    assert any(at > ran_at for at in stamps)


def test_one_that_never_returns_holds_up_no_stop(bot: Bot) -> None:
    goes_on = Event()

    def block(_line: object) -> None:
        goes_on.wait(PATIENCE_S)

    with handler(block):
        bot.start()
        assert bot.reconciler.stop(timedelta(seconds=PATIENCE_S))
        goes_on.set()
