"""``start`` and ``stop`` from many threads at once: one service, or none, and nothing is left."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Lock

import pytest

from tests.stage import Stage
from trueup import Account, ConfigurationError, LoopSettings, Reconciler
from trueup.adapters.bybit import BybitExchange
from trueup.domain.tracking.feed import StreamEvent

THREADS, ROUNDS = 8, 25
SERVICE = frozenset({"trueup-loop", "trueup-watchdog", "trueup-callback", "trueup-call"})
SETTINGS = LoopSettings(interval=timedelta(hours=1))


class CountedFeeds:
    """Feeds that receive nothing, and a count of those that are open."""

    def __init__(self) -> None:
        self.open: set[int] = set()
        self.made = 0
        self._lock = Lock()

    def listen(self, account: Account) -> "CountedFeed":
        """Makes an account's feed."""
        with self._lock:
            self.made += 1
            return CountedFeed(self, account.name, self.made)


class CountedFeed:
    """One of them."""

    def __init__(self, feeds: CountedFeeds, account: str, number: int) -> None:
        self.account = account
        self._feeds, self._number = feeds, number

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """See the port."""
        del handle
        self._feeds.open.add(self._number)

    def stop(self) -> None:
        """See the port."""
        self._feeds.open.discard(self._number)

    def ping(self) -> None:
        """See the port."""


@pytest.fixture
def feeds() -> CountedFeeds:
    """The test's feeds."""
    return CountedFeeds()


@pytest.fixture
def reconciler(tmp_path: Path, feeds: CountedFeeds) -> Iterator[Reconciler]:
    """A reconciler with feeds, and a monitor on each account."""
    with Stage(tmp_path) as stage:
        stage.reconciler.close()
        opened = Reconciler(
            stage.url,
            accounts=stage.accounts(),
            sinks=[],
            connect=lambda account: BybitExchange(account, stage.patience),
            listen=feeds.listen,
        )
        for name in ("main", "mirror"):
            opened.watch(name, "BANDUSDT", "Sell")
        yield opened
        opened.close()
        stage.reconciler = stage.open()


def left() -> list[str]:
    """The threads of services that do not end: one that has just made a call needs a moment."""
    threads = [thread for thread in threading.enumerate() if thread.name in SERVICE]
    for thread in threads:
        thread.join(5)
    return [thread.name for thread in threads if thread.is_alive()]


def in_all_threads(jobs: list[Callable[[], object]]) -> list[BaseException]:
    """Does the jobs at once; what they raised."""
    barrier = Barrier(len(jobs))

    def do(job: Callable[[], object]) -> None:
        barrier.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        ends = [pool.submit(do, job) for job in jobs]
    return [error for end in ends if (error := end.exception()) is not None]


def start(reconciler: Reconciler) -> None:
    reconciler.start(settings=SETTINGS)


def test_of_many_starts_one_wins_and_the_others_say_so(
    reconciler: Reconciler, feeds: CountedFeeds
) -> None:
    raised = in_all_threads([lambda: start(reconciler)] * THREADS)
    assert [str(error) for error in raised] == ["the reconciler is already running"] * (THREADS - 1)
    assert all(isinstance(error, ConfigurationError) for error in raised)
    assert (len(feeds.open), left().count("trueup-loop")) == (2, 1)
    assert in_all_threads([reconciler.stop] * THREADS) == []
    assert (feeds.open, left()) == (set(), [])


def test_starts_and_stops_at_once_leave_nothing(
    reconciler: Reconciler, feeds: CountedFeeds
) -> None:
    for _ in range(ROUNDS):
        jobs: list[Callable[[], object]] = [lambda: start(reconciler), reconciler.stop]
        jobs *= THREADS // 2
        raised = in_all_threads(jobs)
        assert {str(error) for error in raised} <= {"the reconciler is already running"}
    reconciler.stop()
    assert (feeds.open, left()) == (set(), [])


def test_everything_may_be_called_while_it_is_started_and_stopped(
    reconciler: Reconciler, feeds: CountedFeeds
) -> None:
    first, second = reconciler.monitors()

    def churn() -> None:
        for _ in range(3):
            start(reconciler)
            reconciler.stop()

    def call() -> None:
        for _ in range(10):
            reconciler.wake(first)
            reconciler.views()
            reconciler.wait(timedelta(0))
            reconciler.when_stopped(lambda: None)()
            reconciler.unwatch(second)
            reconciler.watch("mirror", "BANDUSDT", "Sell")

    assert in_all_threads([churn, call, reconciler.monitors]) == []
    reconciler.stop()
    assert (feeds.open, left()) == (set(), [])


def test_a_callback_may_stop_the_service_that_calls_it(
    reconciler: Reconciler, feeds: CountedFeeds
) -> None:
    ended: list[bool | str] = []
    done = threading.Event()

    def stop_and_start(_sweep: object) -> None:
        if done.is_set():
            return
        ended.append(reconciler.stop(timedelta(0)))
        try:
            start(reconciler)
        except ConfigurationError as error:
            ended.append(error.message)
        done.set()

    reconciler.start(settings=SETTINGS, on_sweep=stop_and_start)
    for name in ("main", "mirror"):
        reconciler.watch(name, "BANDUSDT", "Sell")
    assert done.wait(30)
    assert reconciler.stop()
    assert ended[0] is False
    assert any("not from a callback" in str(each) for each in ended[1:])
    assert (feeds.open, left()) == (set(), [])
