"""Where the market stands when a state is loaded: where none of its orders would fill."""

from collections.abc import Sequence
from decimal import Decimal

from tests.cases.resting import Kind, Resting
from tests.cases.rules import Rules
from tests.cases.states import State
from tests.cases.values import ZERO
from trueup import Side

_BEYOND = {Side.BUY: Decimal("1.05"), Side.SELL: Decimal("0.95")}


def market_price(
    state: State, rules: Rules, resting: Sequence[Resting], ladder: Sequence[Decimal]
) -> Decimal:
    """A price half way from the entry to the nearest take-profit.

    The entry's end is the entry price, or the entry order or the trigger that is nearest; the
    other end is the nearest price at which the position is, or may be, reduced: ``ladder`` holds
    those of the levels that can still be asked for. Where there is no room between the ends it
    is one tick before the take-profit; without a take-profit it is 5 % beyond the entry's end.
    """
    sign = 1 if state.side is Side.BUY else -1
    limits = [order for order in resting if not order.conditional]
    ahead = [sign * o.price for o in limits if o.side is not state.side]
    ahead += [sign * price for price in ladder]
    behind = [sign * o.price for o in limits if o.side is state.side]
    points = [state.entry_price, *(o.price for o in resting if _is_trigger(o))]
    behind += [sign * p for p in points if p and (not ahead or sign * p < min(ahead))]
    if not ahead:
        start = abs(max(behind)) if behind else Decimal(1)
        return rules.on_tick(start * _BEYOND[state.side]) or rules.tick
    middle = (max(behind) + min(ahead)) / 2 if behind else min(ahead)
    price = rules.on_tick(abs(middle))
    if sign * price < min(ahead) and (not behind or sign * price > max(behind)):
        return price
    return max(abs(min(ahead)) - sign * rules.tick, ZERO) or rules.tick


def _is_trigger(order: Resting) -> bool:
    return order.conditional and order.kind is not Kind.ENTRY
