"""The store: the database opened by the one who may write it."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import TypeVar

import psycopg

from ...domain.stopping.control import Control
from ...domain.store import Step
from ..shared.cache import KeptIntents
from ..shared.connection import Connection
from ..shared.controls import read_controls, write_control
from ..shared.store import Committed, SqlStore
from .access.address import Address, address_of
from .access.errors import store_errors, value_errors
from .access.ownership import Ownership
from .access.session import Session
from .reader import PostgresReader
from .schema import prepare
from .stepping import commit_step

T = TypeVar("T")

LOCK_CONTROLS = b"LOCK TABLE control IN SHARE ROW EXCLUSIVE MODE"
"""Whoever writes a control reads those before: nobody adds one in between."""
_BEGIN = b"BEGIN ISOLATION LEVEL REPEATABLE READ"
_TRIES = 20
_AGAIN = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.UniqueViolation,
)
"""Somebody else has written meanwhile what this was decided on: it is decided anew."""


class PostgresStore(SqlStore, PostgresReader):
    """A :class:`trueup.domain.store.Store` on a PostgreSQL database; threads may share it.

    A write returns when the server has it on disk; those that arrive together share a flush there.
    Every method raises :class:`StoreError` if the database fails or the store is closed; nothing
    of that write is kept, unless the server was lost while it committed.

    Args:
        address: of the database; its tables are made if there are none.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: it cannot be reached or written.
    """

    def __init__(self, address: Address) -> None:
        with ExitStack() as opened:
            with store_errors(address.name):
                self._ownership = Ownership(address)
            opened.callback(self._ownership.release)
            prepare(address)
            PostgresReader.__init__(self, address)
            opened.callback(PostgresReader.close, self)
            SqlStore.__init__(self)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Closes its connections and lets another have the database; a second call does nothing."""
        self._opened.close()

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, as of now."""
        with store_errors(self.name), self._connections.lent() as raw:
            return read_controls(Session(raw))

    def control(self, asked: Control) -> Control:
        """Puts a pause, halt or resume on record; returns it with its number.

        Raises:
            ConfigurationError: it is a resume, and more than it names is stopped.
            StoreError: the database cannot be written.
        """

        def write(connection: Connection) -> Control:
            connection.execute(LOCK_CONTROLS.decode())
            return write_control(connection, asked)

        return self._write(write)

    def _commit(self, step: Step, kept: KeptIntents) -> Committed:
        with self._timed(), store_errors(self.name), value_errors(self.name):
            self._ownership.keep()
            with self._connections.lent() as raw:
                return commit_step(raw, step, kept, self._cache.phrases)

    def _write(self, work: Callable[[Connection], T]) -> T:
        with self._timed(), store_errors(self.name), value_errors(self.name):
            self._ownership.keep()
            for _ in range(_TRIES - 1):
                try:
                    return self._once(work)
                except _AGAIN:
                    continue
            return self._once(work)

    def _once(self, work: Callable[[Connection], T]) -> T:
        with self._connections.lent() as raw:
            raw.execute(_BEGIN)
            try:
                done = work(Session(raw))
            except BaseException:
                if not raw.closed:
                    raw.rollback()
                raise
            raw.commit()
            return done


def open_store(url: str) -> PostgresStore:
    """Opens a database for writing, the only one to do so; made or upgraded if need be.

    Raises:
        StoreLocked: another store has it open.
        SchemaMismatch: a newer trueup wrote it.
        StoreError: the URL is of no PostgreSQL database, or it cannot be used.
    """
    return PostgresStore(address_of(url))
