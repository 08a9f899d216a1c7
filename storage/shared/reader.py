"""Reading a database, also while an engine writes it: for status, history and tests."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

from ...domain.fleet import FleetOrder
from ...domain.keys.facts import KeyRecord
from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.errors import StoreError
from ...domain.model.events import UnwatchedPosition
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord
from ...domain.stopping.command import CommandRecord
from ...domain.stopping.control import Control
from ..sql.views.definitions import VIEWS, ViewName
from .cache import KeptIntents
from .commands import read_command
from .connection import Connection
from .controls import read_controls, read_fleet_orders
from .growth import Growth
from .reading import (
    read_intents,
    read_keys,
    read_last_alert,
    read_monitor,
    read_monitors,
    read_pending_alerts,
    read_run_intents,
    read_unwatched,
    read_wakes,
)

Row = dict[str, str | int | None]


class SqlReader(ABC):
    """A database opened for reading: it takes no lock, and each call reads the state of one moment.

    Every method raises :class:`StoreError` if the database cannot be read. Close it, or use it
    as a context manager.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What the database is called in messages: its file, or its address without a password."""

    @abstractmethod
    def close(self) -> None:
        """Closes its connections; reads fail from now on. A second call does nothing."""

    @abstractmethod
    def connection(self) -> AbstractContextManager[Connection]:
        """A connection in a transaction, to read one moment's state by queries of one's own."""

    @abstractmethod
    def size(self) -> int:
        """How large the database is, in bytes."""

    @abstractmethod
    def growth(self, now: datetime) -> Growth:
        """How large the database is, and by how much it grows a day."""

    @abstractmethod
    def watching(self) -> "SqlReader":
        """Another reader of the same database, to ask it for its changes."""

    @abstractmethod
    def changes(self) -> int:
        """A number that is another one after each commit of anybody else.

        It is for a reader that only one thread uses.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        with self.connection() as connection:
            return read_monitor(connection, key)

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """All monitors, by key."""
        with self.connection() as connection:
            return read_monitors(connection)

    def command(self, command_id: str) -> CommandRecord | None:
        """The command of that id, or None."""
        with self.connection() as connection:
            return read_command(connection, command_id)

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        with self.connection() as connection:
            return open_ones(read_intents(connection, monitor_id))

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """All intents of a run that is under way; of one that has ended the open; oldest first."""
        with self.connection() as connection:
            return read_run_intents(connection, run_id)

    def wakes(self, monitor_id: int) -> int:
        """The monitor's count of wakes now.

        Raises:
            StoreError: there is no such monitor.
        """
        with self.connection() as connection:
            count = read_wakes(connection, monitor_id)
        if count is None:
            raise StoreError(f"there is no monitor {monitor_id}")
        return count

    def key_records(self) -> tuple[KeyRecord, ...]:
        """What is on record of the accounts' API keys, by account."""
        with self.connection() as connection:
            return read_keys(connection)

    def unwatched(self) -> tuple[tuple[MonitorKey, UnwatchedPosition], ...]:
        """The positions that no monitor watches, oldest first."""
        with self.connection() as connection:
            return read_unwatched(connection)

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        with self.connection() as connection:
            return read_last_alert(connection, monitor_id)

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, oldest first."""
        with self.connection() as connection:
            return read_controls(connection)

    def fleet_orders(self) -> tuple[FleetOrder, ...]:
        """The orders in force to the processes that share the accounts; none where one has all."""
        with self.connection() as connection:
            return read_fleet_orders(connection)

    def pending_alerts(self, after: int = 0, limit: int = 100) -> tuple[PendingAlert, ...]:
        """Alerts that some sink does not have yet, oldest first, with ids above ``after``."""
        with self.connection() as connection:
            return read_pending_alerts(connection, after, limit)

    def rows(
        self,
        view: ViewName,
        *,
        account: str | None = None,
        symbol: str | None = None,
        side: Side | None = None,
        run_id: str | None = None,
        limit: int | None = None,
    ) -> list[Row]:
        """Rows of a view as people see them: numbers and times are text.

        Args:
            view: which view.
            account: only rows of this account; and so on.
            symbol: only rows of this instrument.
            side: only rows of positions of this side.
            run_id: only rows of this run; for the logs.
            limit: only the last rows, this many.

        Returns:
            The rows in the view's order: status by key, logs oldest first.

        Raises:
            StoreError: there is no such view, or it cannot be read.
        """
        if view not in VIEWS:
            raise StoreError(f"there is no view {view}: there are {', '.join(VIEWS)}")
        asked = {"account": account, "symbol": symbol, "side": side, "run_id": run_id}
        given = {name: str(value) for name, value in asked.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in given) or "TRUE"
        order, within = VIEWS[view].order, VIEWS[view].within
        newest_first = ", ".join(f"{name} DESC" for name in order)
        sql = f"SELECT * FROM {view} WHERE {where} ORDER BY {newest_first}"  # noqa: S608 - all names are ours
        found: list[Row] = []
        with self.connection() as connection:
            cursor = connection.execute(sql, tuple(given.values()))
            names = [described[0] for described in cursor.description]
            rows = (dict(zip(names, row, strict=True)) for row in cursor)
            for _, together in groupby(rows, itemgetter(*order)):
                if limit is not None and len(found) >= limit:
                    break
                found += sorted(together, key=lambda row: _place(row, within), reverse=True)
        return found[:limit][::-1]


def _place(row: Row, names: tuple[str, ...]) -> list[tuple[bool, object]]:
    """Where a row stands among those that are equal in the order of their view."""
    return [(row[name] is None, row[name]) for name in names]


def open_ones(kept: KeptIntents) -> tuple[Intent, ...]:
    """Those of the intents that are not settled."""
    return tuple(intent for _, intent in kept.values() if intent.status.is_open)
