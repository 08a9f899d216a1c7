"""The store: the database opened by the one who may write it."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol, TypeVar

import psycopg

from ...domain.stopping.control import Control
from ...domain.store import Step
from ..shared.cache import KeptIntents
from ..shared.connection import Connection
from ..shared.controls import read_controls, write_control
from ..shared.store import Committed, SqlStore
from .access.address import Address, address_of
from .access.connections import ANSWERED_WITHIN
from .access.errors import store_errors, value_errors
from .access.ownership import Ownership
from .access.session import Raw, Session
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


class Owning(Protocol):
    """The right to write a database, or a part of it."""

    def keep(self) -> None:
        """Makes sure of it, before each write.

        Raises:
            StoreError: it is lost, or the database cannot be reached.
        """
        ...

    def release(self) -> None:
        """Lets another store have it."""
        ...


class PostgresStore(SqlStore, PostgresReader):
    """A :class:`trueup.domain.store.Store` on a PostgreSQL database; threads may share it.

    A write returns when the server has it on disk; those that arrive together share a flush there.
    Every method raises :class:`StoreError` if the database fails or the store is closed; nothing
    of that write is kept, unless the server was lost while it committed.

    Args:
        address: of the database, whose tables are there.
        ownership: the right to write it, which the store gives up when it is closed.
    """

    def __init__(self, address: Address, ownership: Owning) -> None:
        self._ownership = ownership
        with ExitStack() as opened:
            opened.callback(ownership.release)
            PostgresReader.__init__(self, address, ANSWERED_WITHIN)
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
                return self._step(raw, step, kept)

    def _step(self, raw: Raw, step: Step, kept: KeptIntents) -> Committed:
        return commit_step(raw, step, kept, self._cache.phrases)

    def _begin(self, raw: Raw) -> None:
        """Begins the transaction of a write."""
        raw.execute(_BEGIN)

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
            try:
                self._begin(raw)
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
    address = address_of(url)
    with ExitStack() as made:
        with store_errors(address.name):
            ownership = Ownership(address)
        made.callback(ownership.release)
        prepare(address)
        store = PostgresStore(address, ownership)
        made.pop_all()
    return store
