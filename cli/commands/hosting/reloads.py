"""Reloads that somebody waits for: the main thread does them, and says what became of them."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock

from ....domain.model.errors import TrueupError
from ....service.running import NotRunning

PATIENCE_SECONDS = 60.0


class Reloads:
    """Who waits for the configuration to be read again; threads may share it.

    Attributes:
        request: has the main thread reload.
    """

    def __init__(self) -> None:
        self.request: Callable[[], object] = lambda: None
        self._lock = Lock()
        self._waiting: list[Future[None]] = []

    def ask(self) -> None:
        """Has it read again; returns once the engine restarts with it.

        Raises:
            ConfigurationError: it cannot be used.
            TrueupError: the service ends, or takes too long.
        """
        future: Future[None] = Future()
        with self._lock:
            self._waiting.append(future)
        self.request()
        try:
            future.result(PATIENCE_SECONDS)
        except TimeoutError:
            raise NotRunning("the service has not read its configuration in time") from None

    def became(self, error: TrueupError | None) -> None:
        """Tells whoever waits what became of it."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        for future in waiting:
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
