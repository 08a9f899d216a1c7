"""Reading a PostgreSQL database, also while an engine writes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from ..shared.connection import Connection
from ..shared.growth import Growth, growth_of
from ..shared.reader import SqlReader
from .access.address import Address, address_of
from .access.connections import Connections
from .access.errors import store_errors
from .access.session import Session
from .schema import check

_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind = 'r'"""
_CHANGES = """
SELECT pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                            ELSE pg_current_wal_insert_lsn() END, '0/0')"""


class PostgresReader(SqlReader):
    """A PostgreSQL database opened for reading.

    Args:
        address: of a database that a store made before.
        answered_within: how long the server may be silent in a statement before that is an error;
            None for as long as it takes.
    """

    def __init__(self, address: Address, answered_within: timedelta | None = None) -> None:
        self._connections = Connections(address, answered_within)

    @property
    def name(self) -> str:
        """The server and the database, without a password."""
        return self._connections.address.name

    def close(self) -> None:
        """Closes its connections; reads fail from now on. A second call does nothing."""
        self._connections.close()

    def size(self) -> int:
        """How large the tables are, with their indexes, in bytes."""
        with self.connection() as connection:
            return int(connection.execute(_SIZE).fetchone()[0])

    def growth(self, now: datetime) -> Growth:
        """How large the database is, and by how much it grows a day."""
        with self.connection() as connection:
            size = int(connection.execute(_SIZE).fetchone()[0])
            return growth_of(connection, size, size, now)

    def watching(self) -> SqlReader:
        """Another reader of the same database."""
        return PostgresReader(self._connections.address)

    def changes(self) -> int:
        """How far the server's log has come: every commit adds to it, of other databases, too."""
        with self.connection() as connection:
            return int(connection.execute(_CHANGES).fetchone()[0])

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in a transaction, to read one moment's state by queries of one's own."""
        with store_errors(self.name), self._connections.snapshot() as raw:
            yield Session(raw)


def open_reader(url: str) -> PostgresReader:
    """Opens a database for reading, whether or not an engine runs on it.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it cannot be read.
    """
    address = address_of(url)
    check(address)
    return PostgresReader(address)
