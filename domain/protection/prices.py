"""Prices as a position's side sees them: tighter, in profit, on the tick."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from ..model.identity import Side
from ..model.instrument import Instrument

EXACT = Context(prec=100)
"""Enough for a percentage of an average: nothing is rounded but to the tick."""


def tighter(side: Side, stop: Decimal, other: Decimal) -> bool:
    """Whether ``stop`` loses less, or gains more, than ``other``."""
    return stop > other if side is Side.BUY else stop < other


def in_profit(side: Side, price: Decimal, gain: Decimal) -> Decimal:
    """The price at which a unit bought or sold at ``price`` gains that much; less than 0 loses."""
    return price + gain if side is Side.BUY else price - gain


def percent_of(price: Decimal, percent: Decimal) -> Decimal:
    """So much per cent of a price."""
    return price * percent.scaleb(-2)


def on_tick(side: Side, price: Decimal, tick: Decimal) -> Decimal:
    """The nearest price of the tick that gains no less: up for a Buy position, down for a Sell.

    For a stop that is the safe side: it never loses more than was asked for, a breakeven never ends
    in a loss, and rounding never loosens. For a take-profit it is the gain that was asked for.

    >>> on_tick(Side.BUY, Decimal("98.003"), Decimal("0.01"))
    Decimal('98.01')
    >>> on_tick(Side.SELL, Decimal("102.007"), Decimal("0.01"))
    Decimal('102.00')
    """
    rounding = ROUND_CEILING if side is Side.BUY else ROUND_FLOOR
    return (price / tick).to_integral_value(rounding) * tick


def limit_behind(side: Side, trigger: Decimal, percent: Decimal, tick: Decimal) -> Decimal:
    """The limit price of a stop: so much per cent of its trigger behind it, on the losing side.

    It is rounded to the tick away from the trigger, and is one tick at least.

    >>> limit_behind(Side.BUY, Decimal(95), Decimal(1), Decimal("0.5"))
    Decimal('94.0')
    >>> limit_behind(Side.SELL, Decimal(105), Decimal(1), Decimal("0.5"))
    Decimal('106.5')
    """
    behind = in_profit(side, trigger, -EXACT.multiply(trigger, percent.scaleb(-2)))
    return max(on_tick(side.opposite, behind, tick), tick)


def within_band(side: Side, trigger: Decimal, limit: Decimal, instrument: Instrument) -> Decimal:
    """The nearest limit price that the exchange takes; the same where none is behind the trigger.

    >>> rules = Decimal("0.5"), Decimal(1), Decimal(1), Decimal(9)
    >>> band = Instrument("X", *rules, min_price=Decimal("92.3"))
    >>> within_band(Side.BUY, Decimal(95), Decimal(90), band)
    Decimal('92.5')
    """
    tick = instrument.tick
    lowest = on_tick(Side.BUY, instrument.min_price, tick)
    highest = max(on_tick(Side.SELL, instrument.max_price, tick), lowest)
    taken = min(max(limit, lowest), highest)
    return limit if tighter(side, taken, trigger) else taken


def losing_tick(side: Side, price: Decimal, entry: Decimal, tick: Decimal) -> Decimal:
    """The same for a stop that shall lose: rounding does not bring it to the entry or beyond.

    >>> losing_tick(Side.BUY, Decimal("99.98"), Decimal("100.02"), Decimal("0.5"))
    Decimal('100.0')
    >>> losing_tick(Side.BUY, Decimal("99.98"), Decimal(100), Decimal("0.5"))
    Decimal('99.5')
    """
    rounded = on_tick(side, price, tick)
    if tighter(side, entry, rounded):
        return rounded
    return in_profit(side, on_tick(side, entry, tick), -tick)
