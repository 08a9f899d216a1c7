"""Real databases for histories: SQLite files that cost little to make."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup.storage.sqlite import SqliteStore

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@contextmanager
def empty_databases() -> Iterator[Callable[[], SqliteStore]]:
    """Gives a function that makes empty databases, one after the other, until the block ends.

    All of them use the same file: making a folder for each would take longer than a history.
    """
    with TemporaryDirectory(prefix="trueup-chaos-", dir=_memory_folder()) as folder:

        def empty() -> SqliteStore:
            for left in Path(folder).iterdir():
                left.unlink()
            path = Path(folder) / "trueup.db"
            path.write_bytes(_empty_database())
            return SqliteStore(path)

        yield empty


@cache
def _memory_folder() -> str | None:
    """A folder in memory, if there is one: a crash kills only the process, so no disk is needed."""
    return str(_IN_MEMORY) if os.access(_IN_MEMORY, os.W_OK) else None


@cache
def _empty_database() -> bytes:
    """The file of a new database; creating its tables takes longer than a history."""
    with TemporaryDirectory(prefix="trueup-chaos-") as folder:
        path = Path(folder) / "trueup.db"
        SqliteStore(path).close()
        return path.read_bytes()
