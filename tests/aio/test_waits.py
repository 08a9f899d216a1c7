"""Waiting: the same call suspends a fiber and blocks a thread."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event, Lock

import pytest

from trueup.aio.fibers import run_fiber
from trueup.aio.loop_thread import LoopThread, submit
from trueup.aio.waits import Changes, result_of, sleep

PATIENCE_S = 30
Run = Callable[[Callable[[], object]], "Future[object]"]


@pytest.fixture(params=["fiber", "thread"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs a function as a fiber of one loop, or in a thread; returns the future of its end."""
    if request.param == "thread":
        with ThreadPoolExecutor(8) as pool:
            yield pool.submit
        return
    thread = LoopThread("test-loop")
    loop = thread.hold()
    yield lambda function: submit(loop, run_fiber(function))
    thread.release()


def test_a_result_is_waited_for(run: Run) -> None:
    future: Future[str] = Future()
    ends = [run(lambda: result_of(future)) for _ in range(5)]
    future.set_result("there")
    assert [end.result(PATIENCE_S) for end in ends] == ["there"] * 5


@pytest.mark.parametrize("error", [LookupError("x"), SystemExit(3), StopIteration("y")])
def test_what_the_future_holds_instead_is_raised(run: Run, error: BaseException) -> None:
    future: Future[str] = Future()

    def caught() -> BaseException | None:
        try:
            result_of(future)
        except BaseException as raised:  # noqa: BLE001 - the test's own
            return raised
        return None

    end = run(caught)
    future.set_exception(error)
    assert end.result(PATIENCE_S) is error


def test_a_change_resumes_all_who_wait(run: Run) -> None:
    changes, waiting, count = Changes(), Event(), [0]
    guard = Lock()

    def one() -> bool:
        seen = changes.count
        with guard:
            count[0] += 1
            if count[0] == 5:
                waiting.set()
        return changes.wait(seen, PATIENCE_S)

    ends = [run(one) for _ in range(5)]
    assert waiting.wait(PATIENCE_S)
    changes.add()
    assert [end.result(PATIENCE_S) for end in ends] == [True] * 5


def test_a_change_that_came_before_is_not_waited_for(run: Run) -> None:
    changes = Changes()
    seen = changes.count
    changes.add()
    assert run(lambda: changes.wait(seen, PATIENCE_S)).result(PATIENCE_S) is True


def test_no_change_is_said_so_when_the_time_is_up(run: Run) -> None:
    changes = Changes()
    assert run(lambda: changes.wait(changes.count, 0.001)).result(PATIENCE_S) is False


def test_a_sleep_of_one_fiber_holds_up_no_other() -> None:
    thread = LoopThread("test-loop")
    loop = thread.hold()
    sleeper = submit(loop, run_fiber(lambda: sleep(PATIENCE_S)))
    assert submit(loop, run_fiber(partial(pow, 2, 3))).result(PATIENCE_S) == 8
    assert not sleeper.done()
    thread.release()


def test_the_thread_lives_while_it_is_held() -> None:
    thread = LoopThread("test-loop")
    first = thread.hold()
    assert thread.hold() is first
    thread.release()
    assert submit(first, asyncio.sleep(0, "alive")).result(PATIENCE_S) == "alive"
    thread.release()
    assert first.is_closed()
    assert not thread.hold().is_closed()
    thread.release()


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_what_ends_a_thread_elsewhere_ends_no_loop(error: type[BaseException]) -> None:
    thread = LoopThread("test-loop")
    loop = thread.hold()

    def leaves() -> None:
        raise error

    loop.call_soon_threadsafe(leaves)
    assert isinstance(submit(loop, run_fiber(leaves)).exception(PATIENCE_S), error)
    assert submit(loop, asyncio.sleep(0, "alive")).result(PATIENCE_S) == "alive"
    thread.release()
    assert loop.is_closed()
