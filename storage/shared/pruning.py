"""Pruning: some old rows at a time, each time in a small transaction with its own record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby

from ...domain.keeping.retention import OldRow, Retention, prunable
from ..sql.columns import instant_text
from ..sql.guards import GUARDS
from .connection import Connection
from .old_rows import TABLES, newest_number, oldest

MOST = 100
"""So many rows are removed in one transaction, which keeps other writers waiting."""
_READ_AT_ONCE = 500
_INSERT = (
    "INSERT INTO pruning (pruned_at, from_table, first_id, last_id, row_count, newest_at) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_START = 0, datetime(1970, 1, 1, tzinfo=UTC)
_Snapshot = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a table that may go, as ranges of ids that hold no others."""

    table: str
    ranges: tuple[tuple[OldRow, ...], ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(map(len, self.ranges))


@dataclass(slots=True)
class Pruner:
    """Goes through the tables, from their oldest rows to the first that are kept by age.

    Args:
        retention: what is kept.
        snapshot: a connection to read with.

    Attributes:
        after: of each table the last row that was read, and its time; None once it is through.
    """

    retention: Retention
    snapshot: _Snapshot
    after: dict[str, tuple[int, datetime] | None] = field(
        default_factory=lambda: dict.fromkeys(TABLES, _START)
    )

    def next_batch(self, now: datetime) -> Batch | None:
        """The next rows that may go; None once all tables were gone through, from the start again.

        Raises:
            sqlite3.Error: the database cannot be read.
        """
        for table in TABLES:
            while (after := self.after[table]) is not None:
                batch = self._read(table, *after, now)
                if batch.ranges:
                    return batch
        self.after = dict.fromkeys(TABLES, _START)
        return None

    def _read(self, table: str, number: int, at: datetime, now: datetime) -> Batch:
        """Reads some rows of a table, and notes how far it has come."""
        keep = getattr(self.retention, table)
        with self.snapshot() as connection:
            rows = oldest(connection, table, number, _READ_AT_ONCE, at)
            newest = newest_number(connection, table)
        due = {row.number for row in rows if keep.is_due(row, now, newest)}
        going = set(prunable(rows, due))
        ranges, taken = [], 0
        for goes, group in groupby(rows, lambda row: row.number in going):
            together = tuple(group)
            if goes and taken < MOST:
                ranges.append(together[: MOST - taken])
                taken += len(ranges[-1])
        self.after[table] = None
        if len(going) > taken or len(due) == _READ_AT_ONCE:
            last = ranges[-1][-1] if len(going) > taken else rows[-1]
            self.after[table] = last.number, last.at
        return Batch(table, tuple(ranges))


def remove(connection: Connection, batch: Batch, at: datetime) -> int:
    """Removes a batch, in the transaction that is open; returns how many rows went.

    What somebody else has removed meanwhile is left out.
    """
    number, removed = GUARDS[batch.table].number, 0
    within = f"FROM {batch.table} WHERE {number} BETWEEN ? AND ?"
    for rows in batch.ranges:
        between = rows[0].number, rows[-1].number
        (count,) = connection.execute(f"SELECT count(*) {within}", between).fetchone()
        if count == len(rows):
            newest = instant_text(max(row.at for row in rows))
            values = (instant_text(at), batch.table, *between, count, newest)
            connection.execute(_INSERT, values)
            connection.execute(f"DELETE {within}", between)
            removed += count
    return removed
