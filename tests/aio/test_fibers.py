"""Fibers: what waits gives up its turn, what it raises and returns is its own."""

import asyncio
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from threading import Event, current_thread
from time import monotonic

import pytest

from trueup.aio.fibers import give_way, identity, in_fiber, is_on, run_fiber, suspended
from trueup.aio.loop_thread import LoopThread, submit

PATIENCE_S = 30


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop in a thread of its own."""
    thread = LoopThread("test-loop")
    yield thread.hold()
    thread.release()


def played(loop: asyncio.AbstractEventLoop, function: Callable[[], object]) -> object:
    """What a function returns in a fiber."""
    return submit(loop, run_fiber(function)).result(PATIENCE_S)


def _raise(error: Exception) -> None:
    raise error


def test_what_waits_gives_the_others_their_turn(loop: asyncio.AbstractEventLoop) -> None:
    said: list[str] = []

    go_on = asyncio.Event()

    def one(name: str) -> None:
        said.append(name)
        if len(said) == 3:
            go_on.set()
        suspended(go_on.wait())
        said.append(f"{name} goes on")

    ends = [submit(loop, run_fiber(partial(one, name))) for name in "abc"]
    for end in ends:
        end.result(PATIENCE_S)
    assert said[:3] == ["a", "b", "c"]
    assert sorted(said[3:]) == ["a goes on", "b goes on", "c goes on"]


def test_what_the_awaited_raises_is_raised_where_it_is_waited_for(
    loop: asyncio.AbstractEventLoop,
) -> None:
    async def broken() -> None:
        raise LookupError("gone")

    def one() -> str:
        try:
            suspended(broken())
        except LookupError as error:
            return f"caught {error}"
        return "nothing"

    assert played(loop, one) == "caught gone"


@pytest.mark.parametrize("error", [ValueError, KeyError, GeneratorExit, SystemExit])
def test_what_a_fiber_raises_ends_neither_the_loop_nor_another_fiber(
    loop: asyncio.AbstractEventLoop, error: type[BaseException]
) -> None:
    def raises() -> None:
        suspended(asyncio.sleep(0))
        raise error

    def one() -> str:
        try:
            raises()
        except BaseException as raised:  # noqa: BLE001 - the test's own
            return type(raised).__name__
        return "nothing"

    assert played(loop, one) == error.__name__
    with pytest.raises(LookupError, match="gone"):
        played(loop, partial(_raise, LookupError("gone")))
    assert played(loop, lambda: "alive") == "alive"


def test_only_a_fiber_suspends(loop: asyncio.AbstractEventLoop) -> None:
    waits = asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="only a fiber"):
        suspended(waits)
    waits.close()
    assert (in_fiber(), played(loop, in_fiber)) == (False, True)


def test_each_fiber_has_its_own_identity_and_all_have_one_thread(
    loop: asyncio.AbstractEventLoop,
) -> None:
    def one() -> tuple[object, str]:
        before = identity()
        suspended(asyncio.sleep(0))
        assert identity() is before
        return before, current_thread().name

    ends = [submit(loop, run_fiber(one)).result(PATIENCE_S) for _ in range(2)]
    assert ends[0][0] is not ends[1][0]
    assert [thread for _, thread in ends] == ["test-loop", "test-loop"]
    assert identity() is identity()


def test_a_fiber_has_its_own_context(loop: asyncio.AbstractEventLoop) -> None:
    name: ContextVar[str] = ContextVar("name", default="none")
    may_end = Event()

    def one(value: str) -> str:
        name.set(value)
        while not may_end.is_set():
            suspended(asyncio.sleep(0))
        return name.get()

    ends = [submit(loop, run_fiber(partial(one, value))) for value in "ab"]
    may_end.set()
    assert [end.result(PATIENCE_S) for end in ends] == ["a", "b"]
    assert name.get() == "none"


def test_it_is_known_whose_thread_runs_a_loop(loop: asyncio.AbstractEventLoop) -> None:
    assert not is_on(loop)
    assert played(loop, lambda: is_on(loop)) is True
    assert not is_on(None)


def test_a_long_calculation_gives_way(loop: asyncio.AbstractEventLoop) -> None:
    other = Event()

    def calculates() -> bool:
        asyncio.get_running_loop().call_soon(other.set)
        until = monotonic() + PATIENCE_S
        while not other.is_set() and monotonic() < until:
            give_way()
        return other.is_set()

    assert played(loop, calculates) is True
