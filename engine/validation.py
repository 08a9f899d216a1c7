"""What is checked before alerts have a place to go, or a position comes under watch."""

from collections.abc import Sequence

from ..domain.model.errors import ConfigurationError, InstrumentError
from ..domain.model.identity import MonitorKey
from ..domain.ports import AlertSink, Exchange


def check_sinks(sinks: Sequence[AlertSink]) -> Sequence[AlertSink]:
    """Returns the sinks, if each can deliver an alert.

    Raises:
        ConfigurationError: one cannot.
    """
    for sink in sinks:
        if not callable(getattr(sink, "deliver", None)):
            hint = ": wrap it in CallableSink" if callable(sink) else ""
            raise ConfigurationError(f"{sink!r} is no sink, it has no method deliver{hint}")
    return sinks


def check_symbol(exchange: Exchange, key: MonitorKey) -> None:
    """Checks that the exchange knows the symbol of a monitor that is not on record yet.

    What cannot be read now is not checked. What may change by itself is not checked either: whether
    the contract takes orders, its rules, and where the position stands are for the runs, which
    alert and try again.

    Raises:
        InstrumentError: there is no such contract.
    """
    if exchange.instrument(key.symbol) is None:
        raise InstrumentError("the exchange does not trade this symbol", symbol=key.symbol)
