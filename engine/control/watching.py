"""A thread that acknowledges pauses, halts and resumes soon after somebody asked for them."""

from threading import Event, Thread
from traceback import format_exception

from ...aio.log import logger
from ...domain.model.errors import StoreError
from .stops import Stops

INTERVAL_SECONDS = 0.2


class ControlWatch:
    """Asks every moment whether somebody has stopped or resumed anything, from its own thread.

    No write waits for it: each asks for itself. Where the database cannot be used, those who write
    find that out; it asks again.

    Args:
        stops: what to refresh.
    """

    def __init__(self, stops: Stops) -> None:
        self._stops = stops
        self._closed = Event()
        self._thread = Thread(target=self._serve, name="trueup-control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread; a second call does nothing."""
        self._closed.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._closed.wait(INTERVAL_SECONDS):
            try:
                self._stops.refresh()
            except StoreError as error:
                logger.debug("pauses and halts could not be read: {}", error)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next one is asked for
                logger.error("pauses could not be followed: {}", "".join(format_exception(error)))
