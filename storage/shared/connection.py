"""What a connection offers to those who read and write, whichever database it is of.

The texts are in SQLite's words. ``sqlite3.Connection`` is such a connection; that of PostgreSQL
says the same in its own words (:mod:`trueup.storage.postgres.access.session`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class Executed(Protocol):
    """What a statement has found or done."""

    @property
    def description(self) -> Any:  # noqa: ANN401 - the drivers' own
        """Of each column its name first."""
        ...

    @property
    def rowcount(self) -> int:
        """How many rows were written."""
        ...

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted."""
        ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection in a transaction."""

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Executed:
        """Runs a statement, with ``?`` for each parameter or ``:name`` for each of those named.

        Raises:
            Exception: the driver's own, if the database refuses.
        """
        ...
