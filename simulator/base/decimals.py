"""Exact numbers: what comes in is a Decimal or its text, what leaves is plain text."""

from decimal import Decimal, InvalidOperation

Exact = Decimal | str | int
"""What the simulator takes as a number: never a float, whose value is not what was written."""

ZERO = Decimal(0)


def exact(value: Exact) -> Decimal:
    """Turn a Decimal, its text or a whole number into a finite Decimal.

    Raises:
        TypeError: for floats and booleans.
        ValueError: for text that is no number, NaN and infinities.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | str | int):
        raise TypeError(f"numbers are Decimal, str or int, not {value!r}")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def plain(value: Decimal) -> str:
    """Write a number as Bybit does: without an exponent (docs/v5/guide: all numbers are text)."""
    return format(value, "f")


def is_multiple(value: Decimal, unit: Decimal) -> bool:
    """Say whether a value lies on the grid of a tick or a step."""
    return value % unit == ZERO


def rounded_down(value: Decimal, unit: Decimal) -> Decimal:
    """The largest multiple of a positive unit that is not above a non-negative value."""
    return value // unit * unit


def rounded_up(value: Decimal, unit: Decimal) -> Decimal:
    """The smallest multiple of a positive unit that is not below a non-negative value."""
    down = rounded_down(value, unit)
    return down if down == value else down + unit
