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
_LISTS = ("transitions", "calls", "decisions", "intents", "orders", "events")
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
    """

    phrases: frozenset[int]
    calls: defaultdict[_Write, list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    numbers: set[int] = field(default_factory=set)
    last: dict[int, tuple[str, int]] = field(default_factory=dict)


def check_journal(connection: Connection) -> Iterator[Finding]:
    """Reads every row, and finds what does not fit."""
    seen = _Seen(frozenset(one for (one,) in connection.execute("SELECT id FROM phrase")))
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
    pruned = pruned_from(connection, "journal").last
    for (operation, link), calls in seen.calls.items():
        for number, _ in calls:
            if number > pruned:
                name = f"{operation} of {link or 'an order without a link id'}"
                text = f"journal: row {number} has a {name} with no intent before it"
                yield Finding(Check.WRITES, text)
