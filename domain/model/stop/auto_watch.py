"""What new positions of an account get that nobody watches, if its user asked for that."""

from dataclasses import dataclass

from ..errors import StopError
from .ladder_rule import RuleLadder
from .stop import Stop


@dataclass(frozen=True, slots=True)
class AutoWatch:
    """The ladder and the stop of a position that no monitor watches, on an account that has this.

    Attributes:
        ladder: its ladder, by rule.
        stop: its stop-loss; None for none.

    Raises:
        StopError: the stop has a price, which is of one contract only; or it does not fit the
            ladder.
    """

    ladder: RuleLadder
    stop: Stop | None = None

    def __post_init__(self) -> None:
        stop = self.stop
        trailing = stop.trailing if stop else None
        prices = (stop and stop.price, trailing and (trailing.distance or trailing.activation))
        if any(prices):
            raise StopError("the stop of positions to come has no prices: give it in percent")
        self.ladder.check_stop(stop, copies=False)
