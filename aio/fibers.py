"""Fibers: synchronous code on an event loop, which gives up its turn where it has to wait.

pybit, and whoever implements the ports, writes plain calls that return when they are done. In a
thread of its own, such a call blocks the thread. In a fiber it suspends, and the thread goes on
with other fibers until what it waits for is there. So one and the same code serves both.
"""

from asyncio import CancelledError, current_task, get_running_loop, sleep
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from time import monotonic
from typing import Any, TypeVar, cast

from greenlet import getcurrent, greenlet

_T = TypeVar("_T")


_LONG_S = 0.005


class _Fiber(greenlet):
    """A function under way that may suspend.

    Attributes:
        since: when its turn began, in seconds.
    """

    since: float


class Killed(KeyboardInterrupt):
    """The loop has died, and its fibers end as by a kill: their code must not go on from there.

    It is one of those exceptions that nobody contains.
    """


class Suspending:
    """Marks a class whose calls suspend a fiber where they wait, and hold no lock meanwhile."""


async def run_fiber(function: Callable[[], _T]) -> _T:
    """Runs a function in a fiber; returns what it returns.

    Raises:
        CancelledError: it was cancelled, and the function ended by :class:`Killed`.
        BaseException: what the function raises.
    """
    try:
        return await _run(function)
    except Killed:
        raise CancelledError from None


async def _run(function: Callable[[], _T]) -> _T:
    fiber = _Fiber(function)
    fiber.gr_context = copy_context()
    fiber.since = monotonic()
    needed = fiber.switch()
    while not fiber.dead:
        try:
            answer = await needed
        except BaseException as error:  # noqa: BLE001 - it belongs to the function
            fiber.since = monotonic()
            needed = fiber.throw(Killed() if _is_cancelled(error) else error)
        else:
            fiber.since = monotonic()
            needed = fiber.switch(answer)
    return cast("_T", needed)


def _is_cancelled(error: BaseException) -> bool:
    """Whether the fiber itself is cancelled, and not only what it waits for."""
    task = current_task() if isinstance(error, CancelledError) else None
    return task is not None and task.cancelling() > 0


def in_fiber() -> bool:
    """Whether the caller may suspend: its thread has other things to do."""
    return isinstance(getcurrent(), _Fiber)


def suspended(awaitable: Awaitable[_T]) -> _T:
    """Suspends the calling fiber until the awaitable is done; returns its result.

    The caller must hold no lock: another fiber of its thread could wait for that lock for ever.

    Raises:
        RuntimeError: the caller is no fiber.
        BaseException: what the awaitable raises.
    """
    fiber = getcurrent()
    if not isinstance(fiber, _Fiber) or fiber.parent is None:
        raise RuntimeError("only a fiber can suspend")
    return cast("_T", fiber.parent.switch(awaitable))


def give_way() -> None:
    """Gives the others their turn where the calling fiber has had the thread for long.

    To be called now and then in a long calculation; the caller must hold no lock.
    """
    fiber = getcurrent()
    if isinstance(fiber, _Fiber) and monotonic() - fiber.since > _LONG_S:
        suspended(sleep(0))


def identity() -> object:
    """What tells the calling fiber, or thread, from all others that are under way."""
    return getcurrent()


def is_on(loop: Any) -> bool:  # noqa: ANN401 - an event loop of any kind
    """Whether the calling thread runs that event loop at this moment."""
    try:
        return get_running_loop() is loop
    except RuntimeError:
        return False
