"""Connections for reading, kept open for the next reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection

from ....domain.model.errors import StoreError
from ...shared.forked import gives_up_in_children, leak, refuse
from .connections import reading_connection

KEPT = 8


class ReadPool:
    """Connections to read a database with; threads may share it.

    One is opened when no other is free, and no more than ``KEPT`` are kept for later.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: list[Connection] = []
        self._closed = self._is_forked = False
        gives_up_in_children(self)

    def give_up(self) -> None:
        """In a forked process: no connection is used here, and none is closed."""
        self._is_forked = True
        leak(*self._free)
        self._free.clear()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection in a transaction: what it reads is one moment's state.

        Raises:
            StoreError: the pool is closed, or another process has it.
            sqlite3.Error: the database cannot be opened.
        """
        if self._is_forked:
            raise refuse()
        if self._closed:
            raise StoreError(f"the database {self._path} was closed")
        connection = self._taken()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """Closes what is free now, and the others when they are given back."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _taken(self) -> Connection:
        try:
            return self._free.pop()
        except IndexError:
            return reading_connection(self._path)

    def _give_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except BaseException:
            connection.close()
            raise
        if len(self._free) < KEPT:
            self._free.append(connection)
        else:
            connection.close()
        if self._closed:
            self.close()
