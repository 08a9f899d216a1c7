"""Both databases, as a client of somebody else sees them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg

from trueup.storage import Connection
from trueup.storage.postgres.access.address import address_of, is_postgres
from trueup.storage.postgres.access.connections import connected
from trueup.storage.postgres.access.session import Session
from trueup.storage.sqlite import database_path

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)
"""What a client gets whose write the database refuses."""


@contextmanager
def client(url: str) -> Iterator[Connection]:
    """A connection that is no store's; what it writes is committed at once."""
    if is_postgres(url):
        with closing(connected(address_of(url))) as raw:
            yield Session(raw)
    else:
        with closing(sqlite3.connect(database_path(url), isolation_level=None)) as connection:
            yield connection
