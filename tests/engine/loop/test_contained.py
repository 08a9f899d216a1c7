"""What is not ours cannot stop us: callbacks, sinks and log handlers that raise or block."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest
from loguru import logger

from tests.stage import BAND_LADDER, UIDS, CountedChance, Stage
from trueup import (
    Account,
    ConfigurationError,
    LoopSettings,
    MonitorKey,
    MonitorRecord,
    Reconciler,
    RunOutcome,
    RunReport,
    Side,
    Sweep,
)
from trueup.adapters.notify import CallableSink
from trueup.aio.threads import Threads
from trueup.domain.model.alert import Alert
from trueup.domain.ports import Exchange
from trueup.engine.jobs.schedule import Job
from trueup.engine.jobs.watchdog import TOO_LONG, Watchdog
from trueup.engine.loop.callbacks import GOES_ON, Callbacks

ONE_THREAD = LoopSettings(interval=timedelta(milliseconds=100), streams=False)
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


def test_a_log_handler_that_leaves_ends_neither_the_loop_nor_the_stop(stage: Stage) -> None:
    def leaves(_message: object) -> None:
        raise SystemExit(1)

    def ran(_why: str, report: RunReport) -> None:
        reports.put(report)
        raise RuntimeError("the bot's own")

    reports: SimpleQueue[RunReport] = SimpleQueue()
    reconciler_of(stage, lambda _alert: None)
    handler = logger.add(leaves, level="ERROR", catch=False)
    try:
        stage.reconciler.start(settings=ONE_THREAD, on_run=ran)
        assert reports.get(timeout=PATIENCE_S).is_true
        stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "307.3", "0.6800")
        stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
        assert reports.get(timeout=PATIENCE_S).is_true
        assert stage.reconciler.stop(timedelta(seconds=PATIENCE_S))
    finally:
        logger.remove(handler)


def test_a_callback_cannot_close_what_its_run_needs(stage: Stage) -> None:
    raised: SimpleQueue[BaseException] = SimpleQueue()

    def ran(_why: str, _report: RunReport) -> None:
        try:
            stage.reconciler.close()
        except ConfigurationError as error:
            raised.put(error)

    reconciler_of(stage, lambda _alert: None)
    stage.reconciler.start(settings=ONE_THREAD, on_run=ran)
    assert "a thread of your own" in str(raised.get(timeout=PATIENCE_S))
    assert stage.reconciler.stop(timedelta(seconds=PATIENCE_S))
    assert stage.reconciler.monitors()


def test_an_account_whose_exchange_raises_is_unreadable(stage: Stage) -> None:
    connect, is_armed = stage.connect, threading.Event()

    def broken(account: Account) -> Exchange:
        exchange = connect(account)
        for name in ("survey", "observe"):
            good = getattr(exchange, name)

            def call(*args: object, _good: Callable[..., object] = good) -> object:
                if is_armed.is_set():
                    raise ConnectionError("the adapter's own")
                return _good(*args)

            setattr(exchange, name, call)
        return exchange

    setattr(stage, "connect", broken)  # noqa: B010 - mypy forbids to assign a method
    alerts: SimpleQueue[Alert] = SimpleQueue()
    sweeps: SimpleQueue[Sweep] = SimpleQueue()
    reconciler_of(stage, alerts.put)
    is_armed.set()
    stage.reconciler.start(settings=ONE_THREAD, on_sweep=sweeps.put)
    assert "the exchange raised ConnectionError" in sweeps.get(timeout=PATIENCE_S).unreadable
    assert alerts.get(timeout=PATIENCE_S).status is RunOutcome.FAILED


@pytest.mark.parametrize("kind", [RuntimeError, SystemExit, GeneratorExit])
@pytest.mark.parametrize("call", ["observe", "place", "survey", "instrument"])
def test_an_exchange_of_the_bot_that_raises_ends_no_thread(
    stage: Stage, kind: type[BaseException], call: str
) -> None:
    raised: list[str] = []
    connect, is_armed = stage.connect, threading.Event()

    def broken(account: Account) -> Exchange:
        exchange = connect(account)
        good = getattr(exchange, call)

        def once(*args: object, **options: object) -> object:
            if account.name == "mirror" and is_armed.is_set() and not raised:
                raised.append(call)
                raise kind("the bot's own")
            return good(*args, **options)

        setattr(exchange, call, once)
        return exchange

    setattr(stage, "connect", broken)  # noqa: B010 - mypy forbids to assign a method
    alerts: SimpleQueue[Alert] = SimpleQueue()
    reports: SimpleQueue[RunReport] = SimpleQueue()
    reconciler_of(stage, alerts.put)
    is_armed.set()
    stage.reconciler.start(settings=ONE_THREAD, on_run=lambda _why, report: reports.put(report))
    while not (report := reports.get(timeout=PATIENCE_S)).is_true:
        assert "internal error" in alerts.get(timeout=PATIENCE_S).text
    assert (raised, report.covered) == ([call], Decimal("307.3"))
    assert stage.reconciler.stop()


def test_a_caller_s_run_in_which_the_exchange_raises_is_an_outcome(stage: Stage) -> None:
    monitor = reconciler_of(stage, lambda _alert: None)

    def leaves(*_args: object) -> object:
        raise SystemExit(1)

    stage.before("place", leaves)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.is_broken) == (RunOutcome.FAILED, True)
    assert stage.reconciler.reconcile(monitor).is_true


class Frozen:
    """A clock that stands still, for as long as nobody moves it."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def now(self) -> datetime:
        """The start, and what has passed."""
        return datetime(2026, 1, 31, tzinfo=UTC) + self.passed

    def moment(self) -> timedelta:
        """What has passed."""
        return self.passed

    def sleep(self, duration: timedelta) -> None:
        """Passes at once."""
        self.passed += duration


def test_a_job_that_holds_its_thread_for_minutes_is_alerted_once_and_when_it_is_over() -> None:
    clock, said = Frozen(), list[str]()
    dog = Watchdog(clock, lambda alert: said.append(alert.text.splitlines()[0]), lambda: None)
    key = MonitorKey("main", "BANDUSDT", Side.BUY)
    for _ in range(2):
        job = Job("main", key, "sweep")
        dog.began(job, key)
        clock.sleep(TOO_LONG - timedelta(seconds=1))
        dog.check()
        assert said == []
        clock.sleep(timedelta(seconds=1))
        for _ in range(3):
            dog.check()
        dog.ended(job)
        assert said == ["❌ A CALL DOES NOT RETURN", "✅ THE CALL HAS RETURNED"]
        said.clear()


def test_what_returns_in_time_is_not_alerted() -> None:
    clock, said = Frozen(), list[str]()
    dog = Watchdog(clock, lambda alert: said.append(alert.text), lambda: None)
    job = Job("main", None, "sweep")
    dog.began(job, None)
    clock.sleep(TOO_LONG - timedelta(seconds=1))
    dog.check()
    dog.ended(job)
    clock.sleep(TOO_LONG)
    dog.check()
    assert said == []


def test_a_callback_that_goes_on_raising_is_alerted_once_and_when_it_is_over(
    stage: Stage,
) -> None:
    monitor = reconciler_of(stage, lambda _alert: None)
    report, said, error = stage.reconciler.reconcile(monitor), list[str](), [True]

    def raises(_why: str, _report: RunReport) -> None:
        if error[0]:
            raise SystemExit

    calls = Callbacks(
        Frozen(),
        lambda alert: said.append(alert.text.splitlines()[0]),
        Threads("callback"),
        raises,
        lambda _sweep: None,
        lambda _key, _event: None,
    )
    for _ in range(GOES_ON - 1):
        calls.ran("sweep", report)
    assert said == []
    for _ in range(3):
        calls.ran("sweep", report)
    error[0] = False
    for _ in range(2):
        calls.ran("sweep", report)
    assert said == ["⚠️ A CALLBACK OF THE BOT RAISES", "✅ THE CALLBACK RETURNS AGAIN"]
