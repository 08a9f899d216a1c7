"""What is checked before a position comes under watch."""

from ..domain.model.errors import InstrumentError
from ..domain.model.identity import MonitorKey
from ..domain.model.instrument import Instrument
from ..domain.model.ladder import Ladder
from ..domain.model.observation import Observation, OrdersUnread, Unknown
from ..domain.ports import Exchange


def check_watch(exchange: Exchange, key: MonitorKey, ladder: Ladder | None) -> None:
    """Checks a ladder against the instrument and the open position.

    What cannot be read now is not checked: the monitor's first run will do so.

    Raises:
        InstrumentError: the exchange does not know the symbol, or takes no orders of it.
        LadderError: the ladder does not fit the instrument or the open position.
    """
    instrument = exchange.instrument(key.symbol)
    if instrument is None:
        raise InstrumentError("the exchange does not trade it", symbol=key.symbol)
    if isinstance(instrument, Instrument) and instrument.halted:
        reason = f"the exchange takes no orders of it: its status is {instrument.halted}"
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
