"""HTTP and WebSocket of a canned exchange, on one port; bytes may take a while each way."""

import asyncio
import json
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from httptools import HttpRequestParser
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from .accounts import Account, Trouble, UnforeseenError
from .model import TOPICS

_STREAM = b"GET /v5/private"
_KEY = b"x-bapi-api-key"
_LATE_S = 30.0
_NOBODY = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Door:
    """What all connections share.

    Args:
        loop: whose thread they are on.
        account: finds the account of a key, or of none.
        one_way_s: how long bytes take, each way.

    Attributes:
        requests: how many requests were made.
        unforeseen: what was asked for in vain.
    """

    def __init__(
        self,
        loop: AbstractEventLoop,
        account: Callable[[str], Account],
        one_way_s: float,
    ) -> None:
        self.loop = loop
        self.account = account
        self.one_way_s = one_way_s
        self.requests = 0
        self.unforeseen: list[str] = []


class Connection(asyncio.Protocol):
    """One connection: its first bytes say whether it is a stream."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._arriving = _Way(door)
        self._leaving = _Way(door)
        self._talk: _Talk | _Stream | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the connection."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Handles what came in, after its way."""
        self._arriving.pass_on(self._handle, data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets a stream."""
        del exc
        if self._talk is not None:
            self._talk.end()

    def send(self, data: bytes) -> None:
        """Sends bytes."""
        self._leaving.pass_on(self._write, data)

    def close(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def _handle(self, data: bytes) -> None:
        if self._talk is None:
            kind = _Stream if data.startswith(_STREAM) else _Talk
            self._talk = kind(self._door, self)
        self._talk.receive(data)

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)


class _Way:
    """A way that bytes take, one after the other; without a delay it is none."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._under_way: deque[bytes] = deque()

    def pass_on(self, to: Callable[[bytes], None], data: bytes) -> None:
        if not self._door.one_way_s:
            to(data)
            return
        self._under_way.append(data)
        self._door.loop.call_later(self._door.one_way_s, lambda: to(self._under_way.popleft()))


class _Talk:
    """Requests and replies."""

    def __init__(self, door: Door, connection: Connection) -> None:
        self._door, self._connection = door, connection
        self._parser = HttpRequestParser(self)
        self._begin()

    def _begin(self) -> None:
        self._url, self._key, self._body = b"", "", b""

    def receive(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def end(self) -> None:
        """Nothing is kept."""

    # -- of the parser ------------------------------------------------------------------------

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == _KEY:
            self._key = value.decode()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        door, account = self._door, self._door.account(self._key)
        door.requests += 1
        parts = urlsplit(self._url.decode())
        body = self._body
        self._begin()
        effect = None
        try:
            if self._parser.get_method() == b"POST":
                reply, effect = account.write(parts.path, body)
            else:
                reply = account.read(parts.path, parts.query)
        except UnforeseenError as error:
            door.unforeseen.append(str(error))
            reply = _NOBODY
        if account.trouble is Trouble.LATE:
            door.loop.call_later(_LATE_S, self._connection.send, reply)
        else:
            self._connection.send(reply)
        if effect is not None:
            account.amended(effect)


class _Stream:
    """A private stream: login, subscriptions, pings, and what the account pushes."""

    def __init__(self, door: Door, connection: Connection) -> None:
        self._door, self._connection = door, connection
        self._protocol = ServerProtocol(max_size=None)
        self._account: Account | None = None
        self._topics = 0

    def receive(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._answer(json.loads(bytes(event.data)))
        self._flush()

    def end(self) -> None:
        if self._account is not None and self._account.line is self:
            self._account.line = None

    def push(self, message: bytes) -> None:
        self._protocol.send_text(message)
        self._flush()

    def cut(self) -> None:
        self._connection.close()

    def _answer(self, asked: dict[str, Any]) -> None:
        echo = {name: asked[name] for name in ("req_id",) if name in asked}
        answer = {**echo, "op": asked["op"], "conn_id": "canned"}
        if asked["op"] == "ping":
            answer |= {"op": "pong", "args": ["0"]}
        else:
            answer |= {"success": True, "ret_msg": ""}
        self._protocol.send_text(json.dumps(answer).encode())
        if asked["op"] == "auth":
            self._account = self._door.account(asked["args"][0])
        elif asked["op"] == "subscribe":
            self._topics += len(asked["args"])
            if self._topics == len(TOPICS) and self._account is not None:
                self._account.line = self

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._connection.send(data)
            else:
                self._connection.close()
