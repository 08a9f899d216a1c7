"""Prices that were recorded: a file of comma-separated values, one move a line.

| column | what it holds |
|---|---|
| `time_ms` | when, in whole milliseconds, from any start: the first line's time is the market's 0 |
| `symbol` | a contract that the exchange lists |
| `price` | its last price, on its tick |
| `mark_price`, `index_price` | optional: its mark and index price; an empty value: no change |

The first line names the columns, in any order. Times don't go back.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from ..base.decimals import exact
from ..core.exchange import Simulator
from .moves import Move

REQUIRED = ("time_ms", "symbol", "price")
OPTIONAL = ("mark_price", "index_price")
_SHOWN = 40


class MarketFileError(ValueError):
    """A file of prices that cannot be played; the text begins with the line's number."""


def read_market(path: str | Path, sim: Simulator) -> tuple[Move, ...]:
    """The moves of a file; all of it is checked before the first is made.

    Raises:
        MarketFileError: a line cannot be played; says which, and why.
        OSError: the file cannot be read.
    """
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        try:
            return _Reading(sim).moves(csv.reader(file, strict=True))
        except UnicodeDecodeError:
            raise MarketFileError("it is not text in UTF-8") from None


class _Reading:
    """The reading of one file; keeps the line that it is at."""

    def __init__(self, sim: Simulator) -> None:
        specs = [sim.instrument(symbol) for symbol in sim.symbols]
        self._ticks = {spec.symbol: spec.tick for spec in specs if spec.category == "linear"}
        self._line = 0
        self._first_ms: int | None = None
        self._last_ms = 0

    def moves(self, lines: Iterator[list[str]]) -> tuple[Move, ...]:
        columns = self._columns(self._values(lines) or [])
        moves = tuple(self._moves(columns, lines))
        if not moves:
            raise self._error("there is no price below the names of the columns")
        return moves

    def _moves(self, columns: Sequence[str], lines: Iterator[list[str]]) -> Iterator[Move]:
        while (values := self._values(lines)) is not None:
            if not values:
                continue
            if len(values) != len(columns):
                raise self._error(f"{len(values)} values, and {len(columns)} columns")
            yield self._move(dict(zip(columns, (each.strip() for each in values), strict=True)))

    def _values(self, lines: Iterator[list[str]]) -> list[str] | None:
        """The values of the next line; None after the last one."""
        self._line += 1
        try:
            return next(lines, None)
        except csv.Error as error:
            raise self._error(f"it is not comma-separated values: {error}") from None

    def _columns(self, names: list[str]) -> list[str]:
        columns = [name.strip() for name in names]
        known = (*REQUIRED, *OPTIONAL)
        if missing := [name for name in REQUIRED if name not in columns]:
            raise self._error(f"there is no column {missing[0]}; the first line names the columns")
        if unknown := [name for name in columns if name not in known]:
            raise self._error(f"unknown column {unknown[0]!r}; there are {', '.join(known)}")
        if len(set(columns)) != len(columns):
            raise self._error("a column is named twice")
        return columns

    def _move(self, row: Mapping[str, str]) -> Move:
        at_ms, symbol = self._time(row["time_ms"]), row["symbol"]
        if symbol not in self._ticks:
            listed = ", ".join(self._ticks)
            raise self._error(f"the exchange does not list {symbol!r}; it lists {listed}")
        mark, index = (
            self._price(name, row[name], symbol) if row.get(name) else None for name in OPTIONAL
        )
        return Move(at_ms, symbol, self._price("price", row["price"], symbol), mark, index)

    def _time(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise self._error(f"time_ms is {text!r}, and must be whole milliseconds")
        time = int(text)
        if self._first_ms is None:
            self._first_ms = time
        if time < self._last_ms:
            raise self._error(f"time_ms goes back from {self._last_ms} to {time}")
        self._last_ms = time
        return time - self._first_ms

    def _price(self, name: str, text: str, symbol: str) -> Decimal:
        try:
            price = exact(text)
        except ValueError:
            raise self._error(f"{name} is {text[:_SHOWN]!r}, and must be a number") from None
        tick = self._ticks[symbol]
        if price <= 0:
            raise self._error(f"{name} is {text}, and must be above 0")
        if name == "price" and price % tick:
            raise self._error(f"price {text} is not on {symbol}'s tick of {tick}")
        return price

    def _error(self, text: str) -> MarketFileError:
        return MarketFileError(f"line {self._line}: {text}")
