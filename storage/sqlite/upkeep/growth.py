"""How large a database is, and by how much it grows a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WEEK = timedelta(days=7)
_LEAST = timedelta(hours=1)
_PAGES = """
SELECT page_count - freelist_count, page_size
FROM pragma_page_count, pragma_freelist_count, pragma_page_size"""
_LATER = "SELECT id, at_us FROM journal WHERE id >= ? ORDER BY id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Growth:
    """How large a database is.

    Attributes:
        size: of its file and its log, in bytes.
        a_day: by how many bytes it has grown a day in the last week, or since its journal began;
            None where that was less than an hour ago. It is estimated: the rows of the journal that
            were added, each as large as its share of all pages in use.
    """

    size: int
    a_day: int | None


def growth_of(connection: Connection, path: Path, now: datetime) -> Growth:
    """The size and the growth, by a few reads: of the journal's rows about twenty are read.

    Args:
        connection: in a transaction.
        path: the database's file.
        now: the time.
    """
    files = (path, path.with_name(f"{path.name}-wal"))
    size = sum(file.stat().st_size for file in files if file.exists())
    first, last = connection.execute("SELECT min(id), max(id) FROM journal").fetchone()
    if first is None:
        return Growth(size, None)
    since = _first_since(connection, first, last, now - _WEEK)
    number, at_us = connection.execute(_LATER, (since,)).fetchone()
    passed = now - max(_EPOCH + _MICROSECOND * at_us, now - _WEEK)
    if passed < _LEAST:
        return Growth(size, None)
    pages, page_size = connection.execute(_PAGES).fetchone()
    added = (last - number + 1) * pages * page_size // (last - first + 1)
    return Growth(size, int(added * timedelta(days=1) / passed))


def _first_since(connection: Connection, first: int, last: int, at: datetime) -> int:
    """The number from which rows are that young: halving finds it, as ids follow the time."""
    bound = (at - _EPOCH) // _MICROSECOND
    while first < last:
        middle = (first + last) // 2
        number, at_us = connection.execute(_LATER, (middle,)).fetchone()
        if at_us < bound:
            first = min(number + 1, last)
        else:
            last = middle
    return first
