"""Statements compiled once: of what SQLAlchemy does for a write, four fifths is done here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from .columns import ExactDecimal, UtcInstant, exact_text, instant_text

_DIALECT = sqlite.dialect(paramstyle="qmark")

_Convert = Callable[[Any], Any]


class Prepared:
    """An insert, update or delete that is run often.

    It runs on the driver's own connection, inside the transaction that is open on it, with the
    values converted as their columns ask.

    Args:
        statement: the statement.
        columns: the columns that an insert or update sets, where the statement doesn't say.
    """

    def __init__(self, statement: UpdateBase, columns: Iterable[str] | None = None) -> None:
        names = None if columns is None else list(columns)
        compiled: Any = statement.compile(dialect=_DIALECT, column_keys=names)
        self.sql = str(compiled)
        self._names: tuple[str, ...] = tuple(compiled.positiontup)
        converters = ((name, _converter(compiled.binds[name].type)) for name in self._names)
        # A name may stand for two places: converted once, it is the same value in both.
        self._converters = {name: each for name, each in converters if each is not None}

    def run(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Runs it for each of the rows; gives the number of database rows touched.

        Raises:
            sqlite3.Error: the database refused.
            ValueError: a value cannot be stored.
        """
        values = [self._values(row) for row in rows]
        return int(_cursor(connection).executemany(self.sql, values).rowcount)

    def _values(self, row: Mapping[str, Any]) -> list[Any]:
        converted = {name: convert(row[name]) for name, convert in self._converters.items()}
        return [converted[name] if name in converted else row[name] for name in self._names]


def _converter(column: TypeEngine[Any]) -> _Convert | None:
    """What makes the driver's value; the types of our own without SQLAlchemy's detour."""
    if isinstance(column, ExactDecimal):
        return exact_text
    if isinstance(column, UtcInstant):
        return instant_text
    return column.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - SQLAlchemy does not type it
    return connection.connection.cursor()
