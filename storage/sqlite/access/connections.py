"""Connections to a SQLite file: who may write, how durable a commit is, what an error says."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from ....domain.model.errors import StoreError, StoreUnavailable, Unstorable
from .at_rest import is_at_rest

DEFAULT_URL = "sqlite:///trueup.db"
BUSY_SECONDS = 5.0
_PRIMARY = 0xFF
_PASSING = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
)
"""Codes of SQLite that tell of a moment, not of the file; a disk quota is an I/O error to it."""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_DAMAGE = (
    "; it was overwritten by another program, or its disk is damaged: put a backup in its place, "
    "without the files -wal and -shm of this one, and start trueup again"
)

_URL = re.compile(
    r"(?P<dialect>[\w+]+)://(?P<server>[^/?]*)(?:/(?P<file>[^?]*))?(?P<options>\?.*)?"
)
# Up to 3.40 at least, SQLite lets no view unfold JSON in a schema that is not trusted; a connection
# that only reads, and has no functions of its own, has nothing to lose by it.
_READING = (
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -4000",
    "PRAGMA temp_store = MEMORY",
)
_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA cache_size = -20000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
)
# The log is moved into the file by :mod:`.checkpoints`, and by the last one to close the file.
# Rebuilding a table drops it for a moment: the references are checked at the end instead.
_MIGRATING = (*_WRITING[:-1], "PRAGMA foreign_keys = OFF")


def database_path(url: str) -> Path:
    """The file that the URL names, absolute and without links.

    Raises:
        StoreError: the URL is none, or not of a SQLite file, or names a folder, or the file's
            folder does not exist.
    """
    parsed = _URL.fullmatch(url)
    if parsed is None:
        raise StoreError(f"name the database by a URL such as {DEFAULT_URL}")
    if parsed["dialect"].startswith("postgres"):
        raise StoreError("this works on a file of SQLite alone, not on PostgreSQL")
    if parsed["dialect"] not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(f"only sqlite and postgresql URLs are supported, not {parsed['dialect']}")
    if parsed["server"] or parsed["options"] or parsed["file"] in (None, "", ":memory:"):
        raise StoreError(f"the database must be a file, without options: {DEFAULT_URL}")
    path = Path(parsed["file"]).resolve()
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} does not exist: create it first")
    check_no_folder(path)
    return path


def check_no_folder(path: Path) -> None:
    """That the path may be a database's.

    Raises:
        StoreError: it is a folder.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder: name the database's file")


def reading_connection(path: Path) -> sqlite3.Connection:
    """A connection that only reads; a transaction on it is one snapshot of the database.

    Raises:
        StoreError: it is in a folder that may not be written, with a log that cannot be read there.
        sqlite3.Error: it cannot be opened.
    """
    return _connect(path, "ro&immutable=1" if is_at_rest(path) else "ro", _READING)


def writing_connection(path: Path) -> sqlite3.Connection:
    """A connection that writes, as durably as SQLite can."""
    return _connect(path, "rwc", _WRITING)


def migrating_connection(path: Path) -> sqlite3.Connection:
    """A connection that writes, with references unchecked while tables are rebuilt."""
    return _connect(path, "rwc", _MIGRATING)


@contextmanager
def value_errors(path: Path) -> Iterator[None]:
    """Tells a value that the database refuses from a database that cannot be used.

    Raises:
        Unstorable: a number or a text does not fit into its column, or a row contradicts another.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.DataError, ValueError, ArithmeticError) as error:
        raise Unstorable(f"the database {path} refuses a value: {error}") from error


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turns what the database raises into one line for people, without the rows concerned.

    Raises:
        StoreError: the database could not do what was asked.
    """
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, ArithmeticError) as error:
        raise database_failed(path, error) from error


def database_failed(path: Path, cause: BaseException) -> StoreError:
    """The error of a database that could not do what was asked, and why."""
    code = getattr(cause, "sqlite_errorcode", None)
    primary = None if code is None else code & _PRIMARY
    kind = StoreUnavailable if primary in _PASSING else StoreError
    hint = _DAMAGE if primary in _DAMAGED else ""
    return kind(f"the database {path} cannot be used: {cause}{hint}")


def _connect(
    path: Path, mode: Literal["ro", "ro&immutable=1", "rwc"], pragmas: tuple[str, ...]
) -> sqlite3.Connection:
    """A connection whose transactions begin when they are begun."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in pragmas:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection
