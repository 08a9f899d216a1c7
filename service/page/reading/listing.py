"""The list of monitors: those of one page, in order, and how many there are of each standing."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from heapq import nsmallest

from ....storage import Connection, Row
from .asked import NEEDS, PAGE, Asked
from .rows import rows_of
from .standing import CASE, FITS, Standing

_HELD = """
WITH held AS MATERIALIZED (
    SELECT coalesce(account, '') AS account, coalesce(symbol, '') AS symbol,
           coalesce(side, '') AS side
    FROM control_status WHERE in_force = 1)"""
"""``stopped`` of the view is not asked for: it looks through all controls for each monitor."""
_JOINED = """
FROM monitor_status s LEFT JOIN stop_status p
     ON p.account = s.account AND p.symbol = s.symbol AND p.side = s.side"""
_ALL = f"""{_HELD}
SELECT s.account, s.symbol, s.side, {CASE} AS standing, s.coverage_pct, s.last_run_at,
       {{fits}} AS fits{_JOINED}
WHERE """
_ONE = f"""{_HELD}
SELECT s.account, s.symbol, s.side, s.role, s.follows, s.source, s.state, s.position_size,
       s.covered_quantity, s.coverage_pct, s.last_position_size, s.position_read_at,
       s.last_outcome, s.last_run_id, s.last_run_at, s.attempts, s.next_try_at,
       s.waits_until, s.waits_for, s.others_close, s.ladder_source, s.cycle, s.expires_at,
       p.status AS stop_status, p.price AS stop_price, p.trailing AS stop_trailing, p.rule,
       p.protected_quantity, p.problem, p.unprotected_since, {CASE} AS standing,
       (SELECT m.entry_price FROM monitor m WHERE m.account = s.account
        AND m.symbol = s.symbol AND m.side = s.side) AS entry_price,
       (SELECT COUNT(*) FROM level_status l WHERE l.account = s.account
        AND l.symbol = s.symbol AND l.side = s.side) AS levels,
       (SELECT COUNT(*) FROM pending_write w WHERE w.account = s.account
        AND w.symbol = s.symbol AND w.side = s.side) AS unanswered{_JOINED}
WHERE s.account = :account AND s.symbol = :symbol AND s.side = :side"""  # noqa: S608 - words of ours
_RANKS = {word.value: word.rank for word in Standing}
WORST = 5
"""So many monitors that need a person are named above all else."""
_ABOVE_ALL = float("inf")
_DIGITS, _LONGEST = re.compile(r"\d+"), 12
_Place = tuple[str, str, str, str, str | None, str | None, object]
"""Account, symbol, side, standing, cover in per cent, when a run last ended, if it is shown."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list.

    Attributes:
        rows: the monitors of the page, in order; each with its ``standing``.
        counts: how many of those that fit the filter stand how, whatever is shown of them.
        found: how many are shown, on all pages.
        page: which page it is; the last one where there are fewer than was asked for.
        pages: how many there are; at least one.
        worst: the first of those that need a person, whatever is shown and on which page.
    """

    rows: Sequence[Row]
    counts: Mapping[Standing, int]
    found: int
    page: int
    pages: int
    worst: Sequence[Row] = ()

    @property
    def needing(self) -> int:
        """How many need a person."""
        return sum(count for one, count in self.counts.items() if one.needs_a_person)

    @property
    def watched(self) -> int:
        """How many are under watch."""
        return sum(count for one, count in self.counts.items() if one is not Standing.UNWATCHED)


def read_listing(connection: Connection, asked: Asked) -> Listing:
    """The monitors that are asked for.

    SQLite judges each monitor once; what is shown of a page is read for its monitors alone.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    conditions, parameters = ["TRUE"], dict[str, str]()
    for condition, values in asked.conditions():
        conditions.append(condition)
        parameters |= values
    fits = _fits(asked.show)
    places: list[_Place] = connection.execute(
        _ALL.format(fits=fits) + " AND ".join(conditions), parameters
    ).fetchall()
    words = Counter([place[3] for place in places])
    counts = {Standing(word): count for word, count in words.items()}
    shown = _shown(asked.show)
    fitting = sorted(
        (place for place in places if place[3] in shown and place[6]),
        key=partial(_rank, asked.sort),
    )
    pages = max(-(-len(fitting) // PAGE), 1)
    page = min(asked.page, pages)
    rows = _rows(connection, fitting[(page - 1) * PAGE : page * PAGE])
    needing = (place for place in places if Standing(place[3]).needs_a_person)
    worst = _rows(connection, nsmallest(WORST, needing, key=partial(_rank, "")))
    return Listing(rows, counts, len(fitting), page, pages, worst)


def _rows(connection: Connection, places: Sequence[_Place]) -> list[Row]:
    found = (read_one(connection, *place[:3]) for place in places)
    return [row for row in found if row is not None]


def read_one(connection: Connection, account: str, symbol: str, side: str) -> Row | None:
    """One monitor as the list has it; None where there is none.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    key = {"account": account, "symbol": symbol, "side": side}
    return next(iter(rows_of(connection, _ONE, key)), None)


def _rank(sort: str, place: _Place) -> tuple[float | int | str, ...]:
    account, symbol, side, standing, cover, ran_at, _ = place
    rank = (_RANKS[standing], natural(account), natural(symbol), side)
    match sort:
        case "symbol":
            return (rank[2], *rank)
        case "account":
            return rank[1:]
        case "cover":
            return (_ABOVE_ALL if cover is None else float(cover), *rank)
        case "run":
            return (-_time(ran_at), *rank)
        case _:
            return rank


@lru_cache(maxsize=20_000)
def natural(name: str) -> str:
    """Sorted by it, numbers in names stand in the order of their size.

    >>> sorted(["S100", "S20"], key=natural)
    ['S20', 'S100']
    """
    return _DIGITS.sub(lambda found: found[0].zfill(_LONGEST), name)


def _time(instant: str | None) -> float:
    """Seconds since 1970; 0 of what has not happened."""
    return 0.0 if instant is None else datetime.fromisoformat(instant).timestamp()


def _shown(show: str) -> frozenset[str]:
    """Which standings are looked through: a single word is looked for among all that need one."""
    if not show:
        return frozenset(one for one in Standing if one is not Standing.UNWATCHED)
    needing = frozenset(one for one in Standing if one.needs_a_person)
    return needing if show == NEEDS or show in needing else frozenset((show,))


def _fits(show: str) -> str:
    """The same as SQL: what needs a person for one reason may do so for a worse one, too."""
    is_one = show in FITS and Standing(show).needs_a_person
    return f"({FITS[show]})" if is_one else "1"
