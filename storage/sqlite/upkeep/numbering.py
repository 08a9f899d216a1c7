"""Row ids without gaps, but for what a pruning removed."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from sqlite3 import Connection

from ...sql.guards import GUARDS
from .finding import Check, Finding

_RANGES = "SELECT first_id, last_id FROM pruning WHERE from_table = ? ORDER BY first_id"


@dataclass(frozen=True, slots=True)
class Pruned:
    """The row ids that prunings removed from a table.

    Attributes:
        ranges: the first and the last of each, in ascending order.
    """

    ranges: tuple[tuple[int, int], ...]

    @property
    def last(self) -> int:
        """The greatest of them; 0 where there is none."""
        return max((last for _, last in self.ranges), default=0)

    def missing(self, first: int, last: int) -> bool:
        """Whether an id from the first to the last is in no range."""
        place = max(bisect_left(self.ranges, (first + 1,)) - 1, 0)
        for begin, end in self.ranges[place:]:
            if first > last or begin > first:
                break
            first = max(first, end + 1)
        return first <= last

    def has(self, number: int) -> bool:
        """Whether an id is in a range."""
        return not self.missing(number, number)


def pruned_from(connection: Connection, table: str) -> Pruned:
    """What prunings removed from a table."""
    return Pruned(tuple(connection.execute(_RANGES, (table,)).fetchall()))


def check_numbering(connection: Connection) -> Iterator[Finding]:
    """Finds row ids that are missing, and rows where a pruning left none."""
    for table, guard in GUARDS.items():
        pruned, before = pruned_from(connection, table), 0
        numbers = f"SELECT {guard.number} FROM {table} ORDER BY {guard.number}"  # noqa: S608 - our own names
        for (number,) in connection.execute(numbers):
            if pruned.missing(before + 1, number - 1):
                gap = f"between {before} and {number}"
                text = f"{table}: rows {gap} are missing, and no pruning removed them"
                yield Finding(Check.NUMBERING, text)
            if pruned.has(number):
                text = f"{table}: row {number} is there, though a pruning removed it"
                yield Finding(Check.NUMBERING, text)
            before = number
