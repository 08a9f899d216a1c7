"""``trueup run``: sweeps, retries, and a clean stop."""

import json
import signal
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from tests.stage import CountedChance
from trueup import Account, Ladder, MonitorKey, Reconciler, RunReport, RunSettings, Side, StoreError
from trueup.adapters.simulator import Fault, FaultKind, InstrumentSpec, Simulator
from trueup.cli.loop import AccountLoop, run_loops
from trueup.cli.stopping import Stop
from trueup.domain.record import RunOutcome

from .desk import KEYS, MAIN, MIRROR, SYMBOL, Desk, Process

KEY = MonitorKey("main", SYMBOL, Side.BUY)
SETTINGS = RunSettings(
    read_budget=timedelta(milliseconds=1),
    grace=timedelta(milliseconds=1),
    pause=timedelta(milliseconds=1),
    retry_after=timedelta(seconds=100),
)


class SteppedClock:
    """A clock that an event of the test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The time that was set."""
        return self.at

    def sleep(self, duration: timedelta) -> None:
        """Moves on."""
        self.at += duration


@pytest.fixture
def clock() -> SteppedClock:
    """The engine's and the loop's time."""
    return SteppedClock()


@pytest.fixture
def stop() -> Iterator[Stop]:
    """What ends the loops."""
    with Stop() as made:
        yield made


@pytest.fixture
def reconciler(desk: Desk, clock: SteppedClock) -> Iterator[Reconciler]:
    """An engine that watches the main account's long."""
    account = Account("main", KEYS["MAIN_KEY"], KEYS["MAIN_SECRET"], environment=desk.url)
    url = f"sqlite:///{desk.database}"
    with Reconciler(
        url,
        accounts=[account],
        settings=SETTINGS,
        sinks=(),
        clock=clock,
        chance=CountedChance(),
    ) as opened:
        opened.watch("main", SYMBOL, "Buy", Ladder.of(("0.72", 85), ("0.74", 15)))
        yield opened


class Watcher:
    """Sees every pass of a loop, moves the clock on, and stops after so many passes."""

    def __init__(self, clock: SteppedClock, stop: Stop, step: timedelta, passes: int) -> None:
        self._clock = clock
        self._stop = stop
        self._step = step
        self._left = passes
        self.seen: list[tuple[str, list[RunOutcome]]] = []

    def __call__(self, reason: str, reports: Sequence[RunReport]) -> None:
        """Notes one pass."""
        self.seen.append((reason, [report.outcome for report in reports]))
        self._clock.at += self._step
        self._left -= 1
        if not self._left:
            self._stop.set()


def test_it_sweeps_every_interval(reconciler: Reconciler, clock: SteppedClock, stop: Stop) -> None:
    interval = timedelta(seconds=15)
    watcher = Watcher(clock, stop, interval, passes=3)
    run_loops([AccountLoop(reconciler, [KEY], interval, clock, watcher)], stop)
    assert watcher.seen == [
        ("start-up", [RunOutcome.SUCCESS]),
        ("sweep", [RunOutcome.IN_SYNC]),
        ("sweep", [RunOutcome.IN_SYNC]),
    ]


def test_a_failed_monitor_runs_again_when_its_try_is_due(
    reconciler: Reconciler, clock: SteppedClock, stop: Stop, sim: Simulator
) -> None:
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, uid=MAIN, times=None))
    watcher = Watcher(clock, stop, timedelta(seconds=100), passes=2)
    # The next sweep is an hour away: only the retry can be the second pass.
    run_loops([AccountLoop(reconciler, [KEY], timedelta(hours=1), clock, watcher)], stop)
    assert watcher.seen == [("start-up", [RunOutcome.FAILED]), ("retry", [RunOutcome.FAILED])]


def test_sweeps_leave_a_failed_monitor_its_pause(
    reconciler: Reconciler, clock: SteppedClock, stop: Stop, sim: Simulator
) -> None:
    other = InstrumentSpec(
        symbol="ZENUSDT", tick="0.001", step="0.1", min_quantity="0.1", max_quantity="1000"
    )
    sim.add_instrument(other, price="10")
    quiet = reconciler.watch("main", "ZENUSDT", "Buy").key
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, symbol=SYMBOL, times=None))
    interval = timedelta(seconds=15)
    watcher = Watcher(clock, stop, interval, passes=3)
    run_loops([AccountLoop(reconciler, [KEY, quiet], interval, clock, watcher)], stop)
    assert watcher.seen == [
        ("start-up", [RunOutcome.FAILED, RunOutcome.IN_SYNC]),
        ("sweep", [RunOutcome.IN_SYNC]),
        ("sweep", [RunOutcome.IN_SYNC]),
    ]


def test_a_broken_database_ends_all_loops(
    reconciler: Reconciler, clock: SteppedClock, stop: Stop
) -> None:
    idle = AccountLoop(reconciler, [], timedelta(hours=1), clock, lambda *_: None)
    busy = AccountLoop(reconciler, [KEY], timedelta(hours=1), clock, lambda *_: None)
    reconciler.store.close()
    with pytest.raises(StoreError):
        run_loops([idle, busy], stop)
    assert stop.is_set


def lines(process: Process) -> Iterator[dict[str, Any]]:
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_the_runs_under_way(desk: Desk, number: signal.Signals) -> None:
    process = desk.process("run", "--json")
    first = next(lines(process))
    process.send_signal(number)
    _, stderr = process.communicate()
    assert process.returncode == 0
    assert first["reason"] == "start-up"
    assert "stopped" in stderr
    assert "Traceback" not in stderr
    states = {monitor["state"] for monitor in desk.json("status")}
    assert states == {"Idle"}


def test_it_follows_a_position_that_grows(desk: Desk, sim: Simulator) -> None:
    process = desk.process("run", "--json")
    mirror = (run for line in lines(process) for run in line["runs"] if run["account"] == "mirror")
    assert next(mirror)["covered"] == "400"
    sim.open_position(MIRROR, SYMBOL, "Buy", "600", "0.6900")
    grown = next(run for run in mirror if run["covered"] != "400")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert (grown["covered"], grown["outcome"]) == ("1000", "SUCCESS")
    assert sum(order.leaves for order in sim.orders(MIRROR)) == 1000


def test_a_slow_account_delays_nobody_else(desk: Desk, sim: Simulator) -> None:
    slow = Fault(kind=FaultKind.LATE_REPLY, uid=MIRROR, path="position/list", delay_ms=7000)
    sim.inject(slow)
    process = desk.process("run", "--json")
    first = list(islice(lines(process), 3))
    process.kill()
    process.communicate()
    assert [line["runs"][0]["account"] for line in first] == ["main"] * 3


def test_progress_is_one_line_a_sweep(desk: Desk) -> None:
    process = desk.process("run")
    assert process.stderr is not None
    told = next(line for line in process.stderr if "start-up" in line)
    process.send_signal(signal.SIGTERM)
    stdout, _ = process.communicate()
    assert told.split(" INFO    ")[1] in (
        "main start-up: 1 SUCCESS\n",
        "mirror start-up: 1 SUCCESS\n",
    )
    assert stdout == ""
