"""The connections of the server: which client has which, and how to spoil them."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

Address = tuple[str, int]


class Connections:
    """The open connections by the address of their client. Used on the server's loop only."""

    def __init__(self) -> None:
        self._transports: dict[Address, asyncio.BaseTransport] = {}
        self._frozen: set[Address] = set()

    def add(self, client: Address, transport: asyncio.BaseTransport) -> None:
        """Know a connection."""
        self._transports[client] = transport

    def remove(self, client: Address) -> None:
        """Forget a connection that is closed."""
        self._transports.pop(client, None)
        self._frozen.discard(client)

    def cut(self, client: Address) -> None:
        """Cut a connection: at once, without what is still to be sent."""
        transport = self._transports.get(client)
        if isinstance(transport, asyncio.Transport):
            transport.abort()

    def cut_all(self) -> None:
        """Cut all connections."""
        for client in list(self._transports):
            self.cut(client)

    def freeze(self, client: Address) -> None:
        """Let what a client sends fall on deaf ears, pings and close frames too."""
        if client in self._transports:
            self._frozen.add(client)

    def is_frozen(self, client: Address) -> bool:
        """Whether a connection is half-open."""
        return client in self._frozen


def http_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """HTTP, noting each connection."""

    class Tracked(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Note a connection."""
            self._peer: Address = transport.get_extra_info("peername")
            connections.add(self._peer, transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget a connection."""
            connections.remove(self._peer)
            super().connection_lost(exc)

    return Tracked


def socket_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """WebSocket, deaf where the connection is frozen; it takes noted connections over."""

    class Tracked(WebSocketsSansIOProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            """Take a connection over from HTTP."""
            self._peer: Address = transport.get_extra_info("peername")
            super().connection_made(transport)

        def data_received(self, data: bytes) -> None:
            """Hear the client, or don't."""
            if not connections.is_frozen(self._peer):
                super().data_received(data)

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget a connection."""
            connections.remove(self._peer)
            super().connection_lost(exc)

    return Tracked
