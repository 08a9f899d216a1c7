"""Pruning a SQLite file beside an engine, or without one."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection

from ....domain.keeping.retention import Retention
from ...shared.old_rows import TABLES
from ...shared.pruning import Pruner, remove
from ..access.connections import reading_connection, store_errors, writing_connection
from ..schema import check

_REST = 4
"""Beside an engine, pruning pauses for so many times as long as it has written."""


def prune_beside(
    path: Path, retention: Retention, now: datetime, *, is_trial: bool = False
) -> dict[str, int]:
    """Prunes a database, whether or not an engine runs on it; returns how many rows of each table.

    Between two transactions it pauses, so that an engine's runs need not wait.

    Args:
        path: the database's file.
        retention: what is kept.
        now: the time.
        is_trial: whether to count only what would go.

    Raises:
        SchemaMismatch: another trueup wrote the database.
        StoreError: the database cannot be read or written.
    """
    check(path)
    pruned = dict.fromkeys(TABLES, 0)
    with store_errors(path), closing(_connection(path, is_trial=is_trial)) as connection:
        pruner = Pruner(retention, lambda: _transaction(connection, "BEGIN"))
        while (batch := pruner.next_batch(now)) is not None:
            if is_trial:
                pruned[batch.table] += batch.rows
                continue
            began = time.monotonic()
            with _transaction(connection, "BEGIN IMMEDIATE"):
                pruned[batch.table] += remove(connection, batch, now)
            time.sleep((time.monotonic() - began) * _REST)
    return pruned


def _connection(path: Path, *, is_trial: bool) -> Connection:
    return reading_connection(path) if is_trial else writing_connection(path)


@contextmanager
def _transaction(connection: Connection, begin: str) -> Iterator[Connection]:
    with connection:
        connection.execute(begin)
        yield connection
