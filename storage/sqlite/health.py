"""The health of a database, read beside a running engine: no lock, no write."""

import errno
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from ...domain.model.errors import StoreError
from .access.connections import reading_connection, store_errors
from .access.lock import owner_of
from .schema import check

_PROBE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """How a database is.

    Attributes:
        exists: whether there is one; the engine makes it.
        schema: its revision; empty if it could not be read.
        broken: what is wrong with it, with what to do; empty if nothing is.
        unwritable: why this user cannot write the file or its folder; empty where he can.
        free: bytes that are free in the folder; None if that is not known.
        owner: the process that opened it for writing last; None if none did.
        is_owner_running: whether that process runs now.
    """

    exists: bool
    schema: str = ""
    broken: str = ""
    unwritable: str = ""
    free: int | None = None
    owner: int | None = None
    is_owner_running: bool = False


def health_of(path: Path) -> DatabaseHealth:
    """Checks a database: its schema, every page of it, who uses it, and whether it can grow.

    For that a file without a name is written into its folder, and is gone at once.
    """
    why, free = _why_unwritable(path.parent), _free_in(path.parent)
    if not path.is_file() or not path.stat().st_size:
        return DatabaseHealth(exists=False, unwritable=why, free=free)
    if not why and not os.access(path, os.W_OK):
        why = f"{path.name}: {os.strerror(errno.EACCES)}"
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
        unwritable=why,
        free=free,
        owner=owner,
        is_owner_running=owner is not None and _runs(owner),
    )


def _why_unwritable(folder: Path) -> str:
    """Why nothing can be written into the folder: the disk may be full, too."""
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)
    return ""


def _free_in(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


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
