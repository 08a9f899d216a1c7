"""The database: tables, migrations, views for people, and the store that writes them."""

from .reader import Row, SqliteReader, open_reader
from .store import SqliteStore, open_store
from .views import ViewName

__all__ = ["Row", "SqliteReader", "SqliteStore", "ViewName", "open_reader", "open_store"]
