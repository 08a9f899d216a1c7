"""A server for the simulator: HTTP and WebSocket on loopback, in a daemon thread."""

import asyncio
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from ...aio.serving import EndingServer
from ..core.exchange import Simulator
from ..market.venue import real_ms
from .connections import Connections, http_protocol, socket_protocol
from .http import PUBLIC_PATH, STREAM_PATH, build_app
from .pace import Pace

HOST = "127.0.0.1"
_PATIENCE_S = 10.0
_PACE_S = 0.02


class SimulatorServer:
    """Serves a simulator on loopback: `with SimulatorServer(sim) as server: server.url`.

    The private stream is at `stream_url`, the public one at `public_stream_url`. To lead pybit
    there, set `pybit.unified_trading.PRIVATE_WSS` and `PUBLIC_WSS` to them.

    Args:
        sim: the simulator; a test may go on using it while the server runs.
        port: the port to listen on; 0 for any free one.
        follow_wall: let time follow the machine's while the server runs; by default it does if the
            simulator's clock is real. Otherwise time stands still until the clock is advanced.
    """

    def __init__(self, sim: Simulator, port: int = 0, *, follow_wall: bool | None = None) -> None:
        self.sim = sim
        self.url = ""
        self.stream_url = ""
        self.public_stream_url = ""
        self._port = port
        self._follow_wall = sim.follows_wall if follow_wall is None else follow_wall
        self._connections = Connections()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._server: _Server | None = None

    def start(self) -> None:
        """Start serving, and return when the server accepts connections."""
        listener = listen(self._port)
        where = f"{HOST}:{listener.getsockname()[1]}"
        self.url, self.stream_url = f"http://{where}", f"ws://{where}{STREAM_PATH}"
        self.public_stream_url = f"ws://{where}{PUBLIC_PATH}"
        config = uvicorn.Config(
            build_app(self.sim, self._connections),
            http=http_protocol(self._connections),
            ws=socket_protocol(self._connections),
            ws_ping_interval=None,
            ws_per_message_deflate=False,
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
        if self.sim.follows_wall:
            self.sim.clock.advance(max(real_ms() - self.sim.clock.now_ms(), 0))
        self._threads = [threading.Thread(target=self._server.run, args=([listener],), daemon=True)]
        if self._follow_wall:
            self._threads.append(threading.Thread(target=self._pace, daemon=True))
        for thread in self._threads:
            thread.start()
        if not self._server.ready.wait(_PATIENCE_S):
            raise RuntimeError("the simulator's server did not start")

    def stop(self) -> None:
        """Stop serving and cut all open connections; once more does nothing."""
        self._stopping.set()
        server, self._server = self._server, None
        if server is not None and server.loop is not None:
            server.should_exit = True
            server.loop.call_soon_threadsafe(self._connections.cut_all)
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def __enter__(self) -> Self:
        """Start serving."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def _pace(self) -> None:
        pace = Pace()
        while not self._stopping.wait(_PACE_S):
            self.sim.clock.advance(pace.passed_ms())


def listen(port: int) -> socket.socket:
    """Listen on loopback. Because the protocol is named, asyncio switches Nagle's delay off."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(EndingServer):
    """A uvicorn server that sets an event when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections, then set the event."""
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()
