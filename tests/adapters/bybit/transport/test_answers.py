"""What every answer means, whole or broken, over TLS."""

import gzip
import zlib
from dataclasses import replace
from datetime import timedelta
from itertools import repeat

import pytest

from trueup.adapters.bybit.rest.connection import Reply
from trueup.adapters.bybit.rest.failures import Failure
from trueup.domain.model.outcomes import Effect

from .raw_server import Peer, RawServer
from .ways import BLOCKING, BODY, FIBER, PATIENT, SHORT_S, Way, effect, framed, head

IMPATIENT = replace(PATIENT, read_timeout=timedelta(seconds=SHORT_S))
ZIPPED = gzip.compress(BODY)
CHUNKED = "Transfer-Encoding: chunked"


def _chunks(body: bytes, size: int = 7) -> tuple[bytes, ...]:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return *(b"%x\r\n%b\r\n" % (len(part), part) for part in parts), b"0\r\n\r\n"


def _deflated(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(body) + packing.flush()


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((framed(BODY),), id="length"),
        pytest.param(
            (*tuple(bytes([each]) for each in framed(BODY)[:70]), framed(BODY)[70:]), id="bytes"
        ),
        pytest.param((head(CHUNKED), *_chunks(BODY)), id="chunked"),
        pytest.param((framed(ZIPPED, "Content-Encoding: gzip"),), id="gzip"),
        pytest.param(
            (head(CHUNKED, "content-encoding: GZIP"), *_chunks(ZIPPED)), id="chunked gzip"
        ),
        pytest.param((framed(zlib.compress(BODY), "Content-Encoding: deflate"),), id="zlib"),
        pytest.param((framed(_deflated(BODY), "Content-Encoding: deflate"),), id="deflate"),
        pytest.param((b"HTTP/1.1 100 Continue\r\n\r\n", framed(BODY)), id="100"),
        pytest.param((framed(BODY, status="200 "),), id="no reason"),
        pytest.param((framed(BODY, "Connection: close"),), id="close"),
    ],
)
def test_a_whole_answer(way: Way, parts: tuple[bytes, ...]) -> None:
    with (
        RawServer(lambda peer: _answer(peer, parts), certificate="right") as server,
        way.connected(server.url) as send,
    ):
        answer = send()

    assert isinstance(answer.reply, Reply)
    assert answer.reply.time_ms == 1_700_000_000_000
    assert len(server.received) == 1


def test_an_answer_without_a_length_ends_with_the_connection(way: Way) -> None:
    with (
        RawServer(lambda peer: _answer(peer, (head() + BODY,), ends=True)) as server,
        way.connected(server.url) as send,
    ):
        assert isinstance(send().reply, Reply)


def test_announcements_are_skipped() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-Bapi-Limit: 1\r\n\r\n"
    parts = (early, b"HTTP/1.1 100 Continue\r\n\r\n", framed(BODY, "X-Bapi-Limit: 20"))
    with (
        RawServer(lambda peer: _answer(peer, parts), certificate="right") as server,
        FIBER.connected(server.url) as send,
    ):
        answer = send()

    assert isinstance(answer.reply, Reply)
    assert answer.headers.limit == 20


def test_headers_in_any_case(way: Way) -> None:
    lines = ("x-bapi-limit: 20", "X-BAPI-LIMIT-STATUS: 19", "tImEnOw:1700000000001")
    with (
        RawServer(lambda peer: _answer(peer, (framed(BODY, *lines),))) as server,
        way.connected(server.url) as send,
    ):
        headers = send().headers

    assert (headers.limit, headers.remaining, headers.server_ms) == (20, 19, 1_700_000_000_001)


@pytest.mark.parametrize(
    ("answer", "code", "is_executed"),
    [
        (framed(b"", status="403 Forbidden"), 403, Effect.REJECTED),
        (head("Connection: close", status="403 Forbidden"), 403, Effect.REJECTED),
        (framed(b"<html>", status="502 Bad Gateway"), 502, Effect.UNKNOWN),
        (head(status="204 No Content"), 204, Effect.UNKNOWN),
        (framed(b"", status="599 What"), 599, Effect.UNKNOWN),
        (framed(b""), 409, Effect.UNKNOWN),
        (framed(b"\xff\xfe\x00"), 409, Effect.UNKNOWN),
        (
            framed(b"{}", "Location: /v5/order/create", status="307 Over There"),
            None,
            Effect.UNKNOWN,
        ),
        (framed(b"{}", "Location: /v5/order/create", status="302 Found"), None, Effect.UNKNOWN),
    ],
)
def test_a_status(way: Way, answer: bytes, code: int | None, is_executed: Effect) -> None:
    closes = b"close" in answer
    with (
        RawServer(
            lambda peer: _answer(peer, (answer,), ends=closes), certificate="right"
        ) as server,
        way.connected(server.url) as send,
    ):
        reply = send().reply

    assert isinstance(reply, Failure)
    assert (reply.code, reply.effect) == (code, is_executed)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 20", id="half a status"),
        pytest.param(head("Content-Length: 9"), id="no body"),
        pytest.param(framed(BODY)[:-1], id="half a body"),
        pytest.param(head(CHUNKED) + b"".join(_chunks(BODY)[:-1]), id="no last chunk"),
        pytest.param(head(CHUNKED) + b"400\r\n{", id="half a chunk"),
        pytest.param(head(CHUNKED) + b"what\r\n{}", id="no chunk"),
        pytest.param(b"220 smtp.example ESMTP\r\n", id="no HTTP"),
        pytest.param(framed(ZIPPED[:-30], "Content-Encoding: gzip"), id="half a gzip"),
        pytest.param(framed(BODY, "Content-Encoding: gzip"), id="no gzip"),
        pytest.param(head("Connection: upgrade", "Upgrade: x", status="101 Upgrade"), id="upgrade"),
    ],
)
def test_a_broken_answer_leaves_the_effect_unknown(way: Way, answer: bytes) -> None:
    with (
        RawServer(lambda peer: _answer(peer, (answer,), ends=True), certificate="right") as server,
        way.connected(server.url) as send,
    ):
        assert effect(send()) is Effect.UNKNOWN

    assert len(server.received) == 1


def test_silence(way: Way) -> None:
    with (
        RawServer(lambda peer: _answer(peer, ()), certificate="right") as server,
        way.connected(server.url, IMPATIENT) as send,
    ):
        assert effect(send()) is Effect.UNKNOWN

    assert len(server.received) == 1


@pytest.mark.parametrize("way", [FIBER, BLOCKING], ids=["fiber", "blocking"])
@pytest.mark.parametrize(
    ("begins", "drips"),
    [(head("Content-Length: 100000"), b"1"), (head(CHUNKED), b"1\r\n1\r\n"), (head(), b"1")],
)
def test_a_byte_now_and_then(way: Way, begins: bytes, drips: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.answer(begins)
        peer.drip(drips, SHORT_S / 5)

    with RawServer(script) as server, way.connected(server.url, IMPATIENT) as send:
        assert effect(send()) is Effect.UNKNOWN

    assert len(server.received) == 1


def test_a_head_that_comes_byte_by_byte() -> None:
    def script(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 OK\r\nX-Long: ")
        peer.drip(b"1", SHORT_S / 5)

    with RawServer(script) as server, FIBER.connected(server.url, IMPATIENT) as send:
        assert effect(send()) is Effect.UNKNOWN


@pytest.mark.parametrize("way", [FIBER, BLOCKING], ids=["fiber", "blocking"])
@pytest.mark.parametrize("begins", [head("Content-Length: 99999999999"), head(CHUNKED), head()])
def test_a_body_that_never_ends(way: Way, begins: bytes) -> None:
    part = b" " * (1 << 20)
    chunk = b"100000\r\n" + part + b"\r\n" if b"chunked" in begins else part

    def script(peer: Peer) -> None:
        peer.answer(begins, *repeat(chunk, 1000))

    with RawServer(script) as server, way.connected(server.url) as send:
        assert effect(send()) is Effect.UNKNOWN
        server.wait_for_ends()


@pytest.mark.parametrize("way", [FIBER, BLOCKING], ids=["fiber", "blocking"])
def test_a_small_body_that_unpacks_to_a_huge_one(way: Way) -> None:
    bomb = framed(gzip.compress(b" " * (17 << 20)), "Content-Encoding: gzip")
    with (
        RawServer(lambda peer: _answer(peer, (bomb,))) as server,
        way.connected(server.url) as send,
    ):
        assert effect(send()) is Effect.UNKNOWN


def _answer(peer: Peer, parts: tuple[bytes, ...], *, ends: bool = False) -> None:
    peer.answer(*parts)
    if not ends:
        peer.wait_for_the_end()


def test_a_body_that_breaks_off_is_called_the_same(way: Way) -> None:
    with (
        RawServer(lambda peer: _answer(peer, (framed(BODY)[:-1],), ends=True)) as server,
        way.connected(server.url) as send,
    ):
        reply = send().reply

    assert isinstance(reply, Failure)
    assert reply.message == "no usable answer (ChunkedEncodingError)"
