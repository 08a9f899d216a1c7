"""Connections to a SQLite file: who may write, how durable a commit is, what an error says."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from ...domain.errors import StoreError

DEFAULT_URL = "sqlite:///trueup.db"
BUSY_SECONDS = 5.0

_READING = (
    "PRAGMA query_only = ON",
    "PRAGMA cache_size = -4000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)
_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -20000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA foreign_keys = ON",
)
# Rebuilding a table drops it for a moment: the references are checked at the end instead.
_MIGRATING = (*_WRITING[:-1], "PRAGMA foreign_keys = OFF")


def database_path(url: str) -> Path:
    """The file that the URL names, absolute and without links.

    Raises:
        StoreError: the URL is none, or not of a SQLite file, or its folder does not exist.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError(f"the database is named by a URL such as {DEFAULT_URL}") from None
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise StoreError(f"only sqlite URLs are supported, not {parsed.drivername}")
    if not parsed.database or parsed.database == ":memory:" or parsed.query:
        raise StoreError(f"the database must be a file, without options: {DEFAULT_URL}")
    path = Path(parsed.database).resolve()
    if not path.parent.is_dir():
        raise StoreError(f"the folder {path.parent} does not exist: make it first")
    return path


def reading_connection(path: Path) -> sqlite3.Connection:
    """A connection that only reads; a transaction on it is one snapshot of the database."""
    return _connect(path, "ro", _READING)


def writing_connection(path: Path) -> sqlite3.Connection:
    """A connection that writes, as durably as SQLite can."""
    return _connect(path, "rwc", _WRITING)


def migrating_engine(path: Path) -> Engine:
    """Connections that write, with references unchecked while tables are rebuilt.

    A transaction owns the database from its start: the driver by itself begins one only at the
    first write, and what was read before would not belong to it.
    """
    engine = create_engine(
        "sqlite://", creator=lambda: _connect(path, "rwc", _MIGRATING), poolclass=NullPool
    )
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turns what the database raises into one line for people, without the rows concerned.

    Raises:
        StoreError: the database could not do what was asked.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, ValueError, ArithmeticError) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"the database {path} cannot be used: {cause}") from error


def _connect(
    path: Path, mode: Literal["ro", "rwc"], pragmas: tuple[str, ...]
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
