"""What serves the application, on every socket of the service."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from starlette.types import ASGIApp

from ..http.application import build_application
from ..http.guard import Guard
from ..running import RunningEngine
from ..settings import Address, ServiceSettings
from .sockets import CannotListen, loopback_socket, unix_socket
from .thread import Face, ServingThread


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
        self._thread: ServingThread | None = None
        faces = self._faces(build_application(running), settings)
        if faces:
            self._thread = ServingThread(faces, say)

    def _faces(self, application: ASGIApp, settings: ServiceSettings) -> Sequence[Face]:
        faces: list[Face] = []
        if (path := settings.socket) is not None:
            try:
                listener = self._opened.enter_context(unix_socket(path))
            except CannotListen as error:
                self._say(error.message)
            else:
                faces.append(Face(listener, Guard(application)))
                self.listens_to = (str(path),)
        if (asked := settings.listen) is not None:
            try:
                listener = self._opened.enter_context(loopback_socket(asked))
            except CannotListen as error:
                self._say(error.message)
            else:
                self.address = address = replace(asked, port=listener.getsockname()[1])
                faces.append(Face(listener, Guard(application, address, settings.token)))
                self.listens_to = (*self.listens_to, str(address))
        return faces

    def close(self) -> None:
        """Ends it, and removes its socket; requests under way have a second to end."""
        if self._thread is not None:
            self._thread.close()
        self._opened.close()
