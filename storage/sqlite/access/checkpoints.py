"""Moving the log into the file: the one moment at which the file itself is written."""

import sqlite3
from contextlib import suppress

from ....domain.model.errors import StoreError
from .still_there import StillThere

_COMMITS, _ROWS = 64, 2000


class Checkpoints:
    """Moves the log into the file now and then, and checks the file before it does.

    SQLite would do so by itself, in the middle of a commit. Then nobody could tell whether the file
    was written by that or by another program. A log that a reader still needs is moved later.

    Args:
        still_there: the file.
    """

    def __init__(self, still_there: StillThere) -> None:
        self._still_there = still_there
        self._commits = self._rows = 0

    def after_commit(self, connection: sqlite3.Connection) -> None:
        """Moves the log if it has grown by enough; what fails is tried again after later commits.

        Args:
            connection: the writer's, outside of a transaction.
        """
        self._commits += 1
        if self._commits < _COMMITS and connection.total_changes - self._rows < _ROWS:
            return
        self._commits, self._rows = 0, connection.total_changes
        with suppress(StoreError):  # the next commit says so to whoever wants it
            self._still_there.check()
            self._move(connection)

    def _move(self, connection: sqlite3.Connection) -> None:
        try:
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            self._still_there.written()
