"""Strict readers of JSON fields: a field that is not as documented raises; nothing is guessed.

Bybit sends prices, sizes and times as strings, and spells "nothing" as ``""``, ``"0"``,
``"0.00"`` or ``"UNKNOWN"`` (docs/v5/order/open-order.mdx and its sample).
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from ....domain.model.instrument import ZERO

Row = Mapping[str, object]

_PLAIN_NUMBER = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?")
_MILLISECONDS = re.compile(r"[0-9]{1,16}")
_SEQUENCE = re.compile(r"-?[0-9]{1,19}")
_SHOWN = 40
_NUMBERS_KEPT = 8192

_Member = TypeVar("_Member", bound=StrEnum)
_Value = TypeVar("_Value")


class ShapeError(Exception):
    """A reply is not shaped as the documentation says; nothing in it may be relied on."""


def mapping(value: object, name: str) -> Row:
    """The value as a JSON object."""
    if not isinstance(value, dict):
        raise ShapeError(f"{name} is not an object")
    return value


def rows(owner: Row, name: str) -> tuple[Row, ...]:
    """The field as a list of JSON objects."""
    value = _required(owner, name)
    if not isinstance(value, list):
        raise ShapeError(f"{name} is not a list")
    return tuple([mapping(row, f"an item of {name}") for row in value])


def text(row: Row, name: str) -> str:
    """The field as text, which may be empty."""
    value = _required(row, name)
    if not isinstance(value, str):
        raise _unexpected(name, value)
    return value


def identifier(row: Row, name: str) -> str:
    """The field as text that is not empty."""
    value = text(row, name)
    if not value:
        raise ShapeError(f"{name} is empty")
    return value


def label(row: Row, name: str, nothing: str) -> str:
    """The field as text; ``nothing`` is empty."""
    value = text(row, name)
    return "" if value == nothing else value


def optional_label(row: Row, name: str, nothing: str) -> str:
    """The field as text; missing or ``nothing`` is empty."""
    return label(row, name, nothing) if name in row else ""


def decimal(row: Row, name: str) -> Decimal:
    """The field as an exact number, zero or more."""
    value = text(row, name)
    number = _exact(value)
    if number is None:
        raise _unexpected(name, value)
    return number


@lru_cache(maxsize=_NUMBERS_KEPT)
def _exact(value: str) -> Decimal | None:
    """The number that the text spells plainly.

    The same few thousand texts come again and again: mirrors have the prices of their main, and a
    sweep finds what it found before. Cached, each is parsed and kept in memory once.
    """
    return None if _PLAIN_NUMBER.fullmatch(value) is None else Decimal(value)


def positive(row: Row, name: str) -> Decimal:
    """The field as an exact number above zero."""
    value = decimal(row, name)
    if not value:
        raise _unexpected(name, "0")
    return value


def decimal_or_zero(row: Row, name: str) -> Decimal:
    """The field as an exact number; empty is zero."""
    return decimal(row, name) if text(row, name) else ZERO


def decimal_or_none(row: Row, name: str) -> Decimal | None:
    """The field as an exact number; empty, ``"0"`` and ``"0.00"`` are none."""
    return decimal_or_zero(row, name) or None


def integer(row: Row, name: str) -> int:
    """The field as a JSON integer."""
    value = _required(row, name)
    if type(value) is not int:
        raise _unexpected(name, value)
    return value


def sequence(row: Row, name: str) -> int:
    """The field as a sequence number, in either spelling; -1 if there is none."""
    value = row.get(name)
    if isinstance(value, str) and _SEQUENCE.fullmatch(value) is not None:
        return int(value)
    return value if type(value) is int else -1


def milliseconds(row: Row, name: str) -> int:
    """The field as epoch milliseconds in text; empty is 0."""
    value = text(row, name)
    if value and _MILLISECONDS.fullmatch(value) is None:
        raise _unexpected(name, value)
    return int(value or "0")


def flag(row: Row, name: str) -> bool:
    """The field as true or false."""
    value = _required(row, name)
    if not isinstance(value, bool):
        raise _unexpected(name, value)
    return value


def member(kind: type[_Member], row: Row, name: str) -> _Member:
    """The field as a value that the documentation lists."""
    value = text(row, name)
    try:
        return kind(value)
    except ValueError:
        raise _unexpected(name, value) from None


def value_of(table: Mapping[str, _Value], row: Row, name: str) -> _Value:
    """What a table says that the field's text means."""
    value = text(row, name)
    try:
        return table[value]
    except KeyError:
        raise _unexpected(name, value) from None


def _required(row: Row, name: str) -> object:
    try:
        return row[name]
    except KeyError:
        raise ShapeError(f"{name} is missing") from None


def _unexpected(name: str, value: object) -> ShapeError:
    shown = repr(value)
    if len(shown) > _SHOWN:  # never a part: half a secret could not be found and removed
        shown = f"{len(shown)} characters"
    return ShapeError(f"{name} has an unexpected value: {shown}")
