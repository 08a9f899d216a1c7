"""Proxies that the environment names, through a small real one."""

from collections.abc import Callable

import pytest

from trueup.adapters.bybit.rest.failures import Failure
from trueup.domain.model.outcomes import Effect

from ..loopback import closed_port
from .raw_server import Peer, RawServer
from .ways import BODY, FIBER, Way, effect, framed

HOST = "https://api.example"
NAMES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")

Surround = Callable[..., None]


@pytest.fixture
def surround(monkeypatch: pytest.MonkeyPatch) -> Surround:
    """Sets the variables, and clears all others of the kind."""

    def put(**variables: str) -> None:
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


def _answers(peer: Peer) -> None:
    while True:
        peer.answer(framed(BODY))


def _tunnel(server: RawServer, *, answers: bool = True) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 Connection established\r\nVia: a proxy\r\n\r\n")
        peer.relay(server.port, answers=answers)

    return script


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_https_goes_through_a_tunnel(way: Way, surround: Surround, variable: str) -> None:
    with RawServer(_answers, certificate="right") as server, RawServer(_tunnel(server)) as proxy:
        surround(**{variable: proxy.url})
        with way.connected(HOST) as send:
            assert [effect(send()) for _ in range(2)] == [None, None]

    (asked,) = proxy.received
    assert asked.startswith(b"CONNECT api.example:443 HTTP/1.")
    assert b"BAPI" not in asked
    assert len(server.received) == 2
    assert all(b"\r\nHost: api.example\r\n" in request for request in server.received)
    assert all(b"Proxy" not in request for request in server.received)


def test_a_certificate_is_checked_behind_a_proxy_too(way: Way, surround: Surround) -> None:
    with (
        RawServer(_answers, certificate="elsewhere") as server,
        RawServer(_tunnel(server)) as proxy,
    ):
        surround(HTTPS_PROXY=proxy.url)
        with way.connected(HOST) as send:
            assert effect(send()) is Effect.REJECTED

    assert server.received == []


def test_a_proxy_is_told_who_asks(way: Way, surround: Surround) -> None:
    with RawServer(_answers, certificate="right") as server, RawServer(_tunnel(server)) as proxy:
        surround(HTTPS_PROXY=proxy.url.replace("//", "//us%40er:pass@"))
        with way.connected(HOST) as send:
            assert effect(send()) is None

    assert b"\r\nProxy-Authorization: Basic dXNAZXI6cGFzcw==\r\n" in proxy.received[0]


@pytest.mark.parametrize("variables", [{"NO_PROXY": "127.0.0.0/8"}, {"no_proxy": "*"}])
def test_some_hosts_need_none(way: Way, surround: Surround, variables: dict[str, str]) -> None:
    with RawServer(_answers, certificate="right") as server:
        surround(HTTPS_PROXY=f"http://127.0.0.1:{closed_port()}", **variables)
        with way.connected(server.url) as send:
            assert effect(send()) is None


def test_plain_http_is_forwarded(way: Way, surround: Surround) -> None:
    with RawServer(_answers) as proxy:
        surround(HTTP_PROXY=proxy.url.replace("//", "//user:pass@"))
        with way.connected("http://api.example") as send:
            assert effect(send()) is None

    (request,) = proxy.received
    assert request.startswith(
        b"POST http://api.example/v5/order/cancel-batch HTTP/1.1\r\nHost: api.example\r\n"
    )
    assert b"\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n" in request


@pytest.mark.parametrize(
    "script",
    [
        lambda peer: peer.answer(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
        lambda peer: peer.answer(b"HTTP/1.1 407 Who Are You\r\n\r\n"),
    ],
)
def test_what_a_proxy_refuses_was_not_sent(
    way: Way, surround: Surround, script: Callable[[Peer], None]
) -> None:
    with RawServer(script) as proxy:
        surround(HTTPS_PROXY=proxy.url)
        with way.connected(HOST) as send:
            reply = send().reply

    assert isinstance(reply, Failure)
    assert reply.message == "no connection, not sent (ProxyError)"
    assert reply.effect is Effect.REJECTED


@pytest.mark.parametrize("word", [b"", b"HTTP/1.1 200", b"SSH-2.0\r\n\r\n", b"x" * (1 << 17)])
def test_a_proxy_that_is_none_was_sent_nothing(surround: Surround, word: bytes) -> None:
    with RawServer(lambda peer: peer.send(word) if peer.request() else None) as proxy:
        surround(HTTPS_PROXY=proxy.url)
        with FIBER.connected(HOST) as send:
            assert effect(send()) is Effect.REJECTED


def test_where_the_proxy_is_away_nothing_was_sent(way: Way, surround: Surround) -> None:
    surround(HTTPS_PROXY=f"http://127.0.0.1:{closed_port()}")
    with way.connected(HOST) as send:
        assert effect(send()) is Effect.REJECTED


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_proxy_that_hangs_up_later_leaves_the_effect_unknown(
    way: Way, surround: Surround, scheme: str
) -> None:
    def forward(peer: Peer) -> None:
        peer.request()

    def tunnel(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.relay(server.port)

    with (
        RawServer(forward, certificate="right" if scheme == "https" else "") as server,
        RawServer(tunnel if scheme == "https" else forward) as proxy,
    ):
        surround(HTTPS_PROXY=proxy.url, HTTP_PROXY=proxy.url)
        with way.connected(f"{scheme}://api.example") as send:
            assert effect(send()) is Effect.UNKNOWN


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://:x", "http://[what"])
def test_a_proxy_of_another_kind_breaks_nothing(way: Way, surround: Surround, proxy: str) -> None:
    surround(HTTPS_PROXY=proxy)
    with way.connected(HOST) as send:
        assert isinstance(send().reply, Failure)
