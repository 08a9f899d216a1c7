"""A server in this process whose end is the end of its connections."""

import asyncio
import socket

import uvicorn

_ROUNDS = 100
"""How often connections are cut: an accepted one may still come to be as the first are."""


class EndingServer(uvicorn.Server):
    """A uvicorn server that leaves no connection open when it ends.

    uvicorn asks its connections to end and waits for as long as it is told to. It leaves open
    those that did not end meanwhile: one whose client does not read what was sent, and one that
    was accepted as it ended. In a process of its own the system closes them; in somebody's
    process their clients would wait for as long as that process lives.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends as uvicorn does; then cuts what is still open."""
        await super().shutdown(sockets)
        for _ in range(_ROUNDS):
            for connection in list(self.server_state.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
