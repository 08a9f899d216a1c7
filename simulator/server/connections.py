"""The server's open TCP connections, so that faults can cut and freeze them."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

Address = tuple[str, int]


class Connections:
    """The open connections, by their client's address. Use it on the server's event loop only."""

    def __init__(self) -> None:
        self._transports: dict[Address, asyncio.BaseTransport] = {}
        self._frozen: set[Address] = set()

    def add(self, client: Address, transport: asyncio.BaseTransport) -> None:
        """Add a connection."""
        self._transports[client] = transport

    def remove(self, client: Address) -> None:
        """Remove a connection that is closed."""
        self._transports.pop(client, None)
        self._frozen.discard(client)

    def cut(self, client: Address) -> None:
        """Cut a connection at once; data that is still to be sent is lost."""
        transport = self._transports.get(client)
        if isinstance(transport, asyncio.Transport):
            transport.abort()

    def cut_all(self) -> None:
        """Cut all connections."""
        for client in list(self._transports):
            self.cut(client)

    def freeze(self, client: Address) -> None:
        """Ignore everything that a client sends, pings and close frames included."""
        if client in self._transports:
            self._frozen.add(client)

    def is_frozen(self, client: Address) -> bool:
        """Whether a connection is half-open."""
        return client in self._frozen


def http_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """An HTTP protocol that tracks its connections."""

    class Tracked(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # the server knows its kind of transport
            """Add the connection."""
            self._peer: Address = transport.get_extra_info("peername")
            connections.add(self._peer, transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            """Remove the connection."""
            connections.remove(self._peer)
            super().connection_lost(exc)

    return Tracked


def socket_protocol(connections: Connections) -> type[asyncio.Protocol]:
    """A WebSocket protocol that ignores its client while the connection is frozen."""

    class Tracked(WebSocketsSansIOProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            """Continue a connection that HTTP has added."""
            self._peer: Address = transport.get_extra_info("peername")
            super().connection_made(transport)

        def data_received(self, data: bytes) -> None:
            """Pass data on, unless the connection is frozen."""
            if not connections.is_frozen(self._peer):
                super().data_received(data)

        def connection_lost(self, exc: Exception | None) -> None:
            """Remove the connection."""
            connections.remove(self._peer)
            super().connection_lost(exc)

    return Tracked
