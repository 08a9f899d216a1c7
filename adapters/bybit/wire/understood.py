"""Rows one by one: a row that cannot be understood says so of its symbol, and of nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from . import names
from .fields import Row, ShapeError, identifier

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """A row that is not as documented, of a symbol that is.

    Attributes:
        reason: which field says what, for people.
    """

    symbol: str
    reason: str


def understood(row: Row, parse: Callable[[Row], _Item]) -> _Item | UnreadRow:
    """The row as ``parse`` reads it, or what of it cannot be understood.

    Raises:
        ShapeError: not even its symbol can be read, so that any symbol may be meant.
    """
    symbol = identifier(row, names.SYMBOL)
    try:
        return parse(row)
    except ShapeError as error:
        return UnreadRow(symbol, str(error))
