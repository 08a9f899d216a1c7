"""Statements compiled once and run by sqlite3 itself.

What SQLAlchemy does for every execution costs several times what SQLite does for it.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Insert, Select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from ..sql.columns import ExactDecimal, UtcInstant, exact, exact_text, instant, instant_text

# At most so many rows in one statement: sqlite3 keeps 128 statements ready.
_TOGETHER = 8
_DIALECT = sqlite.dialect(paramstyle="qmark")

Row = Any
"""A row of a :class:`Query`: the columns as attributes, with the types that they have in Python."""

_Convert = Callable[[Any], Any]


class Prepared:
    """An insert, update or delete that is run often, in the transaction that is open.

    Args:
        statement: the statement.
        columns: the columns that an insert or update sets, where the statement doesn't say.
    """

    def __init__(self, statement: UpdateBase, columns: Iterable[str] | None = None) -> None:
        names = None if columns is None else list(columns)
        compiled: Any = statement.compile(dialect=_DIALECT, column_keys=names)
        self._names: tuple[str, ...] = tuple(compiled.positiontup)
        converters = [_stored(compiled.binds[name].type) for name in self._names]
        self._take = itemgetter(*self._names) if len(self._names) > 1 else self._take_one
        many = _TOGETHER if isinstance(statement, Insert) else 1
        self._by_count = tuple(
            (_of_rows(str(compiled), len(self._names), rows), _by_place(converters * rows))
            for rows in range(1, many + 1)
        )

    def run(self, connection: sqlite3.Connection, *rows: Mapping[str, Any]) -> int:
        """Runs it for each of the rows; gives the number of database rows touched.

        Raises:
            sqlite3.Error: the database refused.
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
                values += self._take(row)
            for place, convert in converters:
                values[place] = convert(values[place])
            yield text, values

    def insert(self, connection: sqlite3.Connection, row: Mapping[str, Any]) -> int:
        """Runs an insert for one row; gives the number that the database gave it.

        Raises:
            sqlite3.Error: the database refused.
            ValueError: a value cannot be stored.
        """
        (ready,) = self.ready(row)
        return int(connection.execute(*ready).lastrowid or 0)

    def _take_one(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return (row[self._names[0]],)


class Query:
    """A select that is run often."""

    def __init__(self, statement: Select[Any]) -> None:
        self._sql, self._parameters = _compiled(statement)
        columns = statement.selected_columns
        self._row = _row(columns.keys())
        self._converters = _by_place(_read(column.type) for column in columns)

    def rows(self, connection: sqlite3.Connection, **values: object) -> list[Row]:
        """All rows that it finds."""
        given = [values.get(name, own) for name, own in self._parameters]
        return [self._made(row) for row in connection.execute(self._sql, given).fetchall()]

    def row(self, connection: sqlite3.Connection, **values: object) -> Row | None:
        """The row that it finds, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def _made(self, row: tuple[Any, ...]) -> Row:
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place])
        return self._row(*values)


def text_of(statement: Select[Any]) -> tuple[str, list[Any]]:
    """A select that is run once: its text, and the values in it."""
    sql, parameters = _compiled(statement)
    return sql, [own for _, own in parameters]


def _compiled(statement: Select[Any]) -> tuple[str, list[tuple[str, Any]]]:
    """Its text; its parameters, each with the value that the statement itself gives it."""
    compiled: Any = statement.compile(dialect=_DIALECT)
    return str(compiled), [(name, compiled.params[name]) for name in compiled.positiontup]


def _row(names: Iterable[str]) -> Callable[..., Row]:
    """What makes a row of its values, in the sequence of the names."""
    return namedtuple("row", names)  # noqa: PYI024 - the types are known to the columns alone


def _of_rows(sql: str, columns: int, rows: int) -> str:
    """The insert of one row, as one of so many."""
    row = f"({', '.join('?' * columns)})"
    return sql.replace(f"VALUES {row}", f"VALUES {', '.join([row] * rows)}", 1)


def _by_place(converters: Iterable[_Convert | None]) -> tuple[tuple[int, _Convert], ...]:
    return tuple((place, each) for place, each in enumerate(converters) if each is not None)


def _stored(column: TypeEngine[Any]) -> _Convert | None:
    """What makes the driver's value; the types that need no detour of SQLAlchemy's without it."""
    if isinstance(column, ExactDecimal):
        return exact_text
    if isinstance(column, UtcInstant):
        return instant_text
    if isinstance(column, Boolean):
        return None
    return column.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _read(column: TypeEngine[Any]) -> _Convert | None:
    """What makes the value of the driver's."""
    if isinstance(column, ExactDecimal):
        return exact
    if isinstance(column, UtcInstant):
        return instant
    return column.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
