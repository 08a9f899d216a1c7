"""Frames and replies of the public stream, and the faults that meet it."""

import pytest

from trueup.simulator import Simulator, StreamFault, StreamFaultKind, StreamRefused

from ..caller import SYMBOL
from .follower import Follower

TICKER = f"tickers.{SYMBOL}"


def test_the_replies_have_the_pages_fields(sim: Simulator) -> None:
    peer = Follower(sim)
    agreed = peer.ask({"op": "subscribe", "args": [TICKER]})
    conn_id = agreed.pop("conn_id")
    assert agreed == {"success": True, "ret_msg": "", "req_id": "", "op": "subscribe"}
    pong = peer.ask({"op": "ping", "req_id": "test"})
    assert pong == {
        "success": True,
        "ret_msg": "pong",
        "conn_id": conn_id,
        "req_id": "test",
        "op": "ping",
    }
    ended = peer.ask({"op": "unsubscribe", "req_id": "r", "args": [TICKER]})
    assert (ended["success"], ended["op"], ended["req_id"]) == (True, "unsubscribe", "r")


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ([TICKER, "order"], "error:handler not found,topic:order"),
        (["tickers.NONE"], "error:handler not found,topic:tickers.NONE"),
        (["tickers"], "error:handler not found,topic:tickers"),
        ([f"tickers.1.{SYMBOL}"], f"error:handler not found,topic:tickers.1.{SYMBOL}"),
        ([f"orderbook.30.{SYMBOL}"], f"error:handler not found,topic:orderbook.30.{SYMBOL}"),
        ([f"kline.7.{SYMBOL}"], f"error:handler not found,topic:kline.7.{SYMBOL}"),
        ([f"orderbook.50.{SYMBOL.lower()}"], "error:handler not found,topic:orderbook.50.bandusdt"),
        ([], "Params Error"),
        (None, "Params Error"),
    ],
)
def test_a_subscription_that_fails_subscribes_nothing(
    sim: Simulator, args: object, text: str
) -> None:
    peer = Follower(sim)
    for operation in ("subscribe", "unsubscribe"):
        reply = peer.ask({"op": operation, "args": args})
        assert (reply["success"], reply["ret_msg"]) == (False, text)
    assert (peer.new(), [state.topics for state in sim.streams]) == ([], [()])


def test_a_topic_is_subscribed_once(sim: Simulator) -> None:
    peer = Follower(sim, TICKER)
    again = peer.ask({"op": "subscribe", "args": [f"publicTrade.{SYMBOL}", TICKER]})
    assert (again["success"], again["ret_msg"]) == (
        False,
        f"error:already subscribed,topic:{TICKER}",
    )
    peer.new()
    sim.set_price(SYMBOL, "0.71")
    assert [message["topic"] for message in peer.new()] == [TICKER]


@pytest.mark.parametrize("frame", ["", '{"op": "auth", "args": ["key-101", 1, "x"]}'])
def test_other_operations_are_unknown(sim: Simulator, frame: str) -> None:
    assert Follower(sim).ask(frame)["ret_msg"] == "error:invalid op"


def test_who_leaves_gets_nothing(sim: Simulator) -> None:
    stays, goes = Follower(sim, TICKER), Follower(sim, TICKER)
    assert goes.ask({"op": "unsubscribe", "args": [TICKER]})["success"]
    closed = Follower(sim, TICKER)
    closed.session.close()
    for peer in (stays, goes, closed):
        peer.new()
    sim.set_price(SYMBOL, "0.71")
    assert [len(peer.new()) for peer in (stays, goes, closed)] == [1, 0, 0]


def test_the_clock_has_nothing_to_do_when_nobody_follows(sim: Simulator) -> None:
    peer = Follower(sim, TICKER)
    assert sim.clock.waiting == 1
    peer.session.close()
    sim.clock.advance(60_000)
    assert sim.clock.waiting == 0


def test_a_contract_that_is_delisted_is_silent(sim: Simulator) -> None:
    peer = Follower(sim, TICKER, f"orderbook.1.{SYMBOL}")
    peer.new()
    sim.delist(SYMBOL)
    sim.clock.advance(120_000)
    assert peer.new() == []


def test_faults_meet_it_as_they_meet_the_private_one(sim: Simulator) -> None:
    sim.inject(StreamFault(kind=StreamFaultKind.REFUSED))
    with pytest.raises(StreamRefused):
        Follower(sim)
    peer = Follower(sim, TICKER, f"kline.1.{SYMBOL}")
    peer.new()
    sim.inject(StreamFault(kind=StreamFaultKind.SILENCE, topic="tickers"))
    sim.set_price(SYMBOL, "0.71")
    assert [message["topic"] for message in peer.new()] == [f"kline.1.{SYMBOL}"]
    sim.inject(StreamFault(kind=StreamFaultKind.SUBSCRIBE_FAILED, topic="orderbook"))
    assert not peer.ask({"op": "subscribe", "args": [f"orderbook.1.{SYMBOL}"]})["success"]
    sim.inject(StreamFault(kind=StreamFaultKind.DROP, code=1001))
    assert peer.cuts == [1001]
    assert sim.streams == ()
