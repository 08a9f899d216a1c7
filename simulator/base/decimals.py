"""Exact numbers: read from a Decimal, text or int, and written as plain text."""

from decimal import Decimal, InvalidOperation

Exact = Decimal | str | int
"""What the simulator accepts as a number: never a float, which may differ from what was written."""

ZERO = Decimal(0)


def exact(value: Exact) -> Decimal:
    """Convert a Decimal, a text or an int to a finite Decimal.

    Raises:
        TypeError: the value is a float, a boolean or another type.
        ValueError: the value is not a number, or not a finite one.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | str | int):
        raise TypeError(f"a number must be a Decimal, a str or an int, not {value!r}")
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


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
