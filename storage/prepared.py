"""Statements compiled once: of what SQLAlchemy does for a write, four fifths is done here."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import UpdateBase

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
        self._parameters: list[tuple[str, _Convert]] = [
            (
                name,
                compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT) or _same,
            )
            for name in compiled.positiontup
        ]

    def run(self, connection: Connection, *rows: Mapping[str, Any]) -> int:
        """Runs it for each of the rows; gives the number of database rows touched.

        Raises:
            sqlite3.Error: the database refused.
            ValueError: a value cannot be stored.
        """
        values = [[convert(row[name]) for name, convert in self._parameters] for row in rows]
        return int(_cursor(connection).executemany(self.sql, values).rowcount)


def _same(value: Any) -> Any:  # noqa: ANN401 - it is whatever the driver takes
    return value


def _cursor(connection: Connection) -> Any:  # noqa: ANN401 - SQLAlchemy does not type it
    return connection.connection.cursor()
