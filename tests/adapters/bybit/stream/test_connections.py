"""What may become of a stream's connection, from the look-up of the host to the last frame."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest

from tests.adapters.bybit.conftest import KEY, SYMBOL, UID, account
from tests.adapters.bybit.received import Received
from trueup.adapters.bybit import BybitFeed
from trueup.adapters.bybit.stream import socket
from trueup.domain.tracking.feed import Alive, Lost, Opened, OrderEvent
from trueup.simulator import Simulator, SimulatorServer

from .bare import CLOSE, PING, PONG, REST, TEXT, TRUSTED, Bare, Front, Wire, frame
from .test_feed import LOOP_THREAD, QUICK

ALIVE = b'{"op": "pong"}'
A_MILLISECOND = timedelta(milliseconds=1)
HASTY = replace(QUICK, connect_timeout=300 * A_MILLISECOND)


@pytest.fixture
def bare() -> Iterator[Bare]:
    """An exchange that the test plays."""
    with Bare() as server:
        yield server


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Closes what the test opens; no thread is left."""
    with ExitStack() as stack:
        yield stack
    assert LOOP_THREAD not in {thread.name for thread in threading.enumerate()}


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tests' certificate is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TRUSTED))
    socket.trust.cache_clear()
    yield
    socket.trust.cache_clear()


def listen(opened: ExitStack, url: str, settings: object = QUICK) -> Received:
    """Starts a feed."""
    received = Received()
    feed = BybitFeed(account(url), settings)  # type: ignore[arg-type] # given as it is
    feed.start(received)
    opened.callback(feed.stop)
    return received


def open_wire(bare: Bare, received: Received) -> Wire:
    """The first connection, opened."""
    wire = bare.accept()
    wire.open()
    assert received.next() == Opened()
    return wire


def test_a_message_may_come_in_several_frames(bare: Bare, opened: ExitStack) -> None:
    received = listen(opened, bare.url)
    wire = open_wire(bare, received)
    wire.send(ALIVE[:5], TEXT, is_last=False)
    wire.send(b"as you like", PING)
    wire.send(ALIVE[5:9], REST, is_last=False)
    wire.send(ALIVE[9:], REST)
    assert received.next() == Alive()
    assert wire.read() == (PONG, b"as you like")


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (frame(b"\x03\xe8", CLOSE), "closed by the exchange"),
        (frame(b"", CLOSE), "closed by the exchange"),
        (b"", "the connection broke (EOFError)"),
        (b"\xff\xff", "the connection broke (ProtocolError)"),
        (frame(b"[" * (socket.LARGEST_MESSAGE + 1)), "the connection broke (PayloadTooBig)"),
    ],
    ids=["closed", "closed without a code", "cut", "no frame", "too long"],
)
def test_what_came_before_the_end_is_handled_before_it(
    bare: Bare, opened: ExitStack, sent: bytes, reason: str
) -> None:
    received = listen(opened, bare.url)
    wire = open_wire(bare, received)
    wire.plain.sendall(frame(ALIVE) * 500 + sent[:100])
    if sent:
        assert [received.next() for _ in range(500)] == [Alive()] * 500
        while not wire.has_ended():
            pass
    wire.plain.close()
    if not sent:
        assert [received.next() for _ in range(500)] == [Alive()] * 500
    assert received.next() == Lost(reason)
    open_wire(bare, received)


@pytest.mark.parametrize("answered", [b"", b"HTTP/1.1 101 Swi"], ids=["nothing", "half an answer"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_swallows_packets_costs_the_time_limit(
    bare: Bare, opened: ExitStack, scheme: str, answered: bytes
) -> None:
    received = listen(opened, f"{scheme}://{bare.where}", HASTY)
    wire = bare.accept()
    if scheme == "http":
        wire.plain.sendall(answered)
    assert received.next() == Lost("the connection broke (TimeoutError)")
    bare.accept()


def test_a_feed_that_still_connects_stops_at_once(bare: Bare) -> None:
    feed, received = BybitFeed(account(bare.url), QUICK), Received()
    feed.start(received)
    wire = bare.accept()
    assert b"websocket" in wire.plain.recv(4096)
    before = monotonic()
    feed.stop()
    assert monotonic() - before < QUICK.connect_timeout.total_seconds()
    assert wire.has_ended()
    assert received.events.empty()


def test_a_server_that_closes_at_once_is_tried_again(bare: Bare, opened: ExitStack) -> None:
    received = listen(opened, bare.url)
    for _ in range(3):
        bare.accept().plain.close()
        assert isinstance(received.next(), Lost)
    open_wire(bare, received)


def test_a_redirect_is_not_followed(bare: Bare, opened: ExitStack) -> None:
    other = opened.enter_context(Bare())
    received = listen(opened, bare.url)
    more = f"Location: ws://{other.where}/v5/private\r\nContent-Length: 0\r\n"
    bare.accept().shake_hands("302 Found", more)
    assert received.next() == Lost("the connection broke (InvalidStatus 302)")
    open_wire(bare, received)


@pytest.mark.usefixtures("trusted")
def test_an_encrypted_stream(sim: Simulator, opened: ExitStack) -> None:
    server = opened.enter_context(SimulatorServer(sim))
    front = opened.enter_context(Front(server.url.removeprefix("http://"), encrypted=True))
    received = listen(opened, f"https://{front.where}")
    assert received.next() == Opened()
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "encrypted")
    assert received.wait_for(OrderEvent).order.order_link_id == "encrypted"


@pytest.mark.usefixtures("trusted")
def test_an_encrypted_stream_that_says_goodbye_and_stays_is_over_at_once(
    bare: Bare, opened: ExitStack
) -> None:
    received = listen(opened, f"https://{bare.where}")
    wire = bare.accept()
    wire.encrypt()
    wire.open()
    assert received.next() == Opened()
    before = monotonic()
    wire.send(b"\x03\xe8", CLOSE)
    assert received.next() == Lost("closed by the exchange")
    assert monotonic() - before < QUICK.silent_after.total_seconds()
    assert wire.read() == (CLOSE, b"\x03\xe8")


def test_a_certificate_that_nobody_vouches_for_is_refused(bare: Bare, opened: ExitStack) -> None:
    front = opened.enter_context(Front(bare.where, encrypted=True))
    received = listen(opened, f"https://{front.where}")
    assert received.next() == Lost("the connection broke (SSLCertVerificationError)")


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_the_environment_names_is_used(
    sim: Simulator, opened: ExitStack, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    server = opened.enter_context(SimulatorServer(sim))
    where = server.url.removeprefix("http://")
    if scheme == "https":
        where = opened.enter_context(Front(where, encrypted=True)).where
    proxy = opened.enter_context(Front())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{scheme}_proxy", f"http://{proxy.where}")
    received = listen(opened, f"{scheme}://{where}")
    assert received.next() == Opened()
    assert proxy.asked == [f"CONNECT {where} HTTP/1.1"]


def test_no_log_quotes_the_login(
    sim: Simulator, opened: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = opened.enter_context(SimulatorServer(sim))
    received = listen(opened, server.url)
    received.wait_for(Opened)
    assert "Using selector" in caplog.text  # what is logged at this level does get here
    assert KEY not in caplog.text
