"""Exact numbers: read from a Decimal, text or int, and written as plain text."""

import re
from decimal import Context, Decimal

Exact = Decimal | str | int
"""What the simulator accepts as a number: never a float, which may differ from what was written."""

ZERO = Decimal(0)
LARGEST = Decimal(10**15)
"""Numbers are smaller than this, so that a quotient by any tick or step has all its digits."""
_MOST_DECIMALS = 40
_SMALLEST = Decimal("1E-8")
_WIDE = Context(prec=80)
_PLAIN = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_SHOWN = 40


def exact(value: Exact) -> Decimal:
    """Convert a Decimal, a text or an int to a finite Decimal.

    A text is written as Bybit writes numbers: ASCII digits, with a dot and a minus where they are
    needed, and no exponent.

    Raises:
        TypeError: the value is a float, a boolean or another type.
        ValueError: the value is not such a number, or `LARGEST` or more.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | str | int):
        raise TypeError(f"a number must be a Decimal, a str or an int, not {value!r}")
    if isinstance(value, str) and not _PLAIN.fullmatch(value):
        raise ValueError(f"not a number: {_shown(value)}")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    exponent = number.as_tuple().exponent
    if abs(number) >= LARGEST or not isinstance(exponent, int) or exponent < -_MOST_DECIMALS:
        raise ValueError(f"too large or too long a number: {_shown(str(number))}")
    return number


def booked(amount: Decimal) -> Decimal:
    """An amount of a coin as a wallet books it: at most eight decimals; rows and balances agree."""
    rounded = amount.quantize(_SMALLEST, context=_WIDE)
    return rounded if _decimals(amount) > _decimals(rounded) else amount


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def plain(value: Decimal) -> str:
    """Write a number as Bybit does: as text, without an exponent (docs/v5/guide)."""
    return format(value, "f")


def is_multiple(value: Decimal, unit: Decimal) -> bool:
    """Whether a value is a multiple of a tick or a step."""
    return value % unit == ZERO


def rounded_down(value: Decimal, unit: Decimal) -> Decimal:
    """The largest multiple of a positive unit that is not above a non-negative value."""
    return value // unit * unit


def rounded_up(value: Decimal, unit: Decimal) -> Decimal:
    """The smallest multiple of a positive unit that is not below a non-negative value."""
    down = rounded_down(value, unit)
    return down if down == value else down + unit
