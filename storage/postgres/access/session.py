"""A connection that takes the project's SQL."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import psycopg

from ..dialect import statement_of_postgres

Raw: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"
"""A connection as the driver has it."""

_NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_INSERT = re.compile(r"INSERT INTO (\w+) (?!.* (?:ON CONFLICT|RETURNING) )")
_NUMBERS = {"control": "number", "intent": "number"}


class Result:
    """What a statement has found or done; see :class:`...shared.connection.Executed`."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: "psycopg.Cursor[tuple[Any, ...]]") -> None:
        self._cursor = cursor

    @property
    def description(self) -> Any:  # noqa: ANN401 - the driver's own
        """Of each column its name first."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted."""
        row = self._cursor.fetchone()
        return None if row is None else int(row[0])

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None
        """The next row, or None."""
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)


class Session:
    """See :class:`...shared.connection.Connection`.

    Args:
        raw: the driver's connection.
    """

    __slots__ = ("raw",)

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Result:
        """Runs a statement in the project's SQL.

        Raises:
            psycopg.Error: the database refused.
            ValueError: a text has a NUL.
        """
        check_storable(parameters)
        numbered = _INSERT.match(sql)
        if numbered:
            sql = f"{sql} RETURNING {_NUMBERS.get(numbered[1], 'id')}"
        return Result(self.raw.execute(statement_of_postgres(sql).encode(), parameters))


def check_storable(parameters: Sequence[Any] | Mapping[str, Any]) -> None:
    """Refuses a NUL: PostgreSQL has no text with one, and cannot unfold JSON that has it.

    Raises:
        ValueError: a text has a NUL.
    """
    values = parameters.values() if isinstance(parameters, Mapping) else parameters
    for value in values:
        if value.__class__ is str and ("\0" in value or "\\u0000" in value):
            is_json = value[:1] in ("[", "{")
            if "\0" in value or (is_json and _NUL_IN_JSON.search(value)):
                raise ValueError("a text has the character NUL, which PostgreSQL cannot store")
