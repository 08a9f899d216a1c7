"""One connection to a server: a request at a time, and its answer as it comes in."""

import asyncio
import select
import socket
from asyncio import AbstractEventLoop
from typing import NamedTuple, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from requests.exceptions import ConnectionError as RequestsConnectionError

from .lean_reply import LARGEST, WHOLE

_PROBES = {
    getattr(socket, name): seconds
    for name, seconds in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10))
    if hasattr(socket, name)  # not on every system
}
_FRAMED = frozenset((b"content-length", b"transfer-encoding"))
_FINAL = 200  # the first status that is no announcement of another


class Incoming(NamedTuple):
    """An answer; its headers are as they came."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    seconds: float


class Channel(asyncio.Protocol):
    """Sends a request once; whatever breaks then is an error, for it may have had its effect."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._parser = HttpResponseParser(self)
        self._waiter: asyncio.Future[Incoming] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the connection."""
        self.transport = cast("asyncio.Transport", transport)
        sock: socket.socket = transport.get_extra_info("socket")
        self._readable = select.poll()
        self._readable.register(sock.fileno(), select.POLLIN)
        # A router on the way may forget a connection in silence, if nobody speaks for minutes.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, seconds in _PROBES.items():
            sock.setsockopt(socket.IPPROTO_TCP, option, seconds)

    @property
    def is_ending(self) -> bool:
        """Whether it has ended, as far as the loop knows."""
        return self.transport.is_closing()

    @property
    def is_silent(self) -> bool:
        """Whether the server has neither ended the connection nor sent what nobody asked for.

        The socket is asked too: the loop may not have come to its news yet.
        """
        return not (self.transport.is_closing() or self._readable.poll(0))

    def ask(self, request: bytes, silence: float) -> "asyncio.Future[Incoming]":
        """Sends a request; the future holds its answer, or the exception of requests."""
        loop = self._loop
        self._pairs: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._size, self._has_head = 0, False
        self._silence = silence
        self._began = self._last = now = loop.time()
        self._timer = loop.call_at(now + silence, self._check_time)
        self._waiter = waiter = loop.create_future()
        self.transport.write(request)
        return waiter

    def abort(self) -> None:
        """Ends the connection."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Reads on; what nobody asked for ends the connection."""
        self._last = self._loop.time()
        if self._waiter is None:
            return self.abort()
        self._size += len(data)
        if self._size > LARGEST:
            return self._fail(RequestsConnectionError("the answer is too long"))
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self._fail(RequestsConnectionError("the answer is no HTTP"))
        return None

    def on_message_begin(self) -> None:
        """Of the parser: an answer begins; one is enough."""
        if self._waiter is None:
            self.abort()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of the parser."""
        self._pairs.append((name, value))

    def on_headers_complete(self) -> None:
        """Of the parser."""
        self._has_head = True

    def on_body(self, part: bytes) -> None:
        """Of the parser."""
        self._body.append(part)

    def on_message_complete(self) -> None:
        """Of the parser: an answer ends, or one that only announces the answer (100 to 199)."""
        if self._parser.get_status_code() < _FINAL:
            self._pairs, self._has_head = [], False
            return
        self._succeed()
        if not self._parser.should_keep_alive():
            self.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """The end of the connection is that of an answer which says no length."""
        if self._waiter is None:
            return
        is_framed = any(name.lower() in _FRAMED for name, _ in self._pairs)
        if error is None and self._has_head and not is_framed:
            self._succeed()
        else:
            kind = ChunkedEncodingError if self._has_head else RequestsConnectionError
            self._fail(kind("the connection ended before the answer did"))

    def _succeed(self) -> None:
        waiter, self._waiter = self._waiter, None
        self._timer.cancel()
        if waiter is not None and not waiter.done():
            status, body = self._parser.get_status_code(), b"".join(self._body)
            waiter.set_result(Incoming(status, self._pairs, body, self._last - self._began))

    def _fail(self, error: Exception) -> None:
        waiter, self._waiter = self._waiter, None
        self._timer.cancel()
        if waiter is not None and not waiter.done():
            waiter.set_exception(error)
        self.abort()

    def _check_time(self) -> None:
        ends = min(self._last + self._silence, self._began + WHOLE * self._silence)
        if self._loop.time() < ends:
            self._timer = self._loop.call_at(ends, self._check_time)
        else:
            self._fail(ReadTimeout("the answer did not come in time"))
