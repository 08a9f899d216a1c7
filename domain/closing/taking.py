"""What a command to close comes to, for the position that is open now; pure."""

from datetime import datetime
from decimal import Decimal

from ..model.close.closing import CloseCommand, CloseEnd, Closing
from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import HUNDRED

ANOTHER_POSITION = (
    "the position that was on record at the command is closed: the one that is open now stays as "
    "it is"
)
NO_POSITION = "there is no position any more"


def taken(
    command: CloseCommand,
    cycle: int,
    size: Decimal,
    market: Decimal,
    instrument: Instrument,
    at: datetime,
) -> Closing:
    """The close as a run takes it: open, or ended at once where it cannot be done.

    A part is rounded down to the quantity step. 50 % of 7 at a step of 1 is 3:

    >>> from ..model.close.closing import CloseCause
    >>> half = CloseCommand(CloseCause.COMMAND, 1, Decimal(50))
    >>> rules = Instrument("BANDUSDT", Decimal("0.1"), Decimal(1), Decimal(1), Decimal(1000))
    >>> str(taken(half, 1, Decimal(7), Decimal(10), rules, datetime(2026, 1, 1)).quantity)
    '3'

    Args:
        command: what is asked for.
        cycle: of the position that is open now.
        size: its size; 0 where there is none.
        market: where the market is; 0 if that is not known.
        instrument: the contract's rules.
        at: now.
    """
    quantity = size
    if command.share != HUNDRED:
        quantity = instrument.quantity(instrument.steps(size * command.share / HUNDRED))
    why_not = _why_not(command, cycle, size, quantity, market, instrument)
    end = CloseEnd.REFUSED if why_not else None
    return Closing(command, size, quantity, at, end=end, detail=why_not)


def _why_not(
    command: CloseCommand,
    cycle: int,
    size: Decimal,
    quantity: Decimal,
    market: Decimal,
    instrument: Instrument,
) -> str:
    """Why nothing can be closed, for people; empty if it can.

    A whole position is never held against the minimums: whether the exchange takes what closes it
    is the exchange's to say.
    """
    if not size:
        return NO_POSITION
    if command.cycle != cycle:
        return ANOTHER_POSITION
    if command.share == HUNDRED:
        return ""
    asked = f"{plain(command.share)} % of {plain(size)} is {plain(quantity)}"
    if quantity < instrument.min_quantity or quantity == ZERO:
        return f"{asked}: the smallest order is {plain(instrument.min_quantity)}"
    if market and quantity * market < instrument.min_notional:
        return f"{asked}: the smallest order is worth {plain(instrument.min_notional)}"
    return ""
