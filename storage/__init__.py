"""The database: tables, migrations, views for people, and the store that writes them."""

from .sql.views.definitions import ViewName
from .sqlite import Row, SqliteReader, SqliteStore, open_reader, open_store

__all__ = ["Row", "SqliteReader", "SqliteStore", "ViewName", "open_reader", "open_store"]
