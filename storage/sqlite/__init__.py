"""SQLite: its file, lock, connections and writer thread, and the store on them."""

from .access.connections import DEFAULT_URL, database_path
from .access.lock import FileLock, is_held, owner_of
from .backup import back_up
from .controls import is_settled, record_beside
from .reader import SqliteReader, open_reader
from .store import SqliteStore, open_store

__all__ = [
    "DEFAULT_URL",
    "FileLock",
    "SqliteReader",
    "SqliteStore",
    "back_up",
    "database_path",
    "is_held",
    "is_settled",
    "open_reader",
    "open_store",
    "owner_of",
    "record_beside",
]
