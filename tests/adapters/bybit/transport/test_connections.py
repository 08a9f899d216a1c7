"""Connections: when one is used again, when it is not, and that a request is sent once."""

import asyncio
import socket
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from trueup.adapters.bybit import Transport
from trueup.adapters.bybit.rest.connection import Answer, Reply
from trueup.adapters.bybit.rest.failures import Failure
from trueup.adapters.bybit.transport.lean_request import Origin
from trueup.adapters.bybit.transport.opening import open_channel
from trueup.aio.fibers import run_fiber
from trueup.domain.model.outcomes import Effect

from ..loopback import closed_port
from .raw_server import PATIENCE_S, Peer, RawServer
from .ways import (
    BLOCKING,
    BODY,
    FIBER,
    PATIENT,
    SHORT_S,
    Way,
    cancel,
    connection,
    effect,
    framed,
    head,
)

LATER = BODY.replace(b"1700000000000", b"1700000000001")
LEAN = pytest.mark.parametrize("way", [FIBER, BLOCKING], ids=["fiber", "blocking"])


def _answers(peer: Peer) -> None:
    while True:
        peer.answer(framed(BODY))


def _answers_later(peer: Peer) -> None:
    peer.answer(framed(LATER))


def _time(answer: Answer) -> int | None:
    return answer.reply.time_ms if isinstance(answer.reply, Reply) else None


def test_a_connection_stays_open(way: Way) -> None:
    with RawServer(_answers, certificate="right") as server, way.connected(server.url) as send:
        assert [effect(send()) for _ in range(3)] == [None] * 3

        assert server.connections == 1
        assert len(server.received) == 3


@pytest.mark.parametrize("certificate", ["", "right"])
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(framed(BODY), id="in silence"),
        pytest.param(framed(BODY, "Connection: close"), id="as it said"),
        pytest.param(head() + BODY, id="as the end of the answer"),
        pytest.param(framed(BODY) + framed(BODY), id="after an answer too many"),
        pytest.param(framed(BODY) + b"what", id="after more bytes"),
    ],
)
def test_one_that_the_server_ended_is_not_used(way: Way, first: bytes, certificate: str) -> None:
    with (
        RawServer(
            lambda peer: peer.send(first) if peer.request() else None,
            _answers_later,
            certificate=certificate,
        ) as server,
        way.connected(server.url) as send,
    ):
        assert _time(send()) == 1_700_000_000_000
        server.wait_for_ends()
        assert _time(send()) == 1_700_000_000_001

    assert len(server.received) == 2


def test_the_end_is_noticed_before_the_loop_comes_to_it() -> None:
    def twice() -> tuple[int | None, int | None]:
        first = _time(cancel(made))
        server.wait_for_ends()  # blocks the thread, and the loop with it
        return first, _time(cancel(made))

    with (
        RawServer(
            lambda peer: peer.send(framed(BODY)) if peer.request() else None, _answers_later
        ) as server,
        FIBER.caller() as call,
        connection(server.url) as made,
    ):
        assert call(twice) == (1_700_000_000_000, 1_700_000_000_001)


def test_an_answer_that_nobody_asked_for_answers_no_request() -> None:
    """It comes after the first answer has been read, on a connection that stays open."""
    again = threading.Event()

    def script(peer: Peer) -> None:
        peer.answer(framed(BODY))
        again.wait(PATIENCE_S)
        peer.send(framed(BODY))
        peer.wait_for_the_end()

    with RawServer(script, _answers_later) as server, FIBER.connected(server.url) as send:
        assert _time(send()) == 1_700_000_000_000
        again.set()
        server.wait_for_ends()
        assert _time(send()) == 1_700_000_000_001


def test_a_connection_that_breaks_under_a_request_is_an_error_and_no_second_request(
    way: Way,
) -> None:
    def script(peer: Peer) -> None:
        peer.answer(framed(BODY))
        peer.request()

    with RawServer(script, _answers) as server, way.connected(server.url) as send:
        assert effect(send()) is None
        assert effect(send()) is Effect.UNKNOWN

    assert len(server.received) == 2
    assert server.connections == 1


def test_fibers_are_under_way_together_through_pybits_session_too() -> None:
    meeting = threading.Barrier(6)

    def script(peer: Peer) -> None:
        peer.request()
        meeting.wait(PATIENCE_S)
        peer.send(framed(BODY))

    async def six() -> list[Answer]:
        return await asyncio.gather(*(run_fiber(lambda: cancel(made)) for _ in range(6)))

    with RawServer(script) as server, connection(server.url, Transport.PYBIT) as made:
        answers = asyncio.run(six())

    assert [effect(answer) for answer in answers] == [None] * 6


def test_as_many_connections_as_requests_of_which_few_stay() -> None:
    meeting = threading.Barrier(6)

    def script(peer: Peer) -> None:
        while peer.request():
            meeting.wait(PATIENCE_S)
            peer.send(framed(BODY))

    async def six() -> list[Answer]:
        return await asyncio.gather(*(run_fiber(lambda: cancel(made)) for _ in range(6)))

    async def twice() -> list[Answer]:
        try:
            return await six() + await six()
        finally:
            made.close()
            await asyncio.sleep(0)  # the loop ends the connections

    with RawServer(script) as server:
        with connection(server.url, settings=replace(PATIENT, pool_size=2)) as made:
            answers = asyncio.run(twice())
        server.wait_for_ends(10)

    assert [effect(answer) for answer in answers] == [None] * 12
    assert server.connections == 10


@LEAN
def test_close_ends_the_connections(way: Way) -> None:
    with RawServer(_answers, certificate="right") as server, way.caller() as call:
        with connection(server.url) as made:
            assert effect(call(lambda: cancel(made))) is None
        server.wait_for_ends()


def test_whoever_gives_up_ends_the_connection() -> None:
    arrived = threading.Event()

    def script(peer: Peer) -> None:
        peer.request()
        arrived.set()
        peer.wait_for_the_end()

    async def give_up() -> bool:
        request = asyncio.create_task(run_fiber(lambda: cancel(made)))
        await asyncio.to_thread(arrived.wait, PATIENCE_S)
        request.cancel()
        (outcome,) = await asyncio.gather(request, return_exceptions=True)
        return isinstance(outcome, asyncio.CancelledError)

    with RawServer(script) as server, connection(server.url) as made:
        assert asyncio.run(give_up())
        server.wait_for_ends()


@pytest.mark.skipif(not hasattr(socket, "TCP_KEEPIDLE"), reason="this system has no such option")
def test_a_router_on_the_way_has_no_time_to_forget_a_connection() -> None:
    async def probes() -> tuple[int, int]:
        origin = Origin(is_https=False, host="127.0.0.1", port=server.port)
        channel = await open_channel(origin, None, "", PATIENCE_S)
        sock: socket.socket = channel.transport.get_extra_info("socket")
        is_on = sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        every_s = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)
        channel.abort()
        await asyncio.sleep(0)
        return is_on, every_s

    with RawServer(_answers) as server:
        assert asyncio.run(probes()) == (1, 30)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_nobody_listens_nothing_was_sent(way: Way, scheme: str) -> None:
    with way.connected(f"{scheme}://127.0.0.1:{closed_port()}") as send:
        assert effect(send()) is Effect.REJECTED


def test_a_server_that_never_gets_ready_was_sent_nothing() -> None:
    hurried = replace(PATIENT, connect_timeout=timedelta(seconds=SHORT_S))
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with FIBER.connected(f"https://127.0.0.1:{port}", hurried) as send:
            reply = send().reply

    assert isinstance(reply, Failure)
    assert reply.effect is Effect.REJECTED
    assert "ConnectTimeout" in reply.message
