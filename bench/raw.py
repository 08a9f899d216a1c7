"""The store's baselines: the rows of a step, written with sqlite3 alone.

They touch as many rows of each table as the step of :mod:`.steps`, of about the same length and
under the same pragmas; no values are converted, no version is checked and nothing is read back. The
three tables have three columns and one index; :mod:`.ready` uses the store's own tables.
"""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from .steps import LEVELS

Commit = Callable[[], object]
Write = Callable[[sqlite3.Connection, int], object]

_SCHEMA = """
CREATE TABLE monitor (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE intent (number INTEGER PRIMARY KEY, monitor INTEGER, body TEXT NOT NULL);
CREATE INDEX of_monitor ON intent (monitor);
CREATE TABLE journal (number INTEGER PRIMARY KEY, monitor INTEGER, body TEXT NOT NULL);
CREATE INDEX by_monitor ON journal (monitor);
"""
_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -20000",
    "PRAGMA temp_store = MEMORY",
)
_BODY = "9b4e2f3c-7d3e-4d7e-9a59 MIR_TP1_BANDUSDT_1737809937842_7432 0.6528 0.6528 261.2 0 live"
_MONITOR, _INTENT, _JOURNAL = _BODY * 12, _BODY * 3, _BODY * 16
"""About as long as the store's own rows are."""
_PATIENCE_S = 60
_BATCH_CAP = 256


def prepare(path: Path, monitors: int) -> None:
    """Makes the tables, with this many monitors."""
    with closing(_connect(path)) as connection:
        connection.executescript(_SCHEMA)
        rows = [(number, _MONITOR) for number in range(monitors)]
        connection.executemany("INSERT INTO monitor VALUES (?, 0, ?)", rows)


@contextmanager
def own_connection(path: Path, number: int) -> Iterator[Commit]:
    """Gives the commit of a caller with a connection of its own, who shares no fsync."""
    with closing(_connect(path)) as connection:

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            _write(connection, number)
            connection.execute("COMMIT")

        yield commit


class OneWriter:
    """One thread that writes for all callers; those who arrive together share a commit.

    Args:
        path: the database.
        write: writes the rows of the next step of a monitor.
    """

    def __init__(self, path: Path, write: Write | None = None) -> None:
        self._path = path
        self._write = write or _write
        self._queue: SimpleQueue[tuple[int, Future[None]] | None] = SimpleQueue()
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def commit(self, number: int) -> None:
        """Waits until the monitor's rows are on disk."""
        future: Future[None] = Future()
        self._queue.put((number, future))
        future.result(timeout=_PATIENCE_S)

    def close(self) -> None:
        """Ends the thread."""
        self._queue.put(None)
        self._thread.join()

    def _serve(self) -> None:
        with closing(_connect(self._path)) as connection:
            while (item := self._queue.get()) is not None:
                batch = [item]
                with suppress(Empty):
                    while len(batch) < _BATCH_CAP and (more := self._queue.get_nowait()):
                        batch.append(more)
                connection.execute("BEGIN IMMEDIATE")
                for number, _ in batch:
                    self._write(connection, number)
                connection.execute("COMMIT")
                for _, future in batch:
                    future.set_result(None)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_PATIENCE_S, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def _write(connection: sqlite3.Connection, number: int) -> None:
    connection.execute(
        "UPDATE monitor SET version = version + 1, body = ? WHERE id = ?", (_MONITOR, number)
    )
    connection.execute("DELETE FROM intent WHERE monitor = ?", (number,))
    rows = [(number, _INTENT)] * LEVELS
    connection.executemany("INSERT INTO intent (monitor, body) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO journal (monitor, body) VALUES (?, ?)", (number, _JOURNAL))
