"""Rows of a query, by the names of its columns."""

from collections.abc import Mapping

from ....storage import Connection, Row


def rows_of(
    connection: Connection, sql: str, parameters: Mapping[str, str | int] | None = None
) -> list[Row]:
    """The rows of a query.

    Raises:
        sqlite3.Error: it cannot be read.
    """
    cursor = connection.execute(sql, parameters or {})
    names = [described[0] for described in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
