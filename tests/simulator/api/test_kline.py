"""market/kline and its two sisters: where the prices have been."""

from typing import Any

import pytest

from trueup.simulator import Simulator

from ..caller import SYMBOL, Caller
from ..conftest import START_MS

MINUTE = 60_000
FIRST = START_MS // MINUTE * MINUTE


def candles(caller: Caller, path: str = "kline", **fields: int | str) -> list[list[str]]:
    asked: dict[str, Any] = {"symbol": SYMBOL, "interval": "1", **fields}
    reply = caller.get(f"market/{path}", **asked)
    assert reply["retCode"] == 0, reply
    listed: list[list[str]] = reply["result"]["list"]
    return listed


@pytest.fixture
def moved(sim: Simulator) -> Simulator:
    """Minutes 0, 1 and 3 have a move, minute 2 has none; it is minute 3 now."""
    for minutes, prices in ((1, ("0.75", "0.68", "0.71")), (2, ("0.60", "0.70")), (0, ("0.72",))):
        for price in prices:
            sim.set_price(SYMBOL, price)
        sim.clock.advance(minutes * MINUTE)
    return sim


@pytest.mark.usefixtures("moved")
def test_candles_come_newest_first_with_highs_and_lows(caller: Caller) -> None:
    assert candles(caller) == [
        [str(FIRST + 3 * MINUTE), "0.70", "0.72", "0.70", "0.72", "0", "0"],
        [str(FIRST + 2 * MINUTE), "0.70", "0.70", "0.70", "0.70", "0", "0"],
        [str(FIRST + MINUTE), "0.71", "0.71", "0.60", "0.70", "0", "0"],
        [str(FIRST), "0.7000", "0.75", "0.68", "0.71", "0", "0"],
    ]


@pytest.mark.usefixtures("moved")
def test_a_longer_interval_holds_all_its_minutes(caller: Caller) -> None:
    for interval in ("360", "D"):
        (one,) = candles(caller, interval=interval)
        assert one[1:5] == ["0.7000", "0.75", "0.60", "0.72"]


@pytest.mark.usefixtures("moved")
def test_start_end_and_limit(caller: Caller) -> None:
    def places(**fields: int) -> list[int]:
        return [(int(each[0]) - FIRST) // MINUTE for each in candles(caller, "kline", **fields)]

    assert places(limit=2) == [3, 2]
    assert places(end=FIRST + 2 * MINUTE - 1, limit=1) == [1]
    assert places(start=FIRST, limit=2) == [1, 0], "a start alone: the first ones since"
    assert places(start=FIRST + 1, end=FIRST + 9 * MINUTE) == [3, 2, 1]
    assert places(start=FIRST, end=FIRST + 3 * MINUTE, limit=3) == [3, 2, 1]
    assert places(end=FIRST - 1) == []


def test_pages_are_capped(sim: Simulator, caller: Caller) -> None:
    sim.clock.advance(1500 * MINUTE)
    assert [len(candles(caller)), len(candles(caller, limit=2000))] == [200, 1000]


def test_mark_and_index_have_candles_of_their_own_once_set_apart(
    moved: Simulator, caller: Caller
) -> None:
    last = [each[:5] for each in candles(caller)]
    assert candles(caller, "mark-price-kline") == candles(caller, "index-price-kline") == last
    moved.set_mark_price(SYMBOL, "0.66")
    moved.set_price(SYMBOL, "0.50")
    assert candles(caller, "mark-price-kline")[0][1:] == ["0.70", "0.72", "0.66", "0.66"]
    assert candles(caller, "index-price-kline")[0][1:] == ["0.70", "0.72", "0.50", "0.50"]
    moved.set_mark_price(SYMBOL, None)
    moved.set_price(SYMBOL, "0.80")
    assert candles(caller, "mark-price-kline")[0][1:] == ["0.70", "0.80", "0.50", "0.80"]


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"symbol": SYMBOL, "interval": "7"}, "Invalid period!"),
        ({"symbol": SYMBOL}, "interval is required"),
        ({"interval": "1", "symbol": "NOPEUSDT"}, "symbol invalid"),
        ({"symbol": SYMBOL, "interval": "1", "limit": 0}, "limit invalid"),
    ],
)
def test_refusals(caller: Caller, fields: dict[str, object], text: str) -> None:
    reply = caller.get("market/kline", **fields)
    assert reply["retCode"] == 10001
    assert text in reply["retMsg"]


def test_the_premium_is_none_while_the_index_follows(sim: Simulator, caller: Caller) -> None:
    sim.set_price(SYMBOL, "0.80")
    sim.clock.advance(MINUTE)
    path = "premium-index-price-kline"
    assert [row[1:] for row in candles(caller, path)] == [["0", "0", "0", "0"]] * 2


def test_the_premium_is_how_far_the_price_is_from_the_index(sim: Simulator, caller: Caller) -> None:
    sim.set_index_price(SYMBOL, "0.56")
    sim.set_price(SYMBOL, "0.5544")
    sim.clock.advance(MINUTE)
    sim.set_index_price(SYMBOL, None)
    assert [
        [float(each) for each in row[1:]] for row in candles(caller, "premium-index-price-kline")
    ] == [
        [-0.01, 0, -0.01, 0],
        [0, 0.25, -0.01, -0.01],
    ]


def test_a_contract_may_have_been_listed_earlier(sim: Simulator, caller: Caller) -> None:
    sim.set_mark_price(SYMBOL, "0.69")
    sim.backdate(SYMBOL, 3 * MINUTE)
    sim.set_price(SYMBOL, "0.71")
    flat = [["0.7000"] * 4] * 3
    assert [row[1:5] for row in candles(caller)] == [["0.7000", "0.71", "0.7000", "0.71"], *flat]
    assert [row[1:5] for row in candles(caller, "mark-price-kline")][1:] == flat
