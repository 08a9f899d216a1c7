"""What an instrument lets an order be: as known, else inferred from all rows of the symbol.

What is known comes from ``instruments.json`` beside the case file, or from ``instruments`` in
it, in the form ``{"tickSize": …, "qtyStep": …, "minOrderQty": …, "minNotional": …,
"maxOrderQty": …}``. What is null or missing is inferred:

* tick: the finest decimal place of the stored prices of take-profits and open entries (a filled
  one has an average); if there are none, of the stop-losses' and at last of the entry averages';
* quantity step: the finest decimal place of the stored orders' quantities and fills, if there
  are none, of the positions; whole numbers that are all multiples of 10 or of 100 have that step;
* numbers with more than eight decimals are arithmetic of the bot, not of the exchange: they
  count for nothing;
* the smallest quantity is one step; the smallest notional is 5, also where the file says 0 (the
  bot read a field that linear contracts don't have). The simulator's switch stays at its
  default: reduce-only orders are not spared;
* the largest quantity is a thousand million steps: out of reach, unless it is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tests.cases.states import State, Stored
from tests.cases.values import ZERO, number
from trueup.simulator import InstrumentSpec

_DECIMALS = 8
_LARGEST_STEP = 2
_MIN_NOTIONAL = Decimal(5)
_MAX_STEPS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one symbol."""

    symbol: str
    tick: Decimal
    step: Decimal
    min_quantity: Decimal
    max_quantity: Decimal
    min_notional: Decimal

    def floored(self, quantity: Decimal) -> Decimal:
        """The quantity, cut to whole steps."""
        return quantity // self.step * self.step

    def on_tick(self, price: Decimal) -> Decimal:
        """The tick nearest to a stored price: where the order really was, or could have been."""
        ticks = (price / self.tick).quantize(Decimal(1), ROUND_HALF_UP)
        return ticks * self.tick

    def allows(self, quantity: Decimal, price: Decimal) -> bool:
        """Whether an order of that size at that price is above both minimums."""
        return quantity >= self.min_quantity and quantity * price >= self.min_notional

    def spec(self) -> InstrumentSpec:
        """The instrument for the simulator."""
        return InstrumentSpec(
            symbol=self.symbol,
            tick=self.tick,
            step=self.step,
            min_quantity=self.min_quantity,
            max_quantity=self.max_quantity,
            min_notional=self.min_notional,
        )


def rules_of(symbol: str, states: Sequence[State], known: Mapping[str, object]) -> Rules:
    """The rules of a symbol, by what is known of it and by its states.

    Raises:
        MalformedRow: what is known is no number.
    """
    tick = _known(known, "tickSize") or _tick(states)
    step = _known(known, "qtyStep") or _step(states)
    return Rules(
        symbol=symbol,
        tick=tick,
        step=step,
        min_quantity=_known(known, "minOrderQty") or step,
        max_quantity=_known(known, "maxOrderQty") or step * _MAX_STEPS,
        min_notional=_known(known, "minNotional") or _MIN_NOTIONAL,
    )


def _known(known: Mapping[str, object], name: str) -> Decimal | None:
    return number(known.get(name), name)


def _tick(states: Sequence[State]) -> Decimal:
    orders = [order.price for state in states for order in state.take_profits]
    orders += [order.price for state in states for order in state.entries if order.is_open]
    stops = [state.stop_loss.price for state in states if state.stop_loss]
    return (
        _finest(orders, 0)
        or _finest(stops, 0)
        or _finest((state.entry_price for state in states), 0)
        or Decimal("0.0001")
    )


def _step(states: Sequence[State]) -> Decimal:
    orders = [order for state in states for order in _orders(state)]
    quantities = [q for order in orders for q in (order.quantity or ZERO, order.filled)]
    sizes = [state.size for state in states]
    return _finest(quantities, _LARGEST_STEP) or _finest(sizes, _LARGEST_STEP) or Decimal(1)


def _orders(state: State) -> Iterable[Stored]:
    stop_loss = (state.stop_loss,) if state.stop_loss else ()
    return (*state.take_profits, *stop_loss, *state.entries)


def _finest(numbers: Iterable[Decimal], coarsest: int) -> Decimal | None:
    """The largest power of ten, up to 10^coarsest, of which all numbers are multiples."""
    exponents = [int(each.normalize().as_tuple().exponent) for each in numbers if each > ZERO]
    usable = [exponent for exponent in exponents if exponent >= -_DECIMALS]
    return Decimal(1).scaleb(min(*usable, coarsest)) if usable else None
