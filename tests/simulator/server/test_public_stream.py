"""The public stream over a socket: bare frames, and the real pybit."""

import json
from typing import Any

from pybit.unified_trading import HTTP
from websockets.sync.client import connect

from trueup.simulator import SimulatorServer

from ..caller import SYMBOL
from ..pybit_stream import opened

PATIENCE_S = 10.0


def test_bare_frames_beside_the_private_stream(served: SimulatorServer) -> None:
    url = served.public_stream_url
    assert url == served.stream_url.replace("/v5/private", "/v5/public/linear")
    with connect(url, proxy=None, ping_interval=None, close_timeout=0.2) as client:

        def receive() -> dict[str, Any]:
            frame: dict[str, Any] = json.loads(client.recv(PATIENCE_S))
            return frame

        client.send(json.dumps({"op": "subscribe", "args": [f"orderbook.1.{SYMBOL}"]}))
        assert [receive()["success"], receive()["type"]] == [True, "snapshot"]
        served.sim.set_price(SYMBOL, "0.71")
        assert receive()["data"]["b"] == [["0.7100", "1000000"]]
        assert client.ping().wait(PATIENCE_S)
        (state,) = served.sim.streams
        assert (state.topics, state.is_public) == ((f"orderbook.1.{SYMBOL}",), True)


def test_pybit_keeps_the_book_that_it_reads(served: SimulatorServer, pybit: HTTP) -> None:
    with opened(served.public_stream_url, channel="linear") as stream:
        stream.listen("orderbook.50.{symbol}", symbol=SYMBOL)
        book = stream.next()["data"]
        for price in ("0.7003", "0.6990", "0.75"):
            served.sim.set_price(SYMBOL, price)
            book = stream.next()["data"]
        read = pybit.get_orderbook(category="linear", symbol=SYMBOL, limit=50)[0]["result"]
        assert sorted(book["b"]) == sorted(read["b"])
        assert sorted(book["a"]) == sorted(read["a"])


def test_pybit_keeps_the_ticker_and_sees_trades_and_candles(
    served: SimulatorServer, pybit: HTTP
) -> None:
    with opened(served.public_stream_url, channel="linear") as stream:
        stream.listen("tickers.{symbol}", symbol=SYMBOL)
        assert stream.next()["data"]["lastPrice"] == "0.7000"
        stream.listen("kline.1.{symbol}", symbol=SYMBOL)
        assert stream.next()["data"][0]["close"] == "0.7000"
        stream.listen("publicTrade.{symbol}", symbol=SYMBOL)
        pybit.place_order(
            category="linear", symbol=SYMBOL, side="Buy", orderType="Market", qty="50"
        )
        assert [item["v"] for item in stream.next()["data"]] == ["50"]
        served.sim.set_price(SYMBOL, "0.72")
        ticker, candle = stream.next(), stream.next()
        assert (ticker["data"]["lastPrice"], ticker["data"]["fundingRate"]) == ("0.72", "0")
        assert candle["data"][0]["high"] == "0.72"
