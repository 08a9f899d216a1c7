"""The WebSocket applications: the private stream and the public one."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from ..base import errors
from ..stream.delivery import Outlet
from ..stream.dialogue import Dialogue
from ..stream.frames import Json
from ..stream.opened import StreamRefused
from .connections import Address, Connections

HTTP_NOT_FOUND = 404
BACKLOG = 10_000
"""How many messages may wait for a client; a slower client is cut off, as Bybit would."""


@dataclass(frozen=True, slots=True)
class _Close:
    code: int


class _SocketOutlet:
    """Passes messages from any thread to the event loop, which writes them in order."""

    def __init__(self, client: Address, connections: Connections) -> None:
        self._client = client
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._queue = asyncio.Queue[str | _Close | None](BACKLOG)

    def send(self, message: Json) -> None:
        """Send a message to the client."""
        self._enqueue(json.dumps(message, separators=(",", ":")))

    def cut(self, code: int | None) -> None:
        """End the connection after the messages that were sent before."""
        self._enqueue(None if code is None else _Close(code))

    def freeze(self) -> None:
        """Ignore what the client sends from now on."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._connections.freeze, self._client)

    async def pump(self, send: Send) -> None:
        """Write queued messages until the connection ends."""
        with contextlib.suppress(OSError):
            while isinstance(entry := await self._queue.get(), str):
                await send({"type": "websocket.send", "text": entry})
            if entry is None:
                self._connections.cut(self._client)
            else:
                await send({"type": "websocket.close", "code": entry.code})

    def _enqueue(self, entry: str | _Close | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: so is the connection
            self._loop.call_soon_threadsafe(self._put, entry)

    def _put(self, entry: str | _Close | None) -> None:
        try:
            self._queue.put_nowait(entry)
        except asyncio.QueueFull:
            self._connections.cut(self._client)


class StreamApp:
    """The ASGI application of a stream, which `open_stream` connects a client to."""

    def __init__(self, open_stream: Callable[[Outlet], Dialogue], connections: Connections) -> None:
        self._open_stream = open_stream
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        client: Address = scope["client"]
        await receive()
        outlet = _SocketOutlet(client, self._connections)
        try:
            session = self._open_stream(outlet)
        except StreamRefused as refused:
            await self._refuse(client, refused.code or 0, receive, send)
            return
        pump: asyncio.Task[None] | None = None
        try:
            await send({"type": "websocket.accept"})
            pump = asyncio.create_task(outlet.pump(send))
            while (event := await receive())["type"] == "websocket.receive":
                session.receive(event.get("text") or "")
        finally:
            session.close()
            if pump is not None:
                pump.cancel()
                await asyncio.wait([pump])

    async def _refuse(self, client: Address, status: int, receive: Receive, send: Send) -> None:
        if not status:
            self._connections.cut(client)
            await receive()
            return
        await _denied(send, status)


class NoStream:
    """The ASGI application of every other path: it says which streams there are.

    Args:
        streams: their paths.
    """

    def __init__(self, streams: Sequence[str]) -> None:
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse one connection, with 404 and an envelope such as other paths have."""
        await receive()
        refusal = errors.no_stream(scope["path"], self._streams)
        envelope = {"retCode": refusal.code, "retMsg": refusal.text}
        await _denied(send, HTTP_NOT_FOUND, json.dumps(envelope).encode())


async def _denied(send: Send, status: int, body: bytes = b"") -> None:
    headers = [(b"Content-Type", b"application/json")] if body else []
    start = {"type": "websocket.http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": body})
