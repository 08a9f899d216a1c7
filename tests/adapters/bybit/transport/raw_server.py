"""A server on 127.0.0.1 that sends the very bytes that a test has scripted, over TLS or without."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

CERTIFICATES = Path(__file__).parent / "certificates"
CA_BUNDLE = str(CERTIFICATES / "ca.pem")
PATIENCE_S = 10.0

_HEAD_ENDS = b"\r\n\r\n"


class Peer:
    """One connection of a client."""

    def __init__(self, server: "RawServer", sock: socket.socket) -> None:
        self._server = server
        self._sock = sock
        self._rest = b""

    def request(self) -> bytes:
        """The next whole request; ends the script if the client ends the connection."""
        while (whole := _length(self._rest)) is None or len(self._rest) < whole:
            self._rest += self._receive()
        request, self._rest = self._rest[:whole], self._rest[whole:]
        self._server.received.append(request)
        return request

    def send(self, *parts: bytes) -> None:
        """Sends bytes, each part by itself."""
        for part in parts:
            self._sock.sendall(part)

    def answer(self, *parts: bytes) -> bytes:
        """Waits for a request, then sends."""
        request = self.request()
        self.send(*parts)
        return request

    def drip(self, part: bytes, every_s: float) -> None:
        """Sends the same bytes for as long as the client is there."""
        while not self._server.released.wait(every_s):
            self.send(part)

    def wait_for_the_end(self) -> None:
        """Waits until the client ends the connection."""
        while self._receive():
            pass

    def relay(self, port: int, *, answers: bool = True) -> None:
        """Connects the client with a port of this machine; without its answers: hangs up then."""
        with socket.create_connection(("127.0.0.1", port)) as far:
            back = threading.Thread(target=_copy, args=(far, self._sock))
            if answers:
                back.start()
                _copy(self._sock, far)
                back.join()
            else:
                far.sendall(self._receive())

    def _receive(self) -> bytes:
        data = self._sock.recv(1 << 16)
        if not data:
            raise ConnectionError
        return data


Script = Callable[[Peer], None]


class RawServer:
    """Plays the first script with the first connection, and so on; the last with all others.

    Args:
        scripts: what to do with a connection.
        certificate: the name of one to speak TLS with; empty for none.
    """

    def __init__(self, *scripts: Script, certificate: str = "") -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self.ended = threading.Semaphore(0)
        self.released = threading.Event()
        self._scripts = scripts
        self._context = _context(certificate) if certificate else None
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """The base URL of requests to it."""
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def wait_for_ends(self, count: int = 1) -> None:
        """Waits until that many more connections have ended."""
        for _ in range(count):
            assert self.ended.acquire(timeout=PATIENCE_S)

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self.released.is_set():
                sock, _ = self._listener.accept()
                script = self._scripts[min(self.connections, len(self._scripts) - 1)]
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(sock, script))
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket, script: Script) -> None:
        with suppress(OSError), sock, self._secured(sock) as secured:
            self._open.append(secured)
            if not self.released.is_set():
                script(Peer(self, secured))
        self.ended.release()

    def _secured(self, sock: socket.socket) -> socket.socket:
        sock.settimeout(PATIENCE_S)
        return self._context.wrap_socket(sock, server_side=True) if self._context else sock


def _length(data: bytes) -> int | None:
    """How long the first request is; None as long as its head is not whole."""
    head, ends, _ = data.partition(_HEAD_ENDS)
    if not ends:
        return None
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = int(lengths[0].partition(b":")[2]) if lengths else 0
    return len(head) + len(ends) + body


def _context(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
