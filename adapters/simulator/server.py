"""The simulator as a server on loopback, in a daemon thread."""

import asyncio
import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from .http import build_app
from .simulator import Simulator

HOST = "127.0.0.1"
_PATIENCE_S = 10.0
_PACE_S = 0.02

_Transports = dict[tuple[str, int], asyncio.Transport]


class SimulatorServer:
    """Serves a simulator over HTTP: `with SimulatorServer(sim) as server: server.url`.

    Args:
        sim: the simulator; tests go on using it while the server runs.
        port: 0 takes a free one.
        follow_wall: let virtual time pass with real time while the server runs, for bots that
            live by their own clock. Without it time stands still until the clock is advanced.
    """

    def __init__(self, sim: Simulator, port: int = 0, *, follow_wall: bool = False) -> None:
        self.sim = sim
        self.url = ""
        self._port = port
        self._follow_wall = follow_wall
        self._transports: _Transports = {}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._server: _Server | None = None

    def start(self) -> None:
        """Begin to serve; returns when connections are taken."""
        listener = listen(self._port)
        self.url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            build_app(self.sim, self._hang_up),
            http=_protocol(self._transports),
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._stopping.clear()
        self._threads = [threading.Thread(target=self._server.run, args=([listener],), daemon=True)]
        if self._follow_wall:
            self._threads.append(threading.Thread(target=self._pace, daemon=True))
        for thread in self._threads:
            thread.start()
        if not self._server.ready.wait(_PATIENCE_S):
            raise RuntimeError("the simulator's server did not start")

    def stop(self) -> None:
        """Stop serving; open connections are cut."""
        self._stopping.set()
        if self._server is not None and self._server.loop is not None:
            self._server.should_exit = True
            self._server.loop.call_soon_threadsafe(self._hang_up_all)
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _hang_up(self, client: tuple[str, int]) -> None:
        transport = self._transports.get(client)
        if transport is not None:
            transport.abort()

    def _hang_up_all(self) -> None:
        for transport in list(self._transports.values()):
            transport.abort()

    def _pace(self) -> None:
        then = time.monotonic_ns()
        while not self._stopping.wait(_PACE_S):
            passed_ms = (time.monotonic_ns() - then) // 1_000_000
            then += passed_ms * 1_000_000
            self.sim.clock.advance(passed_ms)


def listen(port: int) -> socket.socket:
    """Listen on loopback; with the protocol named, asyncio switches Nagle's delay off."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """A uvicorn server that says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open for connections, then say so."""
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()


def _protocol(transports: _Transports) -> type[asyncio.Protocol]:
    """A protocol that notes which transport belongs to which client, so that it can be cut."""

    class Noted(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Note a connection."""
            self._peer = transport.get_extra_info("peername")
            transports[self._peer] = transport
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget a connection."""
            transports.pop(self._peer, None)
            super().connection_lost(exc)

    return Noted
