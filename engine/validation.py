"""What is checked before alerts have a place to go, or a position comes under watch."""

from collections.abc import Sequence

from ..domain.model.errors import ConfigurationError, InstrumentError
from ..domain.model.identity import MonitorKey
from ..domain.model.instrument import Instrument
from ..domain.model.ladder import Ladder
from ..domain.model.observation import Observation, OrdersUnread, Unknown
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


def check_watch(exchange: Exchange, key: MonitorKey, ladder: Ladder | None) -> None:
    """Checks a ladder against the instrument and the open position.

    What cannot be read now is not checked: the monitor's first run will do so.

    Raises:
        InstrumentError: the exchange does not know the symbol, or takes no orders of it.
        LadderError: the ladder does not fit the instrument or the open position.
    """
    instrument = exchange.instrument(key.symbol)
    if instrument is None:
        raise InstrumentError("the exchange does not trade this symbol", symbol=key.symbol)
    if isinstance(instrument, Instrument) and instrument.halted:
        reason = f"the exchange takes no orders of this symbol: its status is {instrument.halted}"
        raise InstrumentError(reason, symbol=key.symbol)
    if ladder is None:
        return
    ladder.check_side(key.side)
    if isinstance(instrument, Unknown):
        return
    ladder.check_instrument(instrument)
    reading = exchange.observe((key.symbol,))
    if isinstance(reading, Observation | OrdersUnread):
        ladder.check_side(key.side, reading.position(key.symbol, key.side).entry_price)
