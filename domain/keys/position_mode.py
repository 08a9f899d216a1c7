"""The position mode that is configured, held against a position as it was read."""

from ..model.identity import PositionMode
from ..model.order import Position


def wrong_mode(position: Position, configured: PositionMode) -> str:
    """What to set where a position is of another mode than its account; empty if it fits.

    A flat position says nothing. Example: a long with index 1 is of hedge mode; an account that is
    configured as one-way would send orders for index 0, which the exchange refuses.
    """
    if not position.size or position.position_index == configured.position_index(position.side):
        return ""
    true = PositionMode.HEDGE if position.position_index else PositionMode.ONE_WAY
    return (
        f"the position of {position.symbol} is of mode {true.value}, and the account is "
        f'configured as {configured.value}: set `position_mode = "{true.value}"`'
    )
