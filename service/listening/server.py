"""The thread that serves the application, on every socket of the service."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Thread

import uvicorn
from starlette.types import ASGIApp

from ..http.application import build_application
from ..http.guard import Guard
from ..running import RunningEngine
from ..settings import Address, ServiceSettings
from .sockets import CannotListen, loopback_socket, unix_socket

PATIENCE_SECONDS = 5.0
"""For so long its end is waited for."""


@dataclass(frozen=True, slots=True)
class _Face:
    """A socket and what answers there."""

    listener: socket.socket
    application: ASGIApp


class Server:
    """Serves what runs, until it is closed.

    Args:
        running: what runs.
        settings: where to listen.
        say: called with each reason why a socket is not listened to; the others are.

    Attributes:
        listens_to: the sockets that it listens to, for people.
        address: the port on loopback that it listens to, if it does.
    """

    def __init__(
        self, running: RunningEngine, settings: ServiceSettings, say: Callable[[str], object]
    ) -> None:
        self.listens_to: tuple[str, ...] = ()
        self.address: Address | None = None
        self._say = say
        self._opened = ExitStack()
        self._servers: tuple[uvicorn.Server, ...] = ()
        self._thread: Thread | None = None
        faces = self._faces(build_application(running), settings)
        if faces:
            self._serve(faces)

    def _faces(self, application: ASGIApp, settings: ServiceSettings) -> Sequence[_Face]:
        faces: list[_Face] = []
        if (path := settings.socket) is not None:
            try:
                listener = self._opened.enter_context(unix_socket(path))
            except CannotListen as error:
                self._say(error.message)
            else:
                faces.append(_Face(listener, Guard(application)))
                self.listens_to = (str(path),)
        if (asked := settings.listen) is not None:
            try:
                listener = self._opened.enter_context(loopback_socket(asked))
            except CannotListen as error:
                self._say(error.message)
            else:
                self.address = address = replace(asked, port=listener.getsockname()[1])
                faces.append(_Face(listener, Guard(application, address, settings.token)))
                self.listens_to = (*self.listens_to, str(address))
        return faces

    def _serve(self, faces: Sequence[_Face]) -> None:
        self._servers = tuple(uvicorn.Server(_config(face.application)) for face in faces)
        listeners = [face.listener for face in faces]
        self._thread = Thread(
            target=self._run, args=(listeners,), name="trueup-service", daemon=True
        )
        self._thread.start()

    def _run(self, listeners: Sequence[socket.socket]) -> None:
        try:
            asyncio.run(self._all(listeners))
        except Exception as error:  # noqa: BLE001 - the engine runs on, whatever it is
            self._say(f"what answers has ended: {error!r}")

    async def _all(self, listeners: Sequence[socket.socket]) -> None:
        await asyncio.gather(
            *(
                server.serve([listener])
                for server, listener in zip(self._servers, listeners, strict=True)
            )
        )

    def close(self) -> None:
        """Ends it, and removes its socket; requests under way have a second to end."""
        for server in self._servers:
            server.should_exit = True
        if self._thread is not None:
            self._thread.join(PATIENCE_SECONDS)
        self._opened.close()


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
