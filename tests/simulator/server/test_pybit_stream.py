"""The real pybit on the private stream: what it receives, and what each fault does to it."""

import pytest
from pybit.unified_trading import HTTP
from websocket import WebSocketTimeoutException

from trueup.simulator import SimulatorServer, StreamFault, StreamFaultKind

from ..caller import SYMBOL
from ..pybit_stream import opened
from ..watcher import ALL

Kind = StreamFaultKind
ORDER = {
    "category": "linear",
    "symbol": SYMBOL,
    "side": "Sell",
    "orderType": "Limit",
    "qty": "50",
    "price": "0.75",
}


def test_the_life_of_a_ladder(served: SimulatorServer, pybit: HTTP) -> None:
    sim = served.sim
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    with opened(served.stream_url) as stream:
        stream.listen(*ALL)
        made = pybit.place_order(**ORDER, reduceOnly=True)[0]["result"]["orderId"]
        pybit.amend_order(category="linear", symbol=SYMBOL, orderId=made, qty="60")
        assert stream.topics(4) == ["order", "position"] * 2
        sim.set_price(SYMBOL, "0.76")
        position, order, fill = (stream.next()["data"][0] for _ in range(3))
        assert (position["size"], order["orderStatus"], fill["execQty"]) == ("40", "Filled", "60")
        assert position["seq"] == fill["seq"]
        rest = pybit.place_order(**{**ORDER, "price": "0.8", "qty": "40"}, reduceOnly=True)
        assert stream.topics(2) == ["order", "position"]
        pybit.cancel_order(category="linear", symbol=SYMBOL, orderId=rest[0]["result"]["orderId"])
        assert stream.next()["data"][0]["orderStatus"] == "Cancelled"
        assert stream.next()["data"][0]["size"] == "40"
        market = {**ORDER, "orderType": "Market", "qty": "40"}
        pybit.place_order(**market, reduceOnly=True)
        orders, held, (closing,) = (stream.next()["data"] for _ in range(3))
        assert [order["orderStatus"] for order in orders] == ["New", "Filled"]
        flat = held[-1]
        assert (flat["side"], flat["size"], closing["closedSize"]) == ("", "0", "40")


def test_two_accounts_and_a_position_moved_by_hand(served: SimulatorServer) -> None:
    sim = served.sim
    with opened(served.stream_url) as mine, opened(served.stream_url, "202") as other:
        mine.listen("position")
        other.listen("position.linear", "wallet")
        sim.set_position("101", SYMBOL, "Buy", "100", "0.69")
        sim.set_position("202", SYMBOL, "Sell", "30", "0.69")
        first, second = mine.next(), other.next()
        assert (first["topic"], first["data"][0]["size"]) == ("position", "100")
        assert (second["topic"], second["data"][0]["positionIdx"]) == ("position.linear", 2)
        assert [(state.uid, state.is_public) for state in sim.streams] == [
            ("101", False),
            ("202", False),
        ]


def test_fast_executions(served: SimulatorServer, pybit: HTTP) -> None:
    with opened(served.stream_url) as stream:
        stream.listen("execution.fast.linear")
        pybit.place_order(**{**ORDER, "side": "Buy"}, orderLinkId="L")
        message = stream.next()
        assert (message["topic"], message["data"][0]["orderLinkId"]) == (
            "execution.fast.linear",
            "L",
        )


@pytest.mark.parametrize("code", [1001, None])
def test_pybit_reconnects_after_a_drop_but_messages_of_the_gap_are_lost(
    served: SimulatorServer, code: int | None
) -> None:
    sim = served.sim
    with opened(served.stream_url) as stream:
        stream.listen("order")
        sim.inject(
            StreamFault(kind=Kind.SILENCE, times=None), StreamFault(kind=Kind.DROP, code=code)
        )
        sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "gap")
        assert stream.reply("auth")["success"]
        assert stream.reply("subscribe")["success"]
        sim.clear_faults()
        sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "after")
        assert stream.next()["data"][0]["orderLinkId"] == "after"
        assert stream.received.empty()


def test_a_refused_reconnect_is_the_end(served: SimulatorServer) -> None:
    with opened(served.stream_url) as stream:
        stream.listen("order")
        served.sim.inject(
            StreamFault(kind=Kind.REFUSED, times=None), StreamFault(kind=Kind.DROP, code=1012)
        )
        stream.wait_for_exit()
        stream.wait_for_exit()
        assert served.sim.streams == ()
        assert (stream.exited, stream.attempting_connection) == (True, True)


@pytest.mark.parametrize("status", [503, 0])
def test_refused_from_the_first(served: SimulatorServer, status: int) -> None:
    served.sim.inject(StreamFault(kind=Kind.REFUSED, status=status, times=2))
    with pytest.raises(WebSocketTimeoutException), opened(served.stream_url):
        pass
    with opened(served.stream_url) as stream:
        stream.listen("order")


def test_pings_reveal_a_half_open_connection(served: SimulatorServer) -> None:
    with opened(served.stream_url, ping_interval=0.3, ping_timeout=0.2) as stream:
        stream.listen("order")
        served.sim.inject(StreamFault(kind=Kind.HALF_OPEN))
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "lost")
        assert stream.reply("subscribe")["success"], "it has come back"
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "arrives")
        assert stream.next()["data"][0]["orderLinkId"] == "arrives"


def test_pybit_does_not_notice_silence(served: SimulatorServer) -> None:
    with opened(served.stream_url, ping_interval=0.3, ping_timeout=0.2) as stream:
        stream.listen("order")
        served.sim.inject(StreamFault(kind=Kind.SILENCE))
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "lost")
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "arrives")
        assert stream.next()["data"][0]["orderLinkId"] == "arrives"
        assert stream.exits.empty()


def test_duplicates_shuffles_and_delays_arrive_as_they_are(served: SimulatorServer) -> None:
    sim = served.sim
    with opened(served.stream_url) as stream:
        stream.listen("order")
        sim.inject(
            StreamFault(kind=Kind.DUPLICATE),
            StreamFault(kind=Kind.DELAY, skip=1, delay_ms=100),
        )
        for link in ("twice", "late", "last"):
            sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", link)
        received = [stream.next()["data"][0]["orderLinkId"] for _ in range(3)]
        sim.clock.advance(100)
        assert [*received, stream.next()["data"][0]["orderLinkId"]] == [
            "twice",
            "twice",
            "last",
            "late",
        ]


@pytest.mark.parametrize(
    "fault",
    [
        StreamFault(kind=Kind.UNKNOWN_TOPIC),
        StreamFault(kind=Kind.AUTH_FAILED),
        StreamFault(kind=Kind.SUBSCRIBE_FAILED),
    ],
)
def test_what_stops_pybit_for_good(served: SimulatorServer, fault: StreamFault) -> None:
    if fault.kind is Kind.AUTH_FAILED:
        served.sim.inject(fault)
    with opened(served.stream_url) as stream:
        if fault.kind is Kind.UNKNOWN_TOPIC:
            stream.listen("order")
            served.sim.inject(fault)
            served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
        elif fault.kind is Kind.SUBSCRIBE_FAILED:
            served.sim.inject(fault)
            stream.order_stream(stream.received.put)
        stream.wait_for_exit()
        assert (stream.exited, stream.is_connected(), stream.received.empty()) == (
            True,
            False,
            True,
        )


def test_wrong_keys(served: SimulatorServer) -> None:
    with opened(served.stream_url, api_secret="wrong") as stream:
        assert stream.reply("auth")["ret_msg"] == "Params Error"
        stream.wait_for_exit()
        assert not stream.auth
