"""Fibers that wait for their turn: the thread goes on, and no lock is held meanwhile."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from trueup.adapters.bybit import IpBudget
from trueup.adapters.bybit.limits.account_limiter import AccountBudget
from trueup.adapters.bybit.limits.values import Permit
from trueup.adapters.bybit.wire.clock import SystemClock
from trueup.adapters.bybit.wire.endpoints import Endpoint
from trueup.aio.fibers import run_fiber, suspended

from ..conftest import ManualClock


class FiberClock(ManualClock):
    """Whoever sleeps lets the other fibers go on, then moves the time."""

    def __init__(self) -> None:
        super().__init__()
        self.sleeps = 0
        self.is_locked: Callable[[], bool] = bool

    def sleep(self, duration: timedelta) -> None:
        """Suspends; nobody could go on if the sleeper held the lock."""
        assert not self.is_locked()
        self.sleeps += 1
        suspended(asyncio.sleep(0))
        super().sleep(duration)


def test_fibers_wait_for_the_address_without_its_lock() -> None:
    clock = FiberClock()
    ip = IpBudget(clock, requests=2, kept_for_writes=0)
    clock.is_locked = ip.lock.locked
    budgets = [AccountBudget(ip, timedelta(minutes=1)) for _ in range(3)]

    async def play() -> list[object]:
        return await asyncio.gather(
            *(run_fiber(partial(each.admit, Endpoint.AMEND)) for each in budgets * 2)
        )

    admitted = asyncio.run(play())

    assert all(isinstance(each, Permit) for each in admitted)
    assert clock.sleeps >= 2


def test_the_clocks_sleep_lets_other_fibers_go_on() -> None:
    order: list[str] = []

    def sleeps() -> None:
        order.append("sleeps")
        SystemClock().sleep(timedelta(milliseconds=1))
        order.append("goes on")

    async def play() -> None:
        await asyncio.gather(run_fiber(sleeps), run_fiber(lambda: order.append("runs")))

    asyncio.run(play())

    assert order == ["sleeps", "runs", "goes on"]
