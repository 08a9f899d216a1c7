"""Rows that are written and parsed once: an order's row is the same as long as the order is.

Orders of the simulator are values, and so are the rows made of them; a history reads the same
ones again and again.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from ..adapters.bybit import lookup, parsing, reading
from ..adapters.simulator import rows
from .swapping import swapped

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@contextmanager
def rows_once() -> Iterator[None]:
    """While this lasts, each order's row is made once and parsed once."""
    parse = _once(parsing.parse_order)
    with (
        swapped(rows, "order_row", _once(rows.order_row)),
        swapped(reading, "parse_order", parse),
        swapped(lookup, "parse_order", parse),
    ):
        yield


def _once(make: Callable[[_In], _Out]) -> Callable[[_In], _Out]:
    """The function, with its results kept by the identity of what it is given."""
    known: dict[Hashable, tuple[_In, _Out]] = {}

    def made(given: _In) -> _Out:
        found = known.get(id(given))
        if found is None:
            found = known[id(given)] = (given, make(given))
        return found[1]

    return made
