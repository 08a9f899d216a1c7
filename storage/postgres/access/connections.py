"""Connections: opened as the store needs them, and kept for the next one who asks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil

import psycopg

from ....domain.model.errors import StoreError
from ...shared.forked import gives_up_in_children, leak, refuse
from .address import Address
from .errors import store_errors
from .patient import PatientConnection
from .session import Raw

KEPT = 8
_PREPARED = 512
"""A step has a text for each number of its intents: so many stay prepared."""
_SETTINGS = (
    "SET synchronous_commit = on; SET TimeZone = 'UTC'; SET client_min_messages = warning; "
    "SET DateStyle = ISO; SET lock_timeout = '5s'"
)
_SILENT_S = 5
_PATIENCE = timedelta(seconds=10)
"""After how long a server that nothing reaches any more is an error.

Else a commit would wait, in silence, for as long as the system repeats packets: a quarter of an
hour.
"""
ANSWERED_WITHIN = timedelta(seconds=30)
"""After how long a server that is reached and does not answer a write is an error."""
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def connected(
    address: Address,
    patience: timedelta = _PATIENCE,
    answered_within: timedelta | None = None,
) -> Raw:
    """A connection on which a statement by itself is a transaction.

    Args:
        address: of the database.
        patience: how long nothing may reach the server before that is an error.
        answered_within: how long the server may be silent in a statement before that is an error;
            None for as long as it takes.

    Raises:
        StoreError: there is no such database, or it cannot be reached.
    """
    with store_errors(address.name):
        try:
            raw = PatientConnection.connect(
                address.url,
                autocommit=True,
                connect_timeout=min(5, ceil(patience.total_seconds())),
                keepalives_idle=_SILENT_S,
                keepalives_interval=_SILENT_S,
                tcp_user_timeout=patience // timedelta(milliseconds=1),
                application_name=f"trueup {os.getpid()}",
            )
        except psycopg.ProgrammingError:
            # What the driver says of a URL that it cannot read may have the password in it.
            raise StoreError(f"the URL of {address.name} has options of no connection") from None
        raw.prepared_max, raw.patience = _PREPARED, answered_within
        try:
            raw.execute(_SETTINGS.encode(), prepare=False)
        except BaseException:
            raw.close()
            raise
    return raw


class Connections:
    """Connections to one database; threads may share it.

    One is opened when no other is free, and no more than ``KEPT`` are kept for later. Once one is
    broken, none that was free meanwhile is used again: the server has most likely gone.

    Args:
        address: of the database.
        answered_within: see :func:`connected`.

    Attributes:
        opened: how many were opened so far.
    """

    def __init__(self, address: Address, answered_within: timedelta | None = None) -> None:
        self.address = address
        self._answered_within = answered_within
        self.opened = 0
        self._free: list[Raw] = []
        self._closed = self._is_forked = False
        gives_up_in_children(self)

    def give_up(self) -> None:
        """In a forked process: no connection is used here, and none is closed."""
        self._is_forked = True
        leak(*self._free)
        self._free.clear()

    @contextmanager
    def lent(self) -> Iterator[Raw]:
        """A connection for one caller.

        Raises:
            StoreError: the store is closed, another process has it, or none can be opened.
        """
        if self._is_forked:
            raise refuse()
        if self._closed:
            raise StoreError(f"the database {self.address.name} was closed")
        raw = self._unused()
        try:
            yield raw
        finally:
            self._give_back(raw)

    @contextmanager
    def snapshot(self) -> Iterator[Raw]:
        """A connection in a transaction: what it reads is one moment's state."""
        with self.lent() as raw:
            raw.execute(_SNAPSHOT.encode())
            try:
                yield raw
            finally:
                if not raw.closed:
                    raw.rollback()

    def close(self) -> None:
        """Closes what is free now, and the others when they are given back."""
        self._closed = True
        if not self._is_forked:
            self._drop()

    def _unused(self) -> Raw:
        try:
            return self._free.pop()
        except IndexError:
            self.opened += 1
            return connected(self.address, answered_within=self._answered_within)

    def _give_back(self, raw: Raw) -> None:
        if raw.closed:
            self._drop()
        elif len(self._free) < KEPT and not self._closed:
            self._free.append(raw)
        else:
            raw.close()

    def _drop(self) -> None:
        while self._free:
            self._free.pop().close()
