"""The health of a database, read beside a running engine: no lock, no write."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ...domain.model.errors import StoreError
from .access.connections import reading_connection, store_errors
from .access.lock import owner_of
from .schema import check


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """How a database is.

    Attributes:
        exists: whether there is one; the engine makes it.
        schema: its revision; empty if it could not be read.
        broken: what is wrong with it, with what to do; empty if nothing is.
        is_writable: whether this user may write the file and its folder.
        owner: the process that opened it for writing last; None if none did.
        is_owner_running: whether that process runs now.
    """

    exists: bool
    schema: str = ""
    broken: str = ""
    is_writable: bool = True
    owner: int | None = None
    is_owner_running: bool = False


def health_of(path: Path) -> DatabaseHealth:
    """Checks a database: its schema, every page of it, and who uses it."""
    folder = os.access(path.parent, os.W_OK | os.X_OK)
    if not path.is_file() or not path.stat().st_size:
        return DatabaseHealth(exists=False, is_writable=folder)
    schema, broken = "", ""
    try:
        check(path)
        with store_errors(path), closing(reading_connection(path)) as connection:
            schema, broken = _read(connection)
    except StoreError as error:
        broken = error.message
    owner = owner_of(path)
    return DatabaseHealth(
        exists=True,
        schema=schema,
        broken=broken,
        is_writable=folder and os.access(path, os.W_OK),
        owner=owner,
        is_owner_running=owner is not None and _runs(owner),
    )


def _read(connection: sqlite3.Connection) -> tuple[str, str]:
    (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found == "ok":
        return str(schema), ""
    return str(schema), f"it is damaged ({found}): stop the engine and restore a copy"


def _runs(process: int) -> bool:
    """Whether a process of that id runs, of whichever user."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
