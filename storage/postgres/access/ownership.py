"""One store at a time writes a database: the advisory lock that says so.

It keeps a second engine from being started by mistake. What keeps the rows right, whatever happens
to the lock, is the version in every commit.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

import psycopg

from ....domain.model.errors import StoreLocked
from ...shared.forked import gives_up_in_children, leak
from .address import Address
from .connections import ANSWERED_WITHIN, connected
from .session import Raw

_KEY = "hashtext('trueup'), hashtext(current_schema())"
_OWN = f"SELECT pg_try_advisory_lock({_KEY})"
_GIVE_BACK = f"SELECT pg_advisory_unlock({_KEY})"
_WAIT_TO_SHARE = f"SELECT pg_advisory_lock_shared({_KEY})"
IS_LOCK = """locktype = 'advisory' AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND (classid::bigint, objid::bigint) = (SELECT one & 4294967295, two & 4294967295
       FROM (SELECT hashtext('trueup')::bigint AS one,
                    hashtext(current_schema())::bigint AS two) AS key)"""
"""Of a row of ``pg_locks``: whether it is this lock, which somebody has."""
_OWNER = f"""
SELECT a.application_name, coalesce(host(a.client_addr), 'this machine')
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE {IS_LOCK}"""  # noqa: S608 - our own words
_END_OWNER = f"""
SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE {IS_LOCK} AND l.pid = %s"""  # noqa: S608 - our own words
CHECKED_EVERY_S = 1.0


class Ownership:
    """The right to write a database, held by a connection of its own.

    Args:
        address: of the database.

    Raises:
        StoreLocked: somebody else has it.
        StoreError: the database cannot be reached.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = Lock()
        self._is_forked = False
        self._raw = self._owning()
        self._process = self._raw.info.backend_pid
        self._checked = time.monotonic()
        gives_up_in_children(self)

    def keep(self) -> None:
        """Makes sure of it, once a second: takes it anew where its connection has broken.

        Raises:
            StoreLocked: somebody else has it since: another trueup was started.
            StoreError: the database cannot be reached.
        """
        if time.monotonic() - self._checked < CHECKED_EVERY_S:
            return
        with self._lock:
            try:
                self._raw.execute(b"SELECT 1")
            except psycopg.Error:
                self._raw.close()
                self._raw = self._owning(self._process)
                self._process = self._raw.info.backend_pid
            self._checked = time.monotonic()

    def give_up(self) -> None:
        """In a forked process: the lock stays the parent's."""
        self._is_forked = True
        leak(self._raw)

    def release(self) -> None:
        """Lets another store have the database."""
        if not self._is_forked:
            # The server notices the end of a connection a moment later.
            with suppress(psycopg.Error):
                self._raw.execute(_GIVE_BACK.encode())
            self._raw.close()

    def _owning(self, before: int | None = None) -> Raw:
        """A connection that has the lock.

        Args:
            before: the server's process of the connection that had it; where the server has not
                noticed yet that it is closed, it ends that process.
        """
        raw = connected(self._address, answered_within=ANSWERED_WITHIN)
        row = raw.execute(_OWN.encode()).fetchone()
        if row is not None and row[0]:
            return raw
        ended = raw.execute(_END_OWNER.encode(), (before,)).fetchone()
        if ended is None:
            raise _in_use(self._address, raw)
        raw.close()
        # To be tried again; that of another trueup would be for good.
        raise psycopg.OperationalError("the server has yet to end the connection of before")


def share(raw: Raw, address: Address) -> None:
    """Has a connection share the database: others may, and nobody may own it alone.

    It waits for who owns it for a moment, to find out whether there are others.

    Raises:
        StoreLocked: somebody owns it alone.
    """
    try:
        raw.execute(_WAIT_TO_SHARE.encode())
    except psycopg.errors.LockNotAvailable:
        raise _in_use(address, raw) from None


@contextmanager
def first_of_those_who_share(address: Address) -> Iterator[bool]:
    """A context in which nobody else has the database; or in which others share it already.

    Yields:
        Whether nobody else has it. Whoever comes meanwhile waits.

    Raises:
        StoreLocked: somebody owns it alone.
    """
    raw = connected(address)
    try:
        row = raw.execute(_OWN.encode()).fetchone()
        is_first = bool(row and row[0])
        if not is_first:
            share(raw, address)
        yield is_first
    finally:
        raw.close()


def _in_use(address: Address, raw: Raw) -> StoreLocked:
    """The error of a database that another trueup owns; closes the connection."""
    owner = owner_by(raw)
    raw.close()
    return StoreLocked(
        f"{address.name} is in use by another trueup ({owner or 'unknown'}): stop it first, or "
        "give this one a database of its own; status and history can be read while it runs"
    )


def owner_by(raw: Raw) -> str | None:
    """Who has the database open for writing, as far as the server says; None if nobody has."""
    row = raw.execute(_OWNER.encode()).fetchone()
    if row is None:
        return None
    name = str(row[0]).removeprefix("trueup ")
    return f"{name if name.startswith('worker ') else f'process {name}'} of {row[1]}"
