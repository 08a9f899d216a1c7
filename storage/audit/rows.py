"""Rows of a moment: queries of the views of this trueup, on a database that may have other ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...domain.model.identity import MonitorKey
from ..shared.connection import Connection
from ..shared.reader import SqlReader
from ..sql.views.definitions import VIEWS, ViewName
from .values import LogRow


class Moment:
    """What a database holds at one moment.

    Args:
        connection: in a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, view: ViewName, asked: str, **values: str | int) -> list[LogRow]:
        """The rows of a view.

        The view is that of this trueup, whatever the database calls by its name.

        Args:
            view: which one.
            asked: what follows ``WHERE``, with ``:name`` for each value.
            values: by their names.
        """
        return self.select(f"SELECT * FROM ({VIEWS[view].query}) AS viewed WHERE {asked}", **values)  # noqa: S608 - a view's own words

    def select(self, query: str, **values: str | int) -> list[LogRow]:
        """The rows of a query."""
        cursor = self._connection.execute(query, values)
        names = [described[0] for described in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def each(self, query: str, **values: str | int) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, one after the other, as they are."""
        return iter(self._connection.execute(query, values))


@contextmanager
def moment(reader: SqlReader) -> Iterator[Moment]:
    """What the database holds now.

    Raises:
        StoreError: it cannot be read.
    """
    with reader.connection() as connection:
        yield Moment(connection)


def of(key: MonitorKey) -> dict[str, str]:
    """The values of :data:`OF_MONITOR`."""
    return {"account": key.account, "symbol": key.symbol, "side": key.side.value}


OF_MONITOR = "account = :account AND symbol = :symbol AND side = :side"
