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
    """Hands alerts to a function of the host: a queue, a bot's own messenger."""

    def __init__(self, handle: Callable[[Alert], object]) -> None:
        self._handle = handle

    def deliver(self, alert: Alert) -> None:
        """Calls the function; what it raises means that the alert was not delivered."""
        self._handle(alert)
