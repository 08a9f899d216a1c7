"""What is streamed agrees with what is read, whatever the market does."""

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from trueup.simulator import Behaviour, Simulator

from ..caller import SYMBOL, Caller, order_id
from ..conftest import START_MS
from .follower import Book, Follower

MINUTE = 60_000
FIRST = START_MS // MINUTE * MINUTE


def wander(sim: Simulator, moves: int = 40) -> None:
    """Moves of the price, some small and some large, and of what else a book depends on."""
    dice = Random(7)  # noqa: S311 - no secret
    for number in range(moves):
        sim.set_price(SYMBOL, Decimal(dice.choice([7000, 7001, 7003, 7040, 2, 9000])) / 10000)
        sim.clock.advance(dice.choice([1, 700, 61_000]))
        if number == moves // 2:
            sim.behaviour = Behaviour(
                rate_limits=False, slippage_ticks=3, book_depth=Decimal("12.5")
            )
        if number == moves * 2 // 3:
            sim.set_instrument(SYMBOL, tick="0.001")


@pytest.mark.parametrize("depth", [1, 50, 200])
def test_a_book_kept_from_the_stream_is_the_one_that_is_read(
    sim: Simulator, caller: Caller, depth: int
) -> None:
    peer, kept = Follower(sim, f"orderbook.{depth}.{SYMBOL}"), Book()
    first = peer.received[0]
    assert {"topic", "type", "ts", "cts", "data"} == set(first)
    assert set(first["data"]) == {"s", "b", "a", "u", "seq"}
    for _ in range(3):
        wander(sim, 13)
        for message in peer.new():
            assert (message["type"] == "snapshot") == (message is first or depth == 1)
            kept.apply(message)
        read = caller.get("market/orderbook", symbol=SYMBOL, limit=depth)["result"]
        assert [kept.levels("b"), kept.levels("a")] == [read["b"], read["a"]]


def test_a_second_follower_begins_with_the_whole_book_and_the_same_count(sim: Simulator) -> None:
    topic = f"orderbook.50.{SYMBOL}"
    early = Follower(sim, topic)
    sim.set_price(SYMBOL, "0.7002")
    late = Follower(sim, topic)
    sim.set_price(SYMBOL, "0.7003")
    books = Book(), Book()
    for kept, peer in zip(books, (early, late), strict=True):
        for message in peer.new():
            kept.apply(message)
    assert (books[0].sides, books[0].updates) == (books[1].sides, books[1].updates)


def test_levels_of_a_delta_are_in_the_order_of_the_page(sim: Simulator) -> None:
    peer = Follower(sim, f"orderbook.50.{SYMBOL}")
    peer.new()
    sim.set_price(SYMBOL, "0.7003")
    (delta,) = peer.new()
    assert delta["data"]["b"][:3] == [
        ["0.7003", "1000000"],
        ["0.7002", "1000000"],
        ["0.7001", "1000000"],
    ]
    assert delta["data"]["b"][-1] == ["0.6951", "0"]
    assert delta["data"]["a"][0] == ["0.7000", "0"]
    assert delta["data"]["a"][-1] == ["0.7052", "1000000"]


def test_a_price_that_a_book_does_not_show_sends_none(sim: Simulator) -> None:
    peer = Follower(sim, f"orderbook.50.{SYMBOL}", f"tickers.{SYMBOL}")
    peer.new()
    sim.set_mark_price(SYMBOL, "0.69")
    (ticker,) = peer.new()
    assert ticker["data"] == {"symbol": SYMBOL, "markPrice": "0.69"}
    sim.set_price(SYMBOL, "0.7000")
    assert peer.new() == [], "it has not moved"


def test_a_ticker_kept_from_the_stream_is_the_one_that_is_read(
    sim: Simulator, caller: Caller
) -> None:
    peer = Follower(sim, f"tickers.{SYMBOL}")
    kept: dict[str, Any] = {}
    for _ in range(3):
        wander(sim, 9)
        sim.clock.advance(MINUTE)
        for message in peer.new():
            assert (message["type"], set(message)) == (
                "delta" if kept else "snapshot",
                {"topic", "type", "ts", "cs", "data"},
            )
            kept.update(message["data"])
        (row,) = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"]
        assert {**kept, **row} == kept


def test_a_ticker_forgets_the_last_hour_though_nothing_moves(sim: Simulator) -> None:
    sim.set_price(SYMBOL, "0.80")
    sim.clock.advance(MINUTE)
    sim.set_price(SYMBOL, "0.90")
    peer = Follower(sim, f"tickers.{SYMBOL}")
    assert peer.new()[0]["data"]["prevPrice1h"] == "0.7000"
    sim.clock.advance(61 * MINUTE)
    changes = [message["data"]["prevPrice1h"] for message in peer.new()]
    assert changes == ["0.80", "0.90"]


def test_the_directions_of_ticks(sim: Simulator) -> None:
    peer = Follower(sim, f"tickers.{SYMBOL}")
    for price in ("0.71", "0.72", "0.71"):
        sim.set_price(SYMBOL, price)
    sim.set_mark_price(SYMBOL, "0.7")
    said = [message["data"].get("tickDirection") for message in peer.new()]
    assert said == ["ZeroPlusTick", "PlusTick", None, "MinusTick", "ZeroMinusTick"]


def test_trades_are_those_that_are_read(sim: Simulator, caller: Caller, hedger: Caller) -> None:
    peer = Follower(sim, f"publicTrade.{SYMBOL}")
    assert peer.new() == [], "there is no snapshot"
    order_id(caller.limit("50", "0.72"))
    order_id(hedger.limit("20", "0.71", positionIdx=2))
    order_id(caller.limit("10", "", side="Buy", orderType="Market"))
    sim.set_price(SYMBOL, "0.73")
    sim.set_position("101", SYMBOL, "Buy", "5", "0.7")
    messages = peer.new()
    assert [len(message["data"]) for message in messages] == [1, 2], "one message an effect"
    streamed = [item for message in messages for item in message["data"]]
    read = caller.get("market/recent-trade", symbol=SYMBOL)["result"]["list"]
    assert [
        [item[name] for name in ("i", "p", "v", "S", "seq")] for item in reversed(streamed)
    ] == [[row["execId"], row["price"], row["size"], row["side"], int(row["seq"])] for row in read]
    assert [item["L"] for item in streamed] == ["ZeroPlusTick", "PlusTick", "PlusTick"]
    assert streamed[0]["T"] == START_MS
    assert (streamed[0]["BT"], streamed[0]["RPI"]) == (False, False)


@pytest.mark.parametrize("interval", ["1", "5", "D"])
def test_candles_are_those_that_are_read(sim: Simulator, caller: Caller, interval: str) -> None:
    peer = Follower(sim, f"kline.{interval}.{SYMBOL}")
    wander(sim)
    items = [item for message in peer.new() for item in message["data"]]
    streamed = {item["start"]: item for item in items}
    over = [item["start"] for item in items if item["confirm"]]
    assert over == sorted(set(over)), "each is over once"
    assert [start for start, item in streamed.items() if not item["confirm"]] == [max(streamed)]
    read = caller.get("market/kline", symbol=SYMBOL, interval=interval, limit=1000)
    assert [
        [str(item["start"]), *(item[name] for name in ("open", "high", "low", "close")), "0", "0"]
        for _, item in sorted(streamed.items(), reverse=True)
    ] == read["result"]["list"]


def test_a_candle_from_its_begin_to_its_end(sim: Simulator) -> None:
    peer = Follower(sim, f"kline.1.{SYMBOL}")
    sim.set_price(SYMBOL, "0.72")
    sim.clock.advance(MINUTE)
    messages = peer.new()
    assert {message["type"] for message in messages} == {"snapshot"}
    begun, grown, over, following = (message["data"][0] for message in messages)
    assert begun == {
        "start": FIRST,
        "end": FIRST + MINUTE - 1,
        "interval": "1",
        "open": "0.7000",
        "high": "0.7000",
        "low": "0.7000",
        "close": "0.7000",
        "volume": "0",
        "turnover": "0",
        "confirm": False,
        "timestamp": START_MS,
    }
    assert (grown["close"], grown["confirm"]) == ("0.72", False)
    assert (over["start"], over["close"], over["confirm"]) == (FIRST, "0.72", True)
    assert (following["start"], following["open"], following["confirm"]) == (
        FIRST + MINUTE,
        "0.72",
        False,
    )
