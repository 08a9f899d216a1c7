"""Reading a SQLite file, also while an engine writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

from ..shared.growth import Growth, growth_of
from ..shared.reader import SqlReader
from .access.connections import DEFAULT_URL, database_path, store_errors
from .access.pool import ReadPool
from .schema import check

_PAGES = """
SELECT (page_count - freelist_count) * page_size
FROM pragma_page_count, pragma_freelist_count, pragma_page_size"""


class SqliteReader(SqlReader):
    """A SQLite file opened for reading.

    Args:
        path: the database's file, made by a store before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pool = ReadPool(path)

    @property
    def name(self) -> str:
        """The file."""
        return str(self.path)

    def close(self) -> None:
        """Closes its connections; reads fail from now on. A second call does nothing."""
        self._pool.close()

    def size(self) -> int:
        """How large the file and its log are, in bytes."""
        files = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        with store_errors(self.path):
            return sum(file.stat().st_size for file in files if file.exists())

    def growth(self, now: datetime) -> Growth:
        """How large the database is, and by how much it grows a day."""
        with self.connection() as connection:
            (used,) = connection.execute(_PAGES).fetchone()
            return growth_of(connection, self.size(), used, now)

    def watching(self) -> SqlReader:
        """Another reader of the same file."""
        return SqliteReader(self.path)

    def changes(self) -> int:
        """SQLite's count of the commits of others, which each connection has for itself."""
        with self.connection() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in a transaction, to read one moment's state by queries of one's own."""
        with store_errors(self.path), self._pool.snapshot() as connection:
            yield connection


def open_reader(url: str = DEFAULT_URL) -> SqliteReader:
    """Opens a database for reading, whether or not an engine runs on it.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it cannot be read.
    """
    path = database_path(url)
    check(path)
    return SqliteReader(path)
