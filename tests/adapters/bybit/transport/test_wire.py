"""The bytes of a request: the same that pybit as it comes would send."""

import hashlib
import hmac
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from pybit.unified_trading import HTTP

from trueup.adapters.bybit.wire.endpoints import Endpoint

from ..conftest import KEY, SECRET
from .raw_server import Peer, RawServer
from .ways import BODY, Way, connection, framed

ORDER = {"symbol": "BTCUSDT", "side": "Sell", "orderType": "Limit", "qty": "0.1", "price": "7e4"}
REQUESTS: dict[Endpoint, list[dict[str, object]]] = {
    Endpoint.POSITIONS: [
        {"category": "linear", "symbol": "BTCUSDT"},
        {"category": "linear", "settleCoin": "USDT", "limit": 200, "cursor": "a%3D1%2C2%3D%3D"},
        {"category": "linear", "cursor": "page_token%3d+x/y?&z"},
        {"category": "linear", "symbol": "币安人生USDT"},
    ],
    Endpoint.OPEN_ORDERS: [{"category": "linear", "orderLinkId": "a b~c'd\"e|f#g"}],
    Endpoint.ORDER_HISTORY: [{"category": "linear", "orderId": "%zz", "symbol": None}],
    Endpoint.EXECUTIONS: [{"category": "linear", "startTime": 1700000000000}],
    Endpoint.INSTRUMENTS: [{"category": "linear", "limit": 1000}],
    Endpoint.MARK_CANDLES: [{"category": "linear", "interval": "1", "start": 1700000000000}],
    Endpoint.SET_STOP: [{"category": "linear", "positionIdx": 0, "stopLoss": "0.7140"}],
    Endpoint.KEY: [{}],
    Endpoint.PLACE: [{"category": "linear", "request": [ORDER, {**ORDER, "reduceOnly": True}]}],
    Endpoint.AMEND: [{"category": "linear", "request": [{**ORDER, "symbol": "币安人生USDT"}]}],
    Endpoint.CANCEL: [{"category": "linear", "request": []}],
    Endpoint.PLACE_STOP: [{**ORDER, "category": "linear", "triggerPrice": "6e4"}],
    Endpoint.AMEND_STOP: [{"category": "linear", "symbol": "BTCUSDT", "triggerPrice": "6e4"}],
    Endpoint.CANCEL_STOP: [{"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "a"}],
}
CASES = [(endpoint, each) for endpoint, all_of_it in REQUESTS.items() for each in all_of_it]

_TIMED = re.compile(rb"(X-BAPI-SIGN: )(\w{64})(\r\n.*X-BAPI-TIMESTAMP: )(\d{13})", re.DOTALL)


@pytest.mark.parametrize(("endpoint", "parameters"), CASES)
def test_the_bytes(way: Way, endpoint: Endpoint, parameters: dict[str, object]) -> None:
    def as_we_do(url: str) -> None:
        with way.caller() as call, connection(url, way.transport) as made:
            call(lambda: made.ask(endpoint, dict(parameters)))

    def as_it_comes(url: str) -> None:
        http = HTTP(api_key=KEY, api_secret=SECRET, recv_window=5000)
        http.endpoint = url
        getattr(http, endpoint.value)(**_encoded(endpoint, parameters))
        http.client.close()

    assert _bytes_of(as_we_do) == _bytes_of(as_it_comes)


def test_a_signature_signs_what_is_sent(way: Way) -> None:
    def read(url: str) -> None:
        with way.caller() as call, connection(url, way.transport) as made:
            call(lambda: made.ask(Endpoint.POSITIONS, {"category": "linear", "cursor": "a%3D"}))

    request = _received(read)
    signed = _TIMED.search(request)
    assert signed is not None
    query = request.split(b" ")[1].partition(b"?")[2]
    text = signed[4] + KEY.encode() + b"5000" + query
    assert hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest().encode() == signed[2]


def _encoded(endpoint: Endpoint, parameters: dict[str, object]) -> dict[str, object]:
    """What pybit would sign otherwise than it sends is encoded first, in a query."""
    return {
        name: quote(value)
        if isinstance(value, str) and not value.isascii() and not endpoint.is_write
        else value
        for name, value in parameters.items()
    }


def _bytes_of(send: Callable[[str], None]) -> bytes:
    """The request, but for the time of its signature and for the server's port."""
    request = _TIMED.sub(rb"\1signature\3time", _received(send))
    return re.sub(rb"127\.0\.0\.1:\d+", b"host", request)


def _received(send: Callable[[str], None]) -> bytes:
    with RawServer(_answer) as server:
        send(server.url)
    (request,) = server.received
    return request


def _answer(peer: Peer) -> None:
    peer.answer(framed(BODY, "Connection: close"))
