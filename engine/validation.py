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


def why_not_traded(exchange: Exchange, symbol: str) -> str:
    """Why the exchange has no linear contract of this symbol: what it trades by that name."""
    kind = exchange.other_kind(symbol)
    if kind:
        return (
            f"this symbol cannot be watched: it is {kind}, and trueup handles linear contracts only"
        )
    return "the exchange does not trade this symbol"


def check_symbol(exchange: Exchange, key: MonitorKey) -> None:
    """Checks that the exchange knows the symbol of a monitor that is not on record yet.

    What cannot be read now is not checked. What may change by itself is not checked either: whether
    the contract takes orders, its rules, and where the position stands are for the runs, which
    alert and try again.

    Raises:
        InstrumentError: there is no such contract, or the exchange trades something else by this
            name than a linear contract.
    """
    if exchange.instrument(key.symbol) is None:
        raise InstrumentError(why_not_traded(exchange, key.symbol), symbol=key.symbol)
