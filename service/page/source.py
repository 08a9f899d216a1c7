"""Where the page reads: a database by itself, or the one of the engine that runs in the process."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import Protocol

from ...adapters.bybit.limits.values import Limit
from ...domain.model.errors import StoreError
from ...storage import SqlReader, open_reader
from ...storage.beside import is_held
from ..running import NotRunning, RunningEngine


class Source(Protocol):
    """Gives a reader for one answer."""

    def reading(self) -> AbstractContextManager[SqlReader]:
        """A reader, until the context ends.

        Raises:
            TrueupError: there is none at this moment.
        """
        ...

    def limits(self) -> Mapping[str, Sequence[Limit]] | None:
        """How much of its rate limits each account uses now; None where no engine counts that."""
        ...

    def is_held(self) -> bool:
        """Whether a process has the database open for writing, as an engine that runs has."""
        ...


class Database:
    """A database, whether or not an engine runs on it. Close it.

    Args:
        url: the database's.

    Raises:
        StoreError: there is none, or it cannot be read.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._reader = open_reader(url)

    @contextmanager
    def reading(self) -> Iterator[SqlReader]:
        """The reader."""
        yield self._reader

    def limits(self) -> None:
        """None: a database knows nothing of that."""

    def is_held(self) -> bool:
        """Whether a process has it; True where nobody can say, as on another user's file."""
        try:
            return is_held(self._url)
        except (OSError, StoreError):
            return True

    def close(self) -> None:
        """Closes its connections."""
        self._reader.close()


class OfEngine:
    """The database of the engine that runs, which a reload may change.

    Args:
        running: what runs.
    """

    def __init__(self, running: RunningEngine) -> None:
        self._running = running

    @contextmanager
    def reading(self) -> Iterator[SqlReader]:
        """The store of the engine, to read it.

        Raises:
            NotRunning: none runs at this moment.
        """
        yield self._running.reconciler.store

    def limits(self) -> Mapping[str, Sequence[Limit]] | None:
        """Those of the engine that runs; None while none does."""
        try:
            return self._running.reconciler.limits
        except NotRunning:
            return None

    def is_held(self) -> bool:
        """The engine of this process has it."""
        return True


class Watch:
    """Tells whether anything was committed to the database since it was last asked.

    SQLite counts commits of others for each connection, so it asks on one of its own, which it
    keeps.

    Args:
        source: whose database.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lock = Lock()
        self._own: SqlReader | None = None

    def version(self) -> int:
        """A number that is another one after each commit.

        Raises:
            TrueupError: the database cannot be read at this moment.
        """
        with self._lock:
            with self._source.reading() as reader:
                if self._own is None or self._own.name != reader.name:
                    self.close()
                    self._own = reader.watching()
            return self._own.changes()

    def close(self) -> None:
        """Closes its connection."""
        own, self._own = self._own, None
        if own is not None:
            own.close()
