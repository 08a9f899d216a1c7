"""A survey of thousands of symbols is merged in parts, and what happens meanwhile counts."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from trueup.aio.fibers import run_fiber
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.tracking.feed import OrderEvent, PositionEvent
from trueup.engine.live.account import LiveAccount
from trueup.simulator import VirtualClock

_NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
_SYMBOLS = tuple(f"S{number}USDT" for number in range(3_000))
_LAST = _SYMBOLS[-1]


@pytest.fixture
def account() -> LiveAccount:
    """An account whose stream is open."""
    made = LiveAccount(timedelta(seconds=5), VirtualClock(0))
    made.stream_opened()
    return made


def _order(symbol: str) -> Order:
    return Order(
        f"of-{symbol}",
        "",
        symbol,
        Side.SELL,
        OrderType.LIMIT,
        Decimal(2),
        Decimal(10),
        Decimal(0),
        OrderStatus.OPEN,
        reduce_only=True,
    )


def _reading() -> Observation:
    positions = tuple(map(_position, _SYMBOLS))
    return Observation("main", _NOW, positions, tuple(map(_order, _SYMBOLS)))


def _position(symbol: str) -> Position:
    return Position(symbol, Side.BUY, Decimal(10), Decimal(1), seq=1)


def _survey(account: LiveAccount, meanwhile: Callable[[], object]) -> tuple[tuple[str, ...], bool]:
    """Merges a survey in a fiber, has something happen while that is under way.

    Returns:
        The symbols that it contradicts, and whether the account counted as surveyed meanwhile.
    """
    surveyed: list[bool] = []

    def happens() -> None:
        surveyed.append(account.is_surveyed)
        meanwhile()

    async def merging() -> tuple[str, ...]:
        mark = account.mark_read()
        job = run_fiber(lambda: account.apply_survey(_reading(), mark, None))
        merged = asyncio.create_task(job)
        # It begins first, and has its first turn until then.
        asyncio.get_running_loop().call_soon(happens)
        return await merged

    contradicted = asyncio.run(merging())
    assert len(surveyed) == 1
    return contradicted, surveyed[0]


def test_others_have_their_turn_before_it_counts(account: LiveAccount) -> None:
    assert _survey(account, lambda: None) == ((), False)
    assert account.is_surveyed
    seen = account.snapshot(_SYMBOLS)
    assert seen is not None
    assert (len(seen.positions), len(seen.orders)) == (len(_SYMBOLS), len(_SYMBOLS))


def test_an_event_that_comes_meanwhile_wins(account: LiveAccount) -> None:
    cancelled = replace(_order(_LAST), status=OrderStatus.CANCELLED)
    new = _order("NEWUSDT")

    def meanwhile() -> None:
        account.apply(OrderEvent(cancelled))
        account.apply(PositionEvent(new.symbol, 0, 1, _position(new.symbol)))
        account.apply(OrderEvent(new))

    assert _survey(account, meanwhile) == ((), False)
    seen = account.snapshot((_LAST,))
    assert seen is not None
    assert seen.orders == ()
    assert account.stale((new.symbol,)) == "", "a symbol that the survey does not show"


def test_a_stream_that_is_lost_meanwhile_leaves_nothing_to_rely_on(account: LiveAccount) -> None:
    assert _survey(account, lambda: account.stream_lost("cut")) == ((), False)
    account.stream_opened()
    assert not account.is_surveyed
    assert account.snapshot((_SYMBOLS[0],)) is None
    assert account.snapshot((_LAST,)) is None
