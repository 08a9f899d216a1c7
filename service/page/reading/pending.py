"""Writes whose end is not known: what was sent when, and what a look-up has found since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ....storage import Connection, Row
from .rows import rows_of

_PENDING = """
SELECT level, order_link_id, status, acknowledged, covered, covers, created_at, until, run_id
FROM pending_write
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY number"""
_LOOKED = """
SELECT at, outcome FROM exchange_call_log
WHERE run_id = :run AND order_link_id = :link AND operation = 'look_up'
ORDER BY id DESC, part DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """A write whose end is not known.

    Attributes:
        row: as the view has it.
        looked_at: when it was last looked up in its run; empty where it was not.
        found: what that said.
    """

    row: Row
    looked_at: str = ""
    found: str = ""

    @property
    def is_absent(self) -> bool:
        """Whether it was looked up, and there was no such order."""
        return self.found == "absent"

    def is_past(self, now: datetime) -> bool:
        """Whether it can take effect no more, by the exchange's stated lateness."""
        until = self.row["until"]
        return until is not None and datetime.fromisoformat(str(until)) < now


def read_pending(connection: Connection, key: Mapping[str, str]) -> Sequence[PendingWrite]:
    """Those of a monitor.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    found = []
    for row in rows_of(connection, _PENDING, key):
        asked = {"run": str(row["run_id"]), "link": str(row["order_link_id"])}
        looked = connection.execute(_LOOKED, asked).fetchone()
        found.append(PendingWrite(row, *map(str, looked or ())))
    return found
