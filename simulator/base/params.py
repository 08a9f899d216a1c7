"""Request parameters: texts, numbers and flags, refused with Bybit's codes and texts."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from . import errors
from .decimals import exact

Params = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


def text(params: Params, name: str) -> str:
    """A parameter as text; a missing or null one is empty."""
    value = params.get(name)
    return "" if value is None else str(value)


def required(params: Params, name: str) -> str:
    """A required parameter.

    Raises:
        ApiError: 10001: the parameter is missing or empty.
    """
    value = text(params, name)
    if not value:
        raise errors.missing(name)
    return value


def number(params: Params, name: str) -> Decimal | None:
    """A numeric parameter; None if it is missing or empty.

    Raises:
        ApiError: 10001: the parameter is not a number as `exact` reads it.
    """
    value = params.get(name)
    if value is None or value == "":
        return None
    try:
        return exact(value)
    except (TypeError, ValueError) as error:
        raise errors.parameter(f"params error: {name} err") from error


def integer(params: Params, name: str, default: int = 0) -> int:
    """A parameter that is a whole number.

    Raises:
        ApiError: 10001: the parameter is not a whole number.
    """
    value = number(params, name)
    if value is None:
        return default
    if value != value.to_integral_value():
        raise errors.parameter(f"params error: {name} err")
    return int(value)


def flag(params: Params, name: str) -> bool:
    """A boolean parameter: JSON's own, or its text; a missing one is false.

    Raises:
        ApiError: 10001: the parameter is something else.
    """
    given = text(params, name).lower()
    if given not in {"true", "1", "false", "0", ""}:
        raise errors.parameter(f"params error: {name} err")
    return given in {"true", "1"}


def option(params: Params, name: str, kind: type[Choice]) -> Choice | None:
    """A parameter with a fixed set of values; None if it is missing or empty.

    Raises:
        ApiError: 10001: the value is not in the set.
    """
    return choice(params, name, kind) if text(params, name) else None


def choice(params: Params, name: str, kind: type[Choice], default: Choice | None = None) -> Choice:
    """A parameter with a fixed set of values.

    Raises:
        ApiError: 10001: the value is not in the set, or missing without a default.
    """
    value = text(params, name)
    if not value and default is not None:
        return default
    try:
        return kind(value)
    except ValueError as error:
        raise errors.parameter(f"params error: {name} invalid") from error
