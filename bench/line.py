"""A network with latency: a port that passes bytes on, each after half a round trip."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any

_CHUNK = 1 << 16
_PATIENCE_S = 10.0
HOST = "127.0.0.1"


class DelayedLine:
    """Stands before a server on loopback; delays what passes through, and keeps its order.

    Connecting costs nothing: only what is sent is delayed.

    Args:
        port: the server's port.
        one_way_s: the delay in real seconds, each way.
    """

    def __init__(self, port: int, one_way_s: float) -> None:
        self._to = port
        self._one_way_s = one_way_s
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def start(self) -> None:
        """Opens the port, which lives as long as the process."""
        opened = asyncio.run_coroutine_threadsafe(self._open(), self._loop)
        self.port = opened.result(_PATIENCE_S)

    async def _open(self) -> int:
        server = await asyncio.start_server(self._connect, HOST, 0, backlog=1024)
        return int(server.sockets[0].getsockname()[1])

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(HOST, self._to)
        self._keep(self._pass(reader, back))
        self._keep(self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._keep(self._arrive(queue, writer))
        chunk = b"-"
        while chunk:
            with contextlib.suppress(OSError):
                chunk = await reader.read(_CHUNK)
            queue.put_nowait((self._loop.time() + self._one_way_s, chunk))

    async def _arrive(
        self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        """Passes on what has arrived; an empty chunk ends the connection."""
        while True:
            at, chunk = await queue.get()
            await asyncio.sleep(max(at - self._loop.time(), 0))
            if not chunk:
                writer.close()
                return
            if not writer.is_closing():
                writer.write(chunk)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
