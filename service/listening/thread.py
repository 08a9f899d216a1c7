"""The thread that serves applications, each on a socket of its own."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from ...aio.serving import EndingServer

PATIENCE_SECONDS = 5.0
"""For so long its end is waited for."""


@dataclass(frozen=True, slots=True)
class Face:
    """A socket and what answers there.

    Attributes:
        tls: the files of the certificate and its key; None where it does not speak TLS.
    """

    listener: socket.socket
    application: ASGIApp
    tls: tuple[Path, Path] | None = None


class ServingThread:
    """Serves faces, until it is closed.

    Args:
        faces: at least one.
        say: called with the reason, where it ends by itself.
    """

    def __init__(self, faces: Sequence[Face], say: Callable[[str], object]) -> None:
        self._say = say
        self._listeners = [face.listener for face in faces]
        self._servers = tuple(EndingServer(_config(face)) for face in faces)
        self._thread = Thread(target=self._run, name="trueup-service", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            asyncio.run(self._all())
        except Exception as error:  # noqa: BLE001 - the engine runs on, whatever it is
            self._say(f"what answers has ended: {error!r}")

    async def _all(self) -> None:
        await asyncio.gather(
            *(
                server.serve([listener])
                for server, listener in zip(self._servers, self._listeners, strict=True)
            )
        )

    def close(self) -> None:
        """Ends it; requests under way have a second to end, then they are cut."""
        for server in self._servers:
            server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)


def _config(face: Face) -> uvicorn.Config:
    certificate, key = face.tls or (None, None)
    return uvicorn.Config(
        face.application,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
