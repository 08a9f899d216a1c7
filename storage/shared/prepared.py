"""Statements that sqlite3 runs itself: their text, and what their values become on the way.

The texts are generated from the tables (:mod:`.generated.statements`). SQLAlchemy would spend
several times as long on each execution as SQLite does, and seconds on being imported.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from ..sql.checksum import checksum
from ..sql.columns import KINDS, Convert, Kind, storable
from .connection import Connection

# At most this many rows in one statement: sqlite3 keeps 128 statements ready.
_TOGETHER = 8

Row = Any
"""A row of a :class:`Query`: the columns as attributes, with the types that they have in Python."""


class Prepared:
    """An insert, update or delete that is run often, in the transaction that is open.

    Args:
        sql: the statement, with a ``?`` for each parameter.
        parameters: their names in the statement's order, with their kinds: ``number
            price:decimal``. What is ``sealed`` is calculated here.

    Attributes:
        names: of the parameters, in the statement's order.
    """

    def __init__(self, sql: str, parameters: str) -> None:
        sql = _on_one_line(sql)
        fields = _fields(parameters)
        names = tuple(name for name, _ in fields)
        self.names = names
        self._sealed = next(
            (n for n, (_, kind) in enumerate(fields) if kind is KINDS["sealed"]), None
        )
        self._values = itemgetter(*names) if len(names) > 1 else self._only_value
        many = _TOGETHER if sql.startswith("INSERT") else 1
        self._by_count = tuple(
            (
                _of_rows(sql, len(names), rows),
                _by_place([kind.store for _, kind in fields] * rows),
            )
            for rows in range(1, many + 1)
        )

    def run(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Runs it for each of the rows; returns the number of database rows touched.

        Raises:
            Exception: the driver: the database refused.
            ValueError: a value cannot be stored.
        """
        return sum(connection.execute(*ready).rowcount for ready in self.ready(*rows))

    def ready(self, *rows: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
        """What is run for the rows: texts, each with its values as the driver takes them.

        Raises:
            ValueError: a value cannot be stored.
        """
        most = len(self._by_count)
        for start in range(0, len(rows), most):
            some = rows[start : start + most]
            text, converters = self._by_count[len(some) - 1]
            values: list[Any] = []
            for row in some:
                values += self._values(row)
            for place, convert in converters:
                values[place] = convert(values[place])
            if self._sealed is not None:
                self._seal(values, self._sealed)
            yield text, values

    def insert(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Runs an insert for one row; returns the number that the database assigned to it.

        Raises:
            Exception: the driver: the database refused.
            ValueError: a value cannot be stored.
        """
        (ready,) = self.ready(row)
        return int(connection.execute(*ready).lastrowid or 0)

    def insert_all(self, connection: Connection, *rows: Mapping[str, Any]) -> tuple[int, ...]:
        """Runs an insert for each of the rows; returns the numbers that the database assigned.

        The rows of one statement get consecutive numbers.

        Raises:
            Exception: the driver: the database refused.
            ValueError: a value cannot be stored.
        """
        numbers: list[int] = []
        for start in range(0, len(rows), len(self._by_count)):
            some = rows[start : start + len(self._by_count)]
            (ready,) = self.ready(*some)
            last = int(connection.execute(*ready).lastrowid or 0)
            numbers += range(last - len(some) + 1, last + 1)
        return tuple(numbers)

    def _seal(self, values: list[Any], place: int) -> None:
        """Gives each row the checksum of its other values."""
        width = len(self.names)
        for start in range(0, len(values), width):
            sealed = start + place
            rest = values[start:sealed] + values[sealed + 1 : start + width]
            values[sealed] = checksum(rest)

    def _only_value(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return (row[self.names[0]],)


class Query:
    """A select that is run often.

    Args:
        sql: the statement, with a ``?`` for each parameter.
        parameters: their names, in the statement's order.
        columns: what it selects, with their kinds: ``number price:decimal``.
    """

    def __init__(self, sql: str, parameters: str, columns: str) -> None:
        self._sql = _on_one_line(sql)
        self._parameters = tuple(parameters.split())
        fields = _fields(columns)
        self._row = _row(tuple(name for name, _ in fields))
        self._converters = _by_place(kind.load for _, kind in fields)

    def rows(self, connection: Connection, **values: object) -> list[Row]:
        """All rows that it finds."""
        given = [storable(values[name]) for name in self._parameters]
        return [self._made(row) for row in connection.execute(self._sql, given).fetchall()]

    def row(self, connection: Connection, **values: object) -> Row | None:
        """The row that it finds, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def _made(self, row: tuple[Any, ...]) -> Row:
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place])
        return self._row(*values)


def _on_one_line(sql: str) -> str:
    return " ".join(sql.split())


def _fields(text: str) -> list[tuple[str, Kind]]:
    """The names in the text, each with the kind behind its colon."""
    parts = (word.partition(":") for word in text.split())
    return [(name, KINDS[kind or "plain"]) for name, _, kind in parts]


@lru_cache
def _row(names: tuple[str, ...]) -> Callable[..., Row]:
    """What makes a row of its values, in the sequence of the names."""
    return namedtuple("row", names)  # noqa: PYI024 - the types are known to the columns alone


def _of_rows(sql: str, columns: int, rows: int) -> str:
    """The insert of one row, extended to this many."""
    row = f"({', '.join('?' * columns)})"
    return sql.replace(f"VALUES {row}", f"VALUES {', '.join([row] * rows)}", 1)


def _by_place(converters: Iterable[Convert | None]) -> tuple[tuple[int, Convert], ...]:
    return tuple((place, each) for place, each in enumerate(converters) if each is not None)
