"""The oldest rows of each table, and whether the present state still refers to them.

Times of a table that are out of order, as after a clock was set back, count as their latest so far.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from ...domain.keeping.retention import OldRow
from ...domain.recording.segments import Place
from ..sql.conditions import CURRENT_CONTROL, PENDING_ALERT, UNWATCHED
from ..sql.guards import GUARDS
from ..sql.views.unfolding import instant, whole
from .connection import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WHOLE, _DELTA, _FURTHER = (bytes((place,)) for place in Place)
_Old = tuple[int, datetime, bool, int | None]
_Reader = Callable[[Connection, int, int], list[_Old]]

_NEEDED_RUNS = """
SELECT (SELECT run_id FROM journal WHERE monitor_id = m.id ORDER BY id DESC LIMIT 1)
FROM monitor AS m
UNION SELECT last_run_id FROM monitor UNION SELECT run_id FROM intent"""
"""Of each monitor the newest run, and the runs whose writes are open."""
_UNCOVERED = "json_extract(m.reported, '$[4]')"
_UNPROTECTED = instant(whole("json_extract(m.stop, '$.reported_since')"))
_JOURNAL = f"""
SELECT id, at_us, run_id, events IS NOT NULL AND EXISTS (
    SELECT 1 FROM monitor AS m WHERE m.id = journal.monitor_id
    AND (instr(journal.events, {_UNCOVERED}) > 0
         OR instr(journal.events, {_UNPROTECTED}) > 0)),
    monitor_id, substr(inputs, 1, 1)
FROM journal WHERE id > ? ORDER BY id LIMIT ?"""  # noqa: S608 - our own words
"""A position that is still uncovered or unprotected has the row that says since when."""
_OTHERS = {
    "alert": f"""
SELECT id, created_at, {PENDING_ALERT} OR id = (
    SELECT max(id) FROM alert AS a
    WHERE a.account = alert.account AND a.symbol = alert.symbol AND a.side = alert.side)
FROM alert WHERE id > ? ORDER BY id LIMIT ?""",  # noqa: S608 - our own words
    "control": f"""
SELECT number, coalesce(
    (SELECT e.asked_at FROM control AS e
     WHERE e.number = control.ended_by AND e.asked_at > control.asked_at), asked_at),
    {CURRENT_CONTROL}
FROM control WHERE number > ? ORDER BY number LIMIT ?""",  # noqa: S608 - our own words
    "command": """
SELECT id, coalesce(answered_at, asked_at), 0 FROM command
WHERE id > ? ORDER BY id LIMIT ?""",
    "engine_start": """
SELECT id, coalesce(stopped_at, started_at), 0 FROM engine_start
WHERE id > ? ORDER BY id LIMIT ?""",
    "unwatched": f"""
SELECT id, coalesce(until, since), {UNWATCHED} FROM unwatched
WHERE id > ? ORDER BY id LIMIT ?""",  # noqa: S608 - our own words
}


def oldest(
    connection: Connection, table: str, after: int, limit: int, before: datetime = _EPOCH
) -> tuple[OldRow, ...]:
    """Some rows of a table, oldest first; its newest row is always needed.

    Numbers are given in sequence only while the newest row stays.

    Args:
        connection: in a transaction.
        table: one that is pruned.
        after: rows up to this number are left out.
        limit: at most so many.
        before: the latest time of the rows before.
    """
    newest, found = newest_number(connection, table), []
    for number, at, is_needed, base in _READERS[table](connection, after, limit):
        before = max(before, at)
        found.append(OldRow(number, before, is_needed or number == newest, base))
    return tuple(found)


def newest_number(connection: Connection, table: str) -> int:
    """The number of a table's newest row; 0 where it has none."""
    column = GUARDS[table].number
    (number,) = connection.execute(f"SELECT coalesce(max({column}), 0) FROM {table}").fetchone()  # noqa: S608 - our own names
    return int(number)


def _of_journal(connection: Connection, after: int, limit: int) -> list[_Old]:
    """What was recorded of a run is read with the row that begins its pass, or has a whole base.

    Of each monitor the last such rows of these may be what later ones are read with.
    """
    runs = {run for (run,) in connection.execute(_NEEDED_RUNS)}
    wholes, firsts, found = dict[int, int](), dict[int, int](), list[_Old]()
    for number, at_us, run, is_needed, monitor, place in connection.execute(
        _JOURNAL, (after, limit)
    ):
        base = (firsts if place == _FURTHER else wholes).get(monitor)
        if place == _WHOLE:
            wholes[monitor], base = number, None
        if place in (_WHOLE, _DELTA):
            firsts[monitor] = number
        at = _EPOCH + _MICROSECOND * at_us
        found.append((number, at, run in runs or bool(is_needed), base if place else None))
    last = {*wholes.values(), *firsts.values()}
    return [(number, at, needed or number in last, base) for number, at, needed, base in found]


def _reader(query: str) -> _Reader:
    def read(connection: Connection, after: int, limit: int) -> list[_Old]:
        return [
            (number, datetime.fromisoformat(at), bool(is_needed), None)
            for number, at, is_needed in connection.execute(query, (after, limit))
        ]

    return read


_READERS: Mapping[str, _Reader] = {
    "journal": _of_journal,
    **{table: _reader(query) for table, query in _OTHERS.items()},
}
TABLES = tuple(_READERS)
"""The tables that are pruned."""
