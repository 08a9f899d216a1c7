"""A database by its URL: of SQLite, or of PostgreSQL, which is imported only where it is named."""

from .shared.reader import SqlReader
from .shared.store import SqlStore
from .sqlite.access.connections import DEFAULT_URL
from .sqlite.reader import open_reader as open_sqlite_reader
from .sqlite.store import open_store as open_sqlite_store


def open_store(url: str = DEFAULT_URL) -> SqlStore:
    """Opens a database for writing, the only one to do so; made or upgraded if need be.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: the URL is of neither kind, or the database cannot be used.
    """
    return open_sqlite_store(url)


def open_reader(url: str = DEFAULT_URL) -> SqlReader:
    """Opens a database for reading, whether or not an engine runs on it.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it cannot be read.
    """
    return open_sqlite_reader(url)
