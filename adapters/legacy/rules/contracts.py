"""An instrument's tick size and quantity step, as far as the files contain them.

The bot kept both in its chat data, and a dump may include them. The import asks the exchange
nothing, so it leaves unknown rules to the engine's own checks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .values import exact

_TICK_NAMES = ("tickSize", "instrument_tick_size", "tick_size")
_STEP_NAMES = ("qtyStep", "instrument_qty_step", "qty_step")


@dataclass(frozen=True, slots=True)
class KnownRules:
    """Tick size and quantity step of one instrument; None if unknown."""

    tick: Decimal | None = None
    step: Decimal | None = None

    def on_tick(self, price: Decimal) -> Decimal:
        """The price as the bot sent it: rounded half up to the tick size, if known."""
        if not self.tick or price % self.tick == 0:
            return price
        return (price / self.tick).quantize(Decimal(1), ROUND_HALF_UP) * self.tick

    def is_off_tick(self, price: Decimal) -> bool:
        """Whether the price is known not to be a whole number of ticks."""
        return bool(self.tick) and price % (self.tick or 1) != 0

    def is_off_step(self, quantity: Decimal) -> bool:
        """Whether the quantity is known not to be a whole number of steps."""
        return bool(self.step) and quantity % (self.step or 1) != 0


NOTHING_KNOWN = KnownRules()


def rules_in(fields: Mapping[object, object]) -> KnownRules | None:
    """The rules in a mapping, under Bybit's names or the bot's; None if there are none."""
    tick, step = _first(fields, _TICK_NAMES), _first(fields, _STEP_NAMES)
    return KnownRules(tick, step) if tick or step else None


def _first(fields: Mapping[object, object], names: tuple[str, ...]) -> Decimal | None:
    numbers = (exact(fields.get(name)) for name in names)
    return next((number for number in numbers if number), None)
