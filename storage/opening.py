"""A database by its URL: of SQLite, or of PostgreSQL, which is imported only where it is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..domain.leases import LeaseSettings
from ..domain.model.errors import ConfigurationError, StoreError
from ..domain.ports import Clock
from .postgres.access.address import is_postgres
from .shared.reader import SqlReader
from .shared.store import SqlStore
from .sqlite.access.connections import DEFAULT_URL
from .sqlite.reader import open_reader as open_sqlite_reader
from .sqlite.store import open_store as open_sqlite_store

if TYPE_CHECKING:
    from .postgres.leases.keeper import Lease, Leases


def open_store(url: str = DEFAULT_URL) -> SqlStore:
    """Opens a database for writing, the only one to do so; made or upgraded if need be.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: the URL is of neither kind, or the database cannot be used.
    """
    if is_postgres(url):
        with installed():
            from .postgres.store import open_store as open_postgres_store  # noqa: PLC0415 - an extra
        return open_postgres_store(url)
    return open_sqlite_store(url)


def open_reader(url: str = DEFAULT_URL) -> SqlReader:
    """Opens a database for reading, whether or not an engine runs on it.

    Raises:
        SchemaMismatch: another trueup wrote it.
        StoreError: there is none, or it cannot be read.
    """
    if is_postgres(url):
        with installed():
            from .postgres.reader import open_reader as open_postgres_reader  # noqa: PLC0415 - the same
        return open_postgres_reader(url)
    return open_sqlite_reader(url)


def open_leases(url: str, owner: str, clock: Clock, settings: LeaseSettings) -> "Leases":
    """The leases of a process that shares a database with others; none yet.

    Raises:
        ConfigurationError: it is a file, which one engine has for itself.
        StoreLocked: one engine has the database for itself.
        SchemaMismatch: another trueup wrote it.
        StoreError: it cannot be used.
    """
    if not is_postgres(url):
        raise ConfigurationError("processes share a database on PostgreSQL alone, not a file")
    with installed():
        from .postgres.leases import opening  # noqa: PLC0415 - an extra
    return opening.open_leases(url, owner, clock, settings)


def open_shard(url: str, lease: "Lease") -> SqlStore:
    """The store of one shard of a database that processes share."""
    with installed():
        from .postgres.leases import opening  # noqa: PLC0415 - the same
    return opening.open_shard(url, lease)


@contextmanager
def installed() -> Iterator[None]:
    """Says what to install where the driver of PostgreSQL is missing.

    Raises:
        StoreError: it is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "psycopg":
            raise
        raise StoreError(
            "a database on PostgreSQL needs its driver: install trueup[postgres]"
        ) from error
