"""The channel of ``trueup run``: what listens while it runs, through every reload."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from loguru import logger

from ...composition import Reconciler
from ...domain.model.errors import ConfigurationError
from ...engine.loop.callbacks import OnRun
from ...engine.run.report import RunReport
from ...service.running import RunningEngine
from ...service.settings import ServiceSettings
from ..configuration.database import socket_place
from ..configuration.loading import Loaded
from .hosting.host import Host
from .hosting.reloads import Reloads

if TYPE_CHECKING:
    from ...service.listening.server import Server

_LIBRARIES = ("starlette", "uvicorn")


class Channel:
    """Listens for requests to the engine that runs; a reload goes on with the same sockets.

    Whatever keeps it from listening is logged, and stops no engine.
    """

    def __init__(self) -> None:
        self.running = RunningEngine()
        self.reloads = Reloads()
        self._settings: ServiceSettings | None = None
        self._server: Server | None = None

    @contextmanager
    def serving(self, reconciler: Reconciler, loaded: Loaded) -> Iterator[None]:
        """Has whoever asks get answers of this reconciler, until the context ends."""
        settings = _settings(loaded)
        with self.running.by(reconciler, Host(loaded, self.reloads)):
            if settings != self._settings:
                self.close()
                self._server = _listen(self.running, settings)
                self._settings = settings
            yield

    def counting(self, on_run: OnRun) -> OnRun:
        """The same callback; each run is counted for whoever asks for figures."""

        def ran(reason: str, report: RunReport) -> None:
            self.running.ran.ran(report)
            on_run(reason, report)

        return ran

    def say_where(self) -> None:
        """Logs where it listens, if it does."""
        if self._server is not None and self._server.listens_to:
            logger.info("commands are taken at {}", " and ".join(self._server.listens_to))

    def close(self) -> None:
        """Listens no more."""
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _settings(loaded: Loaded) -> ServiceSettings:
    """Where to listen; without the port whose token cannot be had."""
    section = loaded.options.service
    place = socket_place(loaded.options.store.url, loaded) or loaded.path
    try:
        return section.settings(place)
    except ConfigurationError as error:
        _say(f"{loaded.path}: service: {error.message}: nothing listens to {section.listen}")
        return ServiceSettings(section.socket_of(place))


def _listen(running: RunningEngine, settings: ServiceSettings) -> "Server | None":
    if settings == ServiceSettings():
        return None
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        _say(f"{' and '.join(missing)} cannot be imported: install trueup with its extra [cli]")
        return None
    from ...service.listening.server import Server  # noqa: PLC0415 - of libraries that may be away

    return Server(running, settings, _say)


def _say(reason: str) -> None:
    logger.error("the engine runs, but cannot be asked as it should: {}", reason)
