"""A copy of a database that is of one moment, made while an engine writes it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from ...domain.model.errors import ConfigurationError, StoreError
from .access.connections import reading_connection, store_errors
from .schema import check


def back_up(path: Path, target: Path) -> None:
    """Copies the database to a file of its own, which is whole or not there.

    Args:
        path: the database's file; an engine may run on it.
        target: the copy's file; there must be none yet.

    Raises:
        ConfigurationError: there is such a file, or no such folder; nothing was changed.
        SchemaMismatch: another trueup wrote the database.
        StoreError: the database cannot be read, is damaged, or the copy cannot be written.
    """
    _check_free(target)
    check(path)
    unfinished = target.with_name(f"{target.name}.part")
    with store_errors(path):
        unfinished.unlink(missing_ok=True)
        try:
            _copy(path, unfinished)
            _publish(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)


def _check_free(target: Path) -> None:
    if not target.parent.is_dir():
        raise ConfigurationError(f"there is no folder {target.parent}: make it first")
    if target.exists() or target.is_symlink():
        raise ConfigurationError(
            f"{target} is there already, and a copy overwrites nothing, as it may be the only good "
            "one: give each copy a name of its own, such as trueup-2026-01-31.db, or remove it"
        )


def _copy(path: Path, unfinished: Path) -> None:
    with closing(reading_connection(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
        # One file, which can be read wherever it is put; an engine that opens it sets its own mode.
        copy.execute("PRAGMA journal_mode = DELETE")
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise StoreError(f"the database {path} is damaged, and so is a copy of it: {found}")
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())


def _publish(unfinished: Path, target: Path) -> None:
    """Gives the copy its name, unless somebody else has taken that meanwhile."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise ConfigurationError(f"{target} is there already: name a file that is not") from None
    except OSError:  # a file system without links
        unfinished.rename(target)
