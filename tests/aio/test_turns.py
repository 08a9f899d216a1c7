"""Turns: many parts of many, in small portions, one after the other."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from trueup.aio.turns import Turns, turns_of


def run(work: Coroutine[Any, Any, None]) -> None:
    """Runs it on a loop of its own."""
    asyncio.run(work)


def parts(name: str, count: int, done: list[str]) -> Callable[[], bool]:
    """Something with so many parts, which notes each."""
    left = list(range(count))

    def part() -> bool:
        done.append(f"{name}{left.pop(0)}")
        return bool(left)

    return part


def test_each_has_one_part_in_turn() -> None:
    async def work() -> None:
        turns, done = Turns(asyncio.get_running_loop(), turn_s=60), list[str]()

        def first() -> bool:
            turns.add(parts("a", 3, done))
            turns.add(parts("b", 2, done))
            return False

        turns.add(first)
        assert done == ["a0", "b0", "a1", "b1", "a2"]

    run(work())


def test_between_two_turns_the_loop_does_other_things() -> None:
    async def work() -> None:
        loop, done = asyncio.get_running_loop(), list[str]()
        turns = Turns(loop, turn_s=0)
        turns.add(parts("a", 3, done))
        assert done == []
        while len(done) < 5:
            await asyncio.sleep(0)
            done.append("other")
        assert done[:5] == ["a0", "other", "a1", "other", "a2"]

    run(work())


def test_what_raises_ends_nothing_but_itself() -> None:
    async def work() -> None:
        loop, done = asyncio.get_running_loop(), list[str]()
        reported: list[object] = []
        loop.set_exception_handler(lambda _, about: reported.append(about["exception"]))
        turns = Turns(loop, turn_s=60)

        def broken() -> bool:
            turns.add(parts("a", 2, done))
            raise ValueError("broken")

        turns.add(broken)
        turns.add(parts("b", 1, done))
        assert done == ["a0", "a1", "b0"]
        assert [repr(error) for error in reported] == ["ValueError('broken')"]

    run(work())


def test_all_on_a_loop_share_its_turns() -> None:
    async def work() -> Turns:
        loop = asyncio.get_running_loop()
        assert turns_of(loop) is turns_of(loop)
        return turns_of(loop)

    assert asyncio.run(work()) is not asyncio.run(work())


def test_a_turn_begins_at_once_where_the_last_one_is_long_over() -> None:
    async def work() -> None:
        turns, done = Turns(asyncio.get_running_loop(), turn_s=0.001), list[str]()
        turns.add(parts("a", 1, done))
        assert done == ["a0"]
        await asyncio.sleep(0.002)
        turns.add(parts("b", 1, done))
        assert done == ["a0", "b0"]

    run(work())
