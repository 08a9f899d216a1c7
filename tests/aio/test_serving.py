"""A server that has ended holds no connection open, whatever its clients did."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from trueup.aio.serving import EndingServer

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
SECONDS = 10.0


async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Sends as fast as the client reads, and does not end by itself."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})


def idle(client: socket.socket) -> None:
    """Says nothing."""


def half_asked(client: socket.socket) -> None:
    client.sendall(GET[:20])


def asked_and_does_not_read(client: socket.socket) -> None:
    client.sendall(GET)
    client.recv(1, socket.MSG_PEEK)


@contextmanager
def run(server: uvicorn.Server, listener: socket.socket) -> Iterator[None]:
    thread = Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        listener.close()


def config() -> uvicorn.Config:
    return uvicorn.Config(
        endless, lifespan="off", log_config=None, log_level="critical", timeout_graceful_shutdown=1
    )


def listening() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.listen()
    return listener


def ends(client: socket.socket) -> bool:
    """Whether the connection is over, once all that was sent has been read."""
    client.settimeout(1)
    try:
        while client.recv(1 << 20):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("behave", [idle, half_asked, asked_and_does_not_read])
def test_no_connection_outlives_the_server(behave: Callable[[socket.socket], None]) -> None:
    listener = listening()
    with socket.socket() as client:
        with run(EndingServer(config()), listener):
            client.settimeout(SECONDS)
            client.connect(listener.getsockname())
            behave(client)
        assert ends(client)
