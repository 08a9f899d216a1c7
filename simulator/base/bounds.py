"""Bounds of what the simulator is told; a refusal names the field and says what is allowed."""

import re
from collections.abc import Collection
from decimal import Decimal

from .decimals import Exact, exact, plain

MOST_MS = 10 * 365 * 24 * 3600 * 1000
"""The longest time in milliseconds: ten years."""
_NAME = re.compile(r"[!-~]{1,64}")
_KEY = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")
_LONGEST_SYMBOL = 40


def above_zero(name: str, value: Exact) -> Decimal:
    """A number above 0, as :func:`exact` reads it.

    Raises:
        TypeError: it is no number.
        ValueError: it is no such number, or not above 0.
    """
    number = _number(name, value)
    if number <= 0:
        raise ValueError(f"{name}: a number above 0 is wanted, not {plain(number)}")
    return number


def from_zero(name: str, value: Exact) -> Decimal:
    """A number that is 0 or above.

    Raises:
        TypeError: it is no number.
        ValueError: it is no such number, or below 0.
    """
    number = _number(name, value)
    if number < 0:
        raise ValueError(f"{name}: 0 or a number above it is wanted, not {plain(number)}")
    return number


def within(name: str, value: int | None, lowest: int = 0, highest: int | None = None) -> None:
    """Refuse a whole number out of bounds; None is none.

    Raises:
        ValueError: it is out of them.
    """
    if value is None or (lowest <= value and (highest is None or value <= highest)):
        return
    bounds = f"from {lowest} on" if highest is None else f"from {lowest} to {highest}"
    raise ValueError(f"{name}: a whole number {bounds} is wanted, not {value}")


def one_of(name: str, value: str, words: Collection[str]) -> None:
    """Refuse a text that is none of some words.

    Raises:
        ValueError: it is none of them.
    """
    if value not in words:
        shown = ", ".join(word or '""' for word in words)
        raise ValueError(f"{name}: one of {shown} is wanted, not {value!r}")


def is_name(name: str, value: str) -> None:
    """Refuse a name that a header or a path could not carry.

    Raises:
        ValueError: it is not 1 to 64 ASCII characters without spaces.
    """
    if not _NAME.fullmatch(value):
        raise ValueError(f"{name}: 1 to 64 ASCII characters without spaces are wanted: {value!r}")


def is_key(name: str, value: str) -> None:
    """Refuse a key or a secret that a header could not carry; the refusal does not show it.

    Raises:
        ValueError: it is not 1 to 128 ASCII characters, or begins or ends with a space.
    """
    if not _KEY.fullmatch(value):
        raise ValueError(
            f"{name}: 1 to 128 ASCII characters are wanted, with no space before or after them"
        )


def is_symbol(name: str, value: str) -> None:
    """Refuse a name that no contract of Bybit's could have: some have Chinese characters.

    Raises:
        ValueError: it is not 1 to 40 letters, none of them small, digits and hyphens.
    """
    is_upper = value == value.upper() and value.replace("-", "").isalnum()
    if not is_upper or len(value) > _LONGEST_SYMBOL:
        raise ValueError(f"{name}: 1 to 40 capitals, digits and hyphens are wanted: {value!r}")


def _number(name: str, value: Exact) -> Decimal:
    try:
        return exact(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    except TypeError as error:
        raise TypeError(f"{name}: {error}") from None
