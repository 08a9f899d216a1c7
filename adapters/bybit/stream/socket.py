"""The socket below a stream: a connection of the library websockets, read on an event loop.

The library connects, encrypts, shakes hands, and makes bytes of frames. Its connections hand each
message to a task of its own, through a queue; a :class:`Socket` hands it to a function instead,
which costs a fraction of that.
"""

import logging
import socket
import ssl
from asyncio import Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from time import monotonic
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import Event, State

from ....aio.turns import turns_of

LARGEST_MESSAGE = 4 * 2**20
"""Bytes; a longer message ends the connection. Five hundred orders in one message are 0.5 MiB."""
_MANY_FRAMES = 256
_CONTENT = (Opcode.TEXT, Opcode.BINARY, Opcode.CONT)
# The library's own logger would quote the login where a bot logs everything.
_SILENT = logging.Logger(__name__, logging.CRITICAL)  # noqa: LOG001 - known to no configuration

Receive = Callable[[bytes | None], None]
"""Handles one message; None for a frame without one, such as a ping, which has been answered."""


class Socket(ClientConnection):
    """One connection. What arrives is handled in sequence, from :meth:`begin` on.

    Args:
        protocol: what makes frames of bytes.
        limits: as the library sets them.

    Attributes:
        over: done when the connection is closed and all that arrived before is handled.
        received: when anything last arrived, by the monotonic clock in seconds.
    """

    def __init__(self, protocol: ClientProtocol, **limits: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(protocol, **limits)
        self.over: Future[None] = self.loop.create_future()
        self.received = monotonic()
        self._receive: Receive | None = None
        self._frames: deque[Frame | None] = deque()
        self._parts: list[bytes] = []
        self._is_full = self._has_turns = False
        self._error: Exception | None = None

    @property
    def reason(self) -> str:
        """Why it was closed."""
        error = self._error or self.protocol.parser_exc
        return "closed by the exchange" if error is None else named(error)

    def begin(self, receive: Receive) -> None:
        """From now on ``receive``, which must not raise, handles what arrives or has arrived."""
        self._receive = receive
        self._await_turn()

    def write(self, text: str) -> None:
        """Sends a message, as far as the network accepts it at once; the rest follows by itself.

        Raises:
            Exception: the connection is closed or about to be.
        """
        self.protocol.send_text(text.encode())
        self.send_data()

    def hang_up(self) -> None:
        """Ends the connection, and drops what arrived and was not handled.

        The other side notices that even where a forked process holds the connection, too.
        """
        self._frames = deque(frame for frame in self._frames if frame is None)
        wire = self.transport.get_extra_info("socket")
        if wire is not None:  # an encrypted connection that is closed has none
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        self.transport.abort()

    # -- what the loop and the library call -----------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Makes frames of bytes."""
        super().data_received(data)
        if self.protocol.state is State.CLOSING:
            # The answer to a close frame has left. An encrypted connection that is closed, not
            # aborted, waits half a minute for the other side to agree.
            self.transport.abort()
        elif len(self._frames) > _MANY_FRAMES:
            self._is_full = True
            self.transport.pause_reading()
        self._await_turn()

    def process_event(self, event: Event) -> None:
        """Keeps a frame until its turn."""
        if isinstance(event, Frame):
            self.received = monotonic()
            self._frames.append(event)
        else:
            super().process_event(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Notes why; the end has its turn after all frames."""
        self._error = exc
        super().connection_lost(exc)
        self._frames.append(None)
        self._await_turn()

    def _await_turn(self) -> None:
        if self._frames and self._receive is not None and not self._has_turns:
            self._has_turns = True
            turns_of(self.loop).add(self._handle_next)

    def _handle_next(self) -> bool:
        """Handles one frame; returns whether there are more."""
        self._has_turns = False
        if self._frames and self._receive is not None:
            frame = self._frames.popleft()
            if frame is None:
                self.over.set_result(None)
            else:
                self._handle(frame, self._receive)
        self._has_turns = bool(self._frames)
        if self._is_full and not self._frames:
            self._is_full = False
            self.transport.resume_reading()
        return self._has_turns

    def _handle(self, frame: Frame, receive: Receive) -> None:
        if frame.opcode not in _CONTENT:
            receive(None)
        elif frame.fin and not self._parts:
            receive(bytes(frame.data))
        else:
            self._parts.append(bytes(frame.data))
            if frame.fin:
                message, self._parts = b"".join(self._parts), []
                receive(message)


class Outlet:
    """What pybit knows of a socket: it sends texts.

    Args:
        socket: where they are sent.
    """

    def __init__(self, socket: Socket) -> None:
        self._socket = socket

    def send(self, text: str) -> None:
        """Sends a text; see :meth:`Socket.write`."""
        self._socket.write(text)


async def dial(url: str, limit: float) -> Socket:
    """Connects to the URL's host, encrypted for ``wss``, and shakes hands.

    It follows no redirect. Where the environment names a proxy, the connection leads through it.

    Raises:
        Exception: a step failed, or all of them took longer than ``limit`` seconds.
    """
    opened = await _Connect(
        url,
        compression=None,
        open_timeout=limit,
        ping_interval=None,
        max_size=LARGEST_MESSAGE,
        logger=_SILENT,
        create_connection=Socket,
        ssl=trust() if url.startswith("wss:") else None,
    )
    return cast("Socket", opened)


def named(error: BaseException) -> str:
    """Why a connection broke; the text of a library's error might quote what was sent."""
    status = f" {error.response.status_code}" if isinstance(error, InvalidStatus) else ""
    return f"the connection broke ({type(error).__name__}{status})"


class _Connect(connect):
    def process_redirect(self, exc: Exception) -> Exception:
        """Keys are for the host of the account's environment, not for one that it names."""
        return exc


@cache
def trust() -> ssl.SSLContext:
    """One context for the process: each would hold the certificates of all authorities."""
    return ssl.create_default_context()
