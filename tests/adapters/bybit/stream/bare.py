"""A private stream that a test plays by hand, byte by byte, and fronts that connections pass."""

import asyncio
import base64
import hashlib
import json
import socket
import ssl
import threading
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from types import TracebackType
from typing import Self

TRUSTED = Path(__file__).parent / "loopback.pem"
"""A certificate of 127.0.0.1 with its key, both made for these tests."""
TEXT, REST, CLOSE, PING, PONG = 1, 0, 8, 9, 10
_PATIENCE_S = 10.0


class Wire:
    """The exchange's side of one connection."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self.plain.settimeout(_PATIENCE_S)

    def encrypt(self) -> None:
        """Answers the handshake of TLS."""
        self.plain = _tls().wrap_socket(self.plain, server_side=True)

    def shake_hands(self, status: str = "101 Switching Protocols", more: str = "") -> None:
        """Answers a WebSocket's opening handshake (RFC 6455, 4.2.2)."""
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            asked += self.plain.recv(4096)
        named = dict(line.split(": ", 1) for line in asked.decode().splitlines() if ": " in line)
        guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        digest = hashlib.sha1(f"{named['Sec-WebSocket-Key']}{guid}".encode()).digest()  # noqa: S324 - as the RFC has it
        accept = base64.b64encode(digest).decode()
        self.plain.sendall(
            f"HTTP/1.1 {status}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n{more}\r\n".encode()
        )

    def open(self) -> None:
        """Shakes hands, and confirms the login and all subscriptions."""
        self.shake_hands()
        assert json.loads(self.read()[1])["op"] == "auth"
        self.say({"op": "auth", "success": True})
        for _ in range(3):
            asked = json.loads(self.read()[1])
            self.say({"op": "subscribe", "success": True, "req_id": asked["req_id"]})

    def say(self, message: object) -> None:
        """Sends a message."""
        self.send(json.dumps(message).encode())

    def send(self, payload: bytes, kind: int = TEXT, *, is_last: bool = True) -> None:
        """Sends one frame."""
        self.plain.sendall(frame(payload, kind, is_last=is_last))

    def read(self) -> tuple[int, bytes]:
        """The next frame that the client sends: its kind and payload."""
        kind, length = self._exactly(2)
        size = length & 0x7F
        if size == 126:
            size = int.from_bytes(self._exactly(2))
        mask = self._exactly(4)
        payload = self._exactly(size)
        return kind & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def has_ended(self) -> bool:
        """Whether the client has ended the connection; waits until it says anything."""
        try:
            return self.plain.recv(4096) == b""
        except ConnectionResetError:
            return True

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self.plain.recv(size - len(data)) or b"\0" * size
        return data


def frame(payload: bytes, kind: int = TEXT, *, is_last: bool = True) -> bytes:
    """A frame as a server sends it."""
    head = bytes((kind | (0x80 if is_last else 0),))
    if len(payload) < 126:
        return head + bytes((len(payload),)) + payload
    if len(payload) < 2**16:
        return head + b"\x7e" + len(payload).to_bytes(2) + payload
    return head + b"\x7f" + len(payload).to_bytes(8) + payload


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TRUSTED)
    return context


class Bare:
    """Accepts connections for a test to play the exchange on."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(_PATIENCE_S)
        self._wires: list[Wire] = []
        self.where = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.url = f"http://{self.where}"

    def accept(self) -> Wire:
        """The next connection."""
        self._wires.append(Wire(self._server.accept()[0]))
        return self._wires[-1]

    def __enter__(self) -> Self:
        """Listens already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes all."""
        for wire in self._wires:
            wire.plain.close()
        self._server.close()


class Front:
    """Passes connections on to a server: encrypted ones, or those that ask for it as of a proxy.

    Attributes:
        asked: the first line that each connection sent to the proxy.
    """

    def __init__(self, target: str = "", *, encrypted: bool = False) -> None:
        self.asked: list[str] = []
        self._target = target
        self._tls = _tls() if encrypted else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        """Listens from now on."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_PATIENCE_S)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cuts all connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0, ssl=self._tls)
        self.where = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _end(self) -> None:
        self._server.close()
        under_way = asyncio.all_tasks() - {asyncio.current_task()}
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        target = self._target
        if not target:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(asked.splitlines()[0])
            target = asked.split()[1]
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        host, port = target.split(":")
        inner_reader, inner_writer = await asyncio.open_connection(host, int(port))
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))


async def _pump(reader: StreamReader, writer: StreamWriter) -> None:
    try:
        while data := await reader.read(4096):
            writer.write(data)
    except OSError:
        pass  # a cut is passed on as the end
    finally:
        writer.transport.abort()
