"""The sinks that need nothing outside the process."""

from collections.abc import Callable

from loguru import logger

from ...domain.model.alert import Alert
from ...domain.model.record import RunOutcome

_LEVELS = {
    RunOutcome.SUCCESS: "SUCCESS",
    RunOutcome.PARTIAL: "WARNING",
    RunOutcome.SKIPPED: "WARNING",
    RunOutcome.FAILED: "ERROR",
}


class LogSink:
    """Writes alerts to the log, as loud as their status."""

    def deliver(self, alert: Alert) -> None:
        """Logs the whole text, with account, symbol and run as fields."""
        bound = logger.bind(account=alert.key.account, symbol=alert.key.symbol, run=alert.run_id)
        bound.log(_LEVELS.get(alert.status, "INFO"), "{}", alert.text)


class CallableSink:
    """Hands alerts to a function of the host: a queue, a bot's own messenger.

    Args:
        handle: the function.
        name: what the sink is called in the database; the function's own name by default. Two
            functions without a name of their own are told apart by their places.

    Attributes:
        name: the name.
    """

    def __init__(self, handle: Callable[[Alert], object], name: str = "") -> None:
        self._handle = handle
        self.name = name or str(getattr(handle, "__qualname__", type(handle).__name__))

    def deliver(self, alert: Alert) -> None:
        """Calls the function; what it raises means that the alert was not delivered."""
        self._handle(alert)
