"""Whether a database is whole and as the engine wrote it; also beside a running engine."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from ...sql.guards import GUARDS
from ...sql.views.definitions import VIEWS
from ..access.connections import reading_connection, store_errors
from ..schema import check
from ..view_definitions import guards_agree
from .finding import Check, Finding
from .journal_check import check_journal
from .numbering import check_numbering, pruned_from

_RUN_IS_MISSING = {
    "monitor {}: its last run {} is not in the journal": (
        "SELECT id, last_run_id FROM monitor AS m WHERE last_run_at IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.run_id = m.last_run_id)"
        " AND EXISTS (SELECT 1 FROM journal AS j WHERE j.monitor_id = m.id)"
    ),
    "intent {}: its run {} is not in the journal": (
        "SELECT number, run_id FROM intent AS i"
        " WHERE NOT EXISTS (SELECT 1 FROM journal AS j WHERE j.run_id = i.run_id)"
    ),
}
_ENDED = "SELECT number, ended_by FROM control WHERE ended_by IS NOT NULL"


def verify(path: Path) -> tuple[dict[str, int], tuple[Finding, ...]]:
    """Checks every page and every row, as of one moment; it only reads.

    A long check keeps SQLite from trimming its log meanwhile.

    Returns:
        How many rows each table has, and what is wrong.

    Raises:
        SchemaMismatch: another trueup wrote the database.
        StoreError: it cannot be read at all.
    """
    check(path)
    with store_errors(path), closing(reading_connection(path)) as connection:
        connection.execute("BEGIN")
        found = [finding for one in _CHECKS for finding in _tried(one, connection)]
        return _counts(connection), tuple(found)


def _tried(
    one: Callable[[sqlite3.Connection], Iterator[Finding]], connection: sqlite3.Connection
) -> Iterator[Finding]:
    """What a check finds; damage that keeps it from going on is a finding, too."""
    try:
        yield from one(connection)
    except sqlite3.DatabaseError as error:
        yield Finding(Check.PAGES, f"{one.__name__.removeprefix('check_')}: {error}")


def check_pages(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Finds damaged pages, and rows that refer to none."""
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield Finding(Check.PAGES, str(text))
    for table, number, other, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Finding(Check.REFERENCES, f"{table}: row {number} refers to no row of {other}")


def check_guards(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Finds triggers that were dropped or changed."""
    if not guards_agree(connection):
        text = (
            "triggers that keep rows as they are were dropped or changed: rows may have been, too"
        )
        yield Finding(Check.GUARDS, f"{text}; the next start of the engine recreates the triggers")


def check_references(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Finds runs and controls that others name, and that do not exist."""
    for text, query in _RUN_IS_MISSING.items():
        for row in connection.execute(query):
            yield Finding(Check.REFERENCES, text.format(*row))
    numbers = {number for (number,) in connection.execute("SELECT number FROM control")}
    pruned = pruned_from(connection, "control")
    for number, by in connection.execute(_ENDED).fetchall():
        if by <= number or not (by in numbers or pruned.has(by)):
            text = f"control: row {number} was ended by {by}, which is no later row"
            yield Finding(Check.REFERENCES, text)


def check_views(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Finds views that cannot be read to their end."""
    for name in VIEWS:
        try:
            for _ in connection.execute(f"SELECT * FROM {name}"):  # noqa: S608 - a view's name
                pass
        except sqlite3.OperationalError as error:
            yield Finding(Check.VIEWS, f"{name} cannot be read: {error}")


_CHECKS = (
    check_pages,
    check_guards,
    check_numbering,
    check_journal,
    check_references,
    check_views,
)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, of those that can be counted."""
    counts: dict[str, int] = {}
    for name in (*GUARDS, "monitor", "intent"):
        with suppress(sqlite3.DatabaseError):
            count = f"SELECT count(*) FROM {name}"  # noqa: S608 - our own names
            (counts[name],) = connection.execute(count).fetchone()
    return counts
