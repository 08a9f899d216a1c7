"""Numbers of a stop as users give them: exact, and sensible."""

from decimal import Decimal

from ..errors import StopError
from ..instrument import given_number, plain
from ..ladder import HUNDRED, MAX_LEVELS

Number = Decimal | str | int
"""A number that a user gives; each kind is exact, and a float is not."""


def positive(name: str, value: Number | None) -> Decimal | None:
    """The number, above 0; None where none is given.

    Raises:
        StopError: it is not an exact number above 0.
    """
    return None if value is None else given_number(name, value, StopError)


def percentage(name: str, value: Number | None, *, zero: bool = False) -> Decimal | None:
    """The percentage, above 0 (``zero``: or 0) and below 100; None where none is given.

    Raises:
        StopError: it is not an exact number of that range.
    """
    if value is None:
        return None
    percent = given_number(name, value, StopError, zero=zero)
    if percent >= HUNDRED:
        raise StopError(f"{name} must be below 100, not {plain(percent)}")
    return percent


def level_number(name: str, value: int | None) -> int | None:
    """The number of a level, or of levels; None where none is given.

    Raises:
        StopError: no ladder has that level.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise StopError(f"{name} must be an int, such as 1 for TP1, not {value!r}")
    if not 1 <= value <= MAX_LEVELS:
        raise StopError(f"{name} must be 1 to {MAX_LEVELS}, not {value}")
    return value
