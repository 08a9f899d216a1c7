"""How large a database is, and by how much it grows a day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .connection import Connection

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_WEEK = timedelta(days=7)
_LEAST = timedelta(hours=1)
_LATER = "SELECT id, at_us FROM journal WHERE id >= ? ORDER BY id LIMIT 1"


@dataclass(frozen=True, slots=True)
class Growth:
    """How large a database is.

    Attributes:
        size: in bytes, with its log.
        a_day: by how many bytes it has grown a day in the last week, or since its journal began;
            None where that was less than an hour ago. It is estimated: the rows of the journal that
            were added, each as large as its share of all pages in use.
    """

    size: int
    a_day: int | None


def growth_of(connection: Connection, size: int, used: int, now: datetime) -> Growth:
    """The size and the growth, by a few reads: of the journal's rows about twenty are read.

    Args:
        connection: in a transaction.
        size: of the database, in bytes.
        used: how many of them hold something.
        now: the time.
    """
    first, last = connection.execute("SELECT min(id), max(id) FROM journal").fetchone()
    if first is None:
        return Growth(size, None)
    since = _first_since(connection, first, last, now - _WEEK)
    number, at_us = connection.execute(_LATER, (since,)).fetchone()
    passed = now - max(_EPOCH + _MICROSECOND * at_us, now - _WEEK)
    if passed < _LEAST:
        return Growth(size, None)
    added = (last - number + 1) * used // (last - first + 1)
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
