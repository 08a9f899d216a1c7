"""Each row of the journal: its checksum, its lists, its writes and its times."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any, TypeAlias

from ....domain.model.commands import Operation
from ...sql.checksum import checksum
from ...sql.columns import instant, microseconds_since_1970, unpacked
from .finding import Check, Finding
from .numbering import pruned_from

_WRITES = frozenset(operation.value for operation in Operation)
_SET_STOP = "set_stop"
"""The operation of a request that sets a position's stop; its intent has no link id."""
_LISTS = ("transitions", "calls", "decisions", "intents", "orders", "events", "stops")
_LINK, _OPERATION, _CREATED = 5, 2, 13
"""Where these stand in a write of the journal."""
_OPEN = "SELECT operation, order_link_id, created_at FROM intent"
_Write: TypeAlias = tuple[str, str]
"""The operation of a write, and its order link id."""


@dataclass(slots=True)
class _Seen:
    """What the rows so far have shown.

    Attributes:
        phrases: the numbers of all phrases.
        calls: the writes that were sent and whose intents have not come yet: the row and the time
            of each call.
        numbers: of the writes that are over.
        last: of each monitor the run of its last row, and the time of its last entry.
        stops: of each run the ids of the requests for stops that its earlier rows have.
        pruned: the last row that pruning has removed; 0 for none.
    """

    phrases: frozenset[int]
    calls: defaultdict[_Write, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    numbers: set[int] = field(default_factory=set)
    last: dict[int, tuple[str, int]] = field(default_factory=dict)
    stops: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pruned: int = 0


def check_journal(connection: Connection) -> Iterator[Finding]:
    """Reads every row, and finds what does not fit."""
    phrases = frozenset(one for (one,) in connection.execute("SELECT id FROM phrase"))
    seen = _Seen(phrases, pruned=pruned_from(connection, "journal").last)
    cursor = connection.execute("SELECT * FROM journal ORDER BY id")
    names = [described[0] for described in cursor.description]
    is_sealed = False
    for values in cursor:
        row: dict[str, Any] = dict(zip(names, values, strict=True))
        given = row["checksum"]
        rest = (row[name] for name in names if name not in ("id", "checksum"))
        if (is_sealed or given is not None) and given != checksum(rest):
            yield Finding(
                Check.CHECKSUMS, f"journal: row {row['id']} was changed after it was written"
            )
        is_sealed = is_sealed or given is not None
        yield from _check_row(row, seen)
    yield from _unannounced(connection, seen)


def _check_row(row: Mapping[str, Any], seen: _Seen) -> Iterator[Finding]:
    try:
        lists = {name: unpacked(row[name]) or [] for name in _LISTS}
        found = [
            *_phrases(row, lists["decisions"], seen),
            *_writes(row, lists["intents"], lists["calls"], seen),
            *_stops(row, lists["stops"], lists["calls"], seen),
            *_times(row, (*lists["transitions"], *lists["decisions"]), seen),
        ]
    except (ValueError, TypeError, LookupError) as error:
        text = f"journal: row {row['id']} cannot be read: {type(error).__name__}: {error}"
        yield Finding(Check.VALUES, text)
    else:
        yield from found


def _phrases(row: Mapping[str, Any], decisions: Iterable[Any], seen: _Seen) -> Iterator[Finding]:
    for _, phrase, *_ in decisions:
        if phrase not in seen.phrases:
            text = f"journal: row {row['id']} has the phrase {phrase}, which does not exist"
            yield Finding(Check.REFERENCES, text)


def _writes(
    row: Mapping[str, Any], intents: list[Any], calls: Iterable[Any], seen: _Seen
) -> Iterator[Finding]:
    """Notes the calls that are writes, and holds those that are over against their calls."""
    number, base = row["id"], row["at_us"]
    for at, operation, link, *_ in calls:
        if operation in _WRITES:
            name = intents[link][_LINK] if isinstance(link, int) else link
            seen.calls[operation, name].append((number, base + at))
    for intent in intents:
        if intent[0] in seen.numbers:
            yield Finding(Check.NUMBERING, f"journal: the write {intent[0]} is there twice")
        seen.numbers.add(intent[0])
        _account_for((intent[_OPERATION], intent[_LINK]), base + intent[_CREATED], seen)


def _stops(
    row: Mapping[str, Any], stops: Iterable[Any], calls: Iterable[Any], seen: _Seen
) -> Iterator[Finding]:
    """Holds the requests that set a stop against those that an earlier row has announced.

    The request of a round leaves once the commit with its intent is there: an intent that the row
    of the request itself brings came too late.
    """
    run, announced = row["run_id"], seen.stops[row["run_id"]]
    began = seen.last.get(row["monitor_id"], ("", 0))[0] == run
    is_known = began or not seen.pruned  # Else its first row may have been pruned.
    if is_known and not announced and any(one[1] == _SET_STOP for one in calls):
        text = f"journal: row {row['id']} has a {_SET_STOP} with no intent before it"
        yield Finding(Check.WRITES, text)
    announced.update(one[1] for one in stops)


def _account_for(write: _Write, created: int, seen: _Seen) -> None:
    """Takes the calls of a write that came after its intent; a resend has the same link id."""
    calls = seen.calls.pop(write, [])
    if before := [(number, at) for number, at in calls if at < created]:
        seen.calls[write] = before


def _times(row: Mapping[str, Any], entries: Iterable[Any], seen: _Seen) -> Iterator[Finding]:
    run, last = seen.last.get(row["monitor_id"], ("", 0))
    times = sorted(row["at_us"] + entry[0] for entry in entries)
    if not times:
        return
    if run == row["run_id"] and times[0] < last:
        text = f"journal: row {row['id']} goes back in time, within the run {run}"
        yield Finding(Check.TIMES, f"{text}: was the clock set back?", is_note=True)
    seen.last[row["monitor_id"]] = row["run_id"], times[-1]


def _unannounced(connection: Connection, seen: _Seen) -> Iterator[Finding]:
    """The writes that were sent without an intent before them that is over or open."""
    for operation, link, created_at in connection.execute(_OPEN).fetchall():
        created = instant(created_at)
        if created is not None:
            _account_for((operation, link), microseconds_since_1970(created), seen)
    for (operation, link), calls in seen.calls.items():
        for number, _ in calls:
            if number > seen.pruned:
                name = f"{operation} of {link or 'an order without a link id'}"
                text = f"journal: row {number} has a {name} with no intent before it"
                yield Finding(Check.WRITES, text)
