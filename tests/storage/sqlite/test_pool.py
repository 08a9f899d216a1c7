"""The connections that reads share."""

from contextlib import ExitStack
from sqlite3 import Connection, ProgrammingError

import pytest

from trueup.domain.model.errors import StoreError
from trueup.storage.sqlite import SqliteStore
from trueup.storage.sqlite.access.pool import KEPT, ReadPool

from ..samples import watched


def is_open(connection: Connection) -> bool:
    """Whether it can still be used."""
    try:
        connection.execute("SELECT 1")
    except ProgrammingError:
        return False
    return True


def test_a_connection_is_used_again(store: SqliteStore) -> None:
    pool = ReadPool(store.path)
    with pool.snapshot() as first:
        pass
    with pool.snapshot() as second:
        assert second is first
    pool.close()
    assert not is_open(first)


def test_readers_at_once_have_connections_of_their_own(store: SqliteStore) -> None:
    record = watched(store)
    pool = ReadPool(store.path)
    with ExitStack() as readers:
        taken = [readers.enter_context(pool.snapshot()) for _ in range(KEPT + 3)]
        for connection in taken:
            assert connection.execute("SELECT id FROM monitor").fetchall() == [(record.id,)]
    assert sum(map(is_open, taken)) == KEPT
    pool.close()
    assert not any(map(is_open, taken))


def test_a_connection_in_use_is_closed_when_it_is_given_back(store: SqliteStore) -> None:
    pool = ReadPool(store.path)
    with pool.snapshot() as connection:
        pool.close()
        assert is_open(connection)
        with pytest.raises(StoreError, match="was closed"), pool.snapshot():
            pass
    assert not is_open(connection)
