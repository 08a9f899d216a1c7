"""The database: tables, migrations, views for people, and the stores that write them."""

from .opening import open_leases, open_reader, open_shard, open_store
from .shared.connection import Connection
from .shared.reader import Row, SqlReader
from .shared.store import SqlStore
from .sql.views.definitions import ViewName

__all__ = [
    "Connection",
    "Row",
    "SqlReader",
    "SqlStore",
    "ViewName",
    "open_leases",
    "open_reader",
    "open_shard",
    "open_store",
]
