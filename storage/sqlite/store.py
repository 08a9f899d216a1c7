"""The store: the database opened by its one writer."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from ...domain.stopping.control import Control
from ..shared.connection import Connection
from ..shared.store import SqlStore
from .access.checkpoints import Checkpoints
from .access.connections import (
    DEFAULT_URL,
    database_path,
    store_errors,
    value_errors,
    writing_connection,
)
from .access.lock import FileLock
from .access.still_there import StillThere
from .access.writer import Writer
from .controls import CurrentControls
from .reader import SqliteReader
from .schema import prepare

T = TypeVar("T")


class SqliteStore(SqlStore, SqliteReader):
    """A :class:`trueup.domain.store.Store` on a SQLite file; threads may share it.

    A write returns when it is on disk. Every method raises :class:`StoreError` if the database
    fails or the store is closed; nothing of that write is kept.

    Args:
        path: the database's file; made if there is none, brought to this trueup's schema.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: it cannot be opened for writing.
    """

    def __init__(self, path: Path) -> None:
        with ExitStack() as opened, store_errors(path):
            lock = FileLock(path)
            opened.callback(lock.release)
            prepare(path)
            self._writer = _writer_of(path, lock)
            opened.callback(self._writer.close)
            SqliteReader.__init__(self, path)
            opened.callback(SqliteReader.close, self)
            self._controls = CurrentControls(path)
            opened.callback(self._controls.close)
            SqlStore.__init__(self)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Finishes pending writes and releases the file; a second call does nothing."""
        with store_errors(self.path):
            self._opened.close()

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, as of now."""
        return self._controls.read()

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._timed(), store_errors(self.path), value_errors(self.path):
            return self._writer.run(work)


def _writer_of(path: Path, lock: FileLock) -> Writer:
    """The writer of a database that is ready for it; before each commit it makes sure of both."""
    connection, still_there = writing_connection(path), StillThere(path)

    def check() -> None:
        lock.keep()
        still_there.check()

    return Writer(connection, check, Checkpoints(still_there).after_commit)


def open_store(url: str = DEFAULT_URL) -> SqliteStore:
    """Opens a database for writing, the only one to do so; made or upgraded if need be.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: the URL is not of a SQLite file, or the file cannot be used.
    """
    return SqliteStore(database_path(url))
