"""Requests are counted for whoever sends them."""

import asyncio
import gc
import threading
from functools import partial

from trueup.adapters.bybit import BybitExchange
from trueup.adapters.bybit.rest import paging
from trueup.adapters.bybit.rest.client import BybitClient
from trueup.adapters.bybit.rest.connection import Reply
from trueup.aio.fibers import run_fiber
from trueup.domain.model.commands import CancelOrder

CANCEL = CancelOrder("BANDUSDT", "o-1", "link-1")


def _counted(exchange: BybitExchange, times: int) -> int:
    for _ in range(times):
        exchange.cancel([CANCEL])
    return exchange.requests


def test_requests_are_counted_per_fiber_and_per_thread(simulated: BybitExchange) -> None:
    async def play() -> list[int]:
        counts = await asyncio.gather(
            *(run_fiber(partial(_counted, simulated, n)) for n in range(3))
        )
        simulated.close()
        await asyncio.sleep(0)
        return counts

    beside: list[int] = []
    thread = threading.Thread(target=lambda: beside.append(_counted(simulated, 4)))
    thread.start()
    thread.join()

    assert _counted(simulated, 1) == 1
    assert asyncio.run(play()) == [0, 1, 2]
    assert beside == [4]
    assert simulated.requests == 1


def test_the_counts_of_those_who_ended_are_forgotten(simulated: BybitExchange) -> None:
    async def play() -> None:
        for _ in range(5):
            await run_fiber(lambda: _counted(simulated, 1))
        simulated.close()
        await asyncio.sleep(0)

    asyncio.run(play())
    gc.collect()

    client: BybitClient = simulated._client  # noqa: SLF001 - nobody may ask who has ended
    assert len(client._sent) == 0  # noqa: SLF001 - the same


def test_a_page_of_thousands_of_rows_lets_the_others_have_their_turn() -> None:
    reply = Reply({"list": [{}] * 20_000, "nextPageCursor": ""}, {}, 0)
    turns = [0]

    async def play() -> int:
        others = asyncio.create_task(count_turns())
        page = await run_fiber(lambda: paging._page(reply, lambda _row: sum(range(200)), 1))  # noqa: SLF001 - as a request parses it
        others.cancel()
        return len(page.items)

    async def count_turns() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    assert asyncio.run(play()) == 20_000
    assert turns[0] > 3
