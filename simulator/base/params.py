"""Reading request parameters: texts, numbers and flags, each refused as Bybit refuses them."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from . import errors
from .decimals import exact

Params = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


def text(params: Params, name: str) -> str:
    """A parameter as text; missing and null are empty."""
    value = params.get(name)
    return "" if value is None else str(value)


def required(params: Params, name: str) -> str:
    """A parameter that must be there.

    Raises:
        ApiError: 10001 if it is missing or empty.
    """
    value = text(params, name)
    if not value:
        raise errors.missing(name)
    return value


def number(params: Params, name: str) -> Decimal | None:
    """A numeric parameter; None where it is missing or empty. Text with an exponent is refused.

    Raises:
        ApiError: 10001 if it is no number.
    """
    value = params.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and "e" in value.lower():
        raise errors.parameter(f"params error: {name} err")
    try:
        return exact(value)
    except (TypeError, ValueError) as error:
        raise errors.parameter(f"params error: {name} err") from error


def integer(params: Params, name: str, default: int = 0) -> int:
    """A whole number.

    Raises:
        ApiError: 10001 if it is none.
    """
    given = params.get(name)
    if type(given) is int:
        return given
    value = number(params, name)
    if value is None:
        return default
    if value != value.to_integral_value():
        raise errors.parameter(f"params error: {name} err")
    return int(value)


def flag(params: Params, name: str) -> bool:
    """A boolean; JSON's own, or its text."""
    return text(params, name).lower() in {"true", "1"}


def choice(params: Params, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
    """A parameter out of a fixed set.

    Raises:
        ApiError: 10001 if it is missing without a default, or not in the set.
    """
    value = text(params, name)
    if not value and default is not None:
        return default
    try:
        return kind(value)
    except ValueError as error:
        raise errors.parameter(f"params error: {name} invalid") from error
