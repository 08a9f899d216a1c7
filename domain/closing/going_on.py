"""How an open close goes on; pure."""

from decimal import Decimal

from ..copies import replace
from ..model.close.closing import CloseEnd, Closing
from ..model.instrument import Instrument, plain
from .taking import ANOTHER_POSITION, NO_POSITION


def next_quantity(closing: Closing, size: Decimal, instrument: Instrument) -> Decimal:
    """What its next request asks for: no more than is left, is open, and one order may have.

    Args:
        closing: an open one, none of whose requests may still take effect.
        size: of the position now.
        instrument: the contract's rules.
    """
    return min(closing.remaining, size, instrument.largest_market)


def after_request(closing: Closing, filled: Decimal) -> Closing:
    """The close once it is known what a request of it has closed."""
    return ended(replace(closing, filled=closing.filled + filled))


def ended(closing: Closing) -> Closing:
    """The close, at its end where everything that was asked for is closed."""
    if not closing.is_open or closing.remaining:
        return closing
    return replace(closing, end=CloseEnd.DONE, detail="")


def given_up(closing: Closing, why: str) -> Closing:
    """The close at its end, with less closed than was asked for."""
    end = CloseEnd.PART if closing.filled else CloseEnd.REFUSED
    return replace(closing, end=end, detail=why)


def of_position(closing: Closing, cycle: int, size: Decimal) -> Closing:
    """The close, at its end where its position is: whatever is open now was not meant.

    Args:
        closing: an open one, none of whose requests may still take effect.
        cycle: of the position now.
        size: its size; 0 where none is open.
    """
    if size and cycle == closing.command.cycle:
        return closing
    why = ANOTHER_POSITION if size else NO_POSITION
    return given_up(closing, f"{why} ({plain(closing.remaining)} of it was left)")
