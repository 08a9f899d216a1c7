"""The controls of a SQLite file: read at the cost of a PRAGMA, and written beside the engine."""

from contextlib import closing
from pathlib import Path
from threading import Lock

from ...domain.stopping.control import Control
from ..shared.controls import read_control, read_controls, write_control
from ..shared.forked import gives_up_in_children, leak, refuse
from .access.connections import reading_connection, store_errors, value_errors, writing_connection
from .access.lock import is_held
from .schema import check

_CHANGED = "PRAGMA data_version"


class CurrentControls:
    """The controls that count now, on a connection of its own: one PRAGMA where nothing changed.

    SQLite's ``data_version`` differs after every commit of another connection, of whichever
    process. Threads may share it.

    Args:
        path: the database's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._connection = reading_connection(path)
        self._version: int | None = None
        self._controls: tuple[Control, ...] = ()
        self._is_forked = False
        gives_up_in_children(self)

    def give_up(self) -> None:
        """In a forked process: the connection is not used here, and not closed."""
        self._is_forked = True
        leak(self._connection)

    def read(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, oldest first.

        Raises:
            StoreError: the database cannot be read, or another process has it open.
        """
        if self._is_forked:
            raise refuse()
        with self._lock, store_errors(self._path):
            (version,) = self._connection.execute(_CHANGED).fetchone()
            if version != self._version:
                self._controls = read_controls(self._connection)
                self._version = version
            return self._controls

    def close(self) -> None:
        """Closes the connection."""
        if self._is_forked:
            return
        with self._lock:
            self._connection.close()


def record_beside(path: Path, asked: Control) -> Control:
    """Puts a control on record from a process beside the engine, if there is one; durably.

    Raises:
        ConfigurationError: it is a resume, and more than it names is stopped.
        SchemaMismatch: another trueup wrote the database.
        StoreError: the database cannot be written.
    """
    check(path)
    with (
        store_errors(path),
        value_errors(path),
        closing(writing_connection(path)) as connection,
        connection,
    ):
        connection.execute("BEGIN IMMEDIATE")
        return write_control(connection, asked)


def is_settled(path: Path, number: int) -> bool:
    """Whether the engine has acknowledged a control, or none runs that could.

    Raises:
        StoreError: the database cannot be read.
    """
    with store_errors(path):
        if not is_held(path):
            return True
        with closing(reading_connection(path)) as connection:
            control = read_control(connection, number)
    return control is None or control.acknowledged_at is not None
