"""What serves the application, on every socket of the service."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ..commanding.taking import Taker
from ..http.application import build_application
from ..http.guard import Guard
from ..page.access.site import Site
from ..page.source import OfEngine
from ..running import RunningEngine
from ..settings import Address, ServiceSettings
from .sockets import CannotListen, loopback_socket, unix_socket
from .thread import Face, ServingThread

_FOR_PROGRAMS = ("/healthz", "/readyz", "/metrics")


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
        self._running = running
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
                guarded = Guard(application, address, settings.token)
                faces.append(Face(listener, _beside(guarded, self._page(address, settings.token))))
                self.listens_to = (*self.listens_to, str(address))
        return faces

    def _page(self, address: Address, token: str) -> ASGIApp:
        """What browsers see there."""
        try:
            from ..page.application import build_page  # noqa: PLC0415 - jinja2 may be away
        except ModuleNotFoundError:
            return PlainTextResponse("the page needs jinja2: pip install 'trueup[cli]'", 501)
        running = self._running
        site = Site.on_loopback(address, token)
        return build_page(OfEngine(running), site, Taker(running))

    def close(self) -> None:
        """Ends it, and removes its socket; requests under way have a second to end."""
        if self._thread is not None:
            self._thread.close()
        self._opened.close()


def _beside(guarded: ASGIApp, page: ASGIApp) -> ASGIApp:
    """One application of two: programs ask below ``/v1``, for health and for figures."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        is_for_programs = path.startswith("/v1/") or path in _FOR_PROGRAMS
        await (guarded if is_for_programs else page)(scope, receive, send)

    return either
