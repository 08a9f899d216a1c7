"""A step as one statement: all of it is written, or nothing is, in one trip to the server.

The update of the monitor is fenced by its version, and by its epoch where several processes share
the database; everything else is written *from* the row that it returns. So a step that somebody
else has overtaken touches no row: there is nothing to roll back, and no other commit notices.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...domain.copies import replace
from ...domain.model.errors import Fenced
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord
from ...domain.store import Step
from ..shared.cache import KeptIntents
from ..shared.generated import statements
from ..shared.prepared import Prepared
from ..shared.store import Committed
from ..shared.writing import ended_by
from ..sql.columns import storable
from ..sql.intent_rows import intent_rows
from ..sql.journal_rows import alert_row, journal_row
from ..sql.monitor_rows import monitor_row, targets_packed
from ..sql.phrases import Phrase, said
from .access.session import Raw, check_storable
from .dialect import statement_of_postgres
from .generated.schema import COLUMNS

_PHRASE = b"SELECT id FROM phrase WHERE state = %s AND text = %s"
_PHRASE_NUMBER = b"""
WITH made AS (INSERT INTO phrase (state, text) VALUES (%s, %s)
              ON CONFLICT DO NOTHING RETURNING id)
SELECT id FROM made UNION ALL SELECT id FROM phrase WHERE state = %s AND text = %s LIMIT 1"""
_NUMBER = "nextval(pg_get_serial_sequence('intent', 'number'))"
_NUMBERS = f"SELECT {_NUMBER} FROM generate_series(1, %s)".encode()  # noqa: S608 - our own words
_TYPES = dict(word.rstrip("!").split(":") for word in COLUMNS["intent"].split())
_INTENT = statements.INSERT_INTENTS.names
_Part = tuple[str, Sequence[Any]]
"""SQL of the project, and the values of its parameters."""


def commit_step(
    raw: Raw,
    step: Step,
    kept: KeptIntents,
    known: Mapping[Phrase, int],
    epoch: int | None = None,
) -> Committed:
    """Writes all of the step.

    Only what no monitor is fenced by goes before it: words that decisions use for the first time,
    and the number of a write that is over at once.

    Args:
        raw: a connection on which a statement is a transaction.
        step: what to write.
        kept: the rows of the monitor's intents before.
        known: phrases that are stored for certain, with their numbers.
        epoch: of the lease under which it is written; None where one engine owns the database.

    Raises:
        Fenced: the monitor's version, or its epoch, moved on; nothing was written.
    """
    record = step.record
    sentences = said(step)
    phrases = {phrase: _phrase(raw, phrase, known) for phrase, _ in sentences}
    change = _Change(raw, record, step.intents, kept)
    spoken = [(phrases[phrase], values) for phrase, values in sentences]
    row = journal_row(step, change.over, ended_by(step), spoken)
    written = replace(record, version=record.version + 1)
    parts = {"moved": _moved(record, written, step, epoch), **dict(change.parts())}
    if row is not None:
        parts["noted"] = _from_moved(statements.INSERT_JOURNAL, row)
    if step.alert is not None:
        parts["alerted"] = _from_moved(statements.INSERT_ALERT, alert_row(record.id, step.alert))
    made = _run(raw, parts)
    if not made:
        raise Fenced(
            f"the monitor moved on from version {record.version}: another writer owns it",
            account=record.key.account,
            symbol=record.key.symbol,
        )
    return written, change.rows({id_: number for _, id_, number in made}), phrases


def _run(raw: Raw, parts: Mapping[str, _Part]) -> list[tuple[Any, ...]]:
    values = [value for _, given in parts.values() for value in given]
    check_storable(values)
    text = _together(tuple((name, sql) for name, (sql, _) in parts.items()))
    return raw.execute(text, values).fetchall()


@lru_cache(maxsize=512)
def _together(parts: tuple[tuple[str, str], ...]) -> bytes:
    """The statement of these parts; its rows are the monitor, with each intent that is new."""
    texts = ", ".join(f"{name} AS ({statement_of_postgres(sql)})" for name, sql in parts)
    made = any(name == "made" for name, _ in parts)
    new = "made.id, made.number FROM moved LEFT JOIN made ON TRUE" if made else "'', 0 FROM moved"
    return f"WITH {texts} SELECT moved.id, {new}".encode()


def _moved(record: MonitorRecord, written: MonitorRecord, step: Step, epoch: int | None) -> _Part:
    found_by = {
        "monitor_id": record.id,
        "read_version": record.version,
        "targets": targets_packed(step.targets),
    }
    ((text, values),) = statements.UPDATE_MONITOR.ready({**monitor_row(written), **found_by})
    if epoch is not None:
        text, values = f"{text} AND monitor.epoch = ?", [*values, epoch]
    return f"{text} RETURNING monitor.id", values


def _from_moved(insert: Prepared, row: Mapping[str, Any]) -> _Part:
    """An insert that happens if the monitor was written."""
    ((text, values),) = insert.ready(row)
    into, _, rest = text.partition(" VALUES (")
    return f"{into} SELECT {rest.removesuffix(')')} FROM moved", values  # noqa: S608 - the same


def _made(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int | None]) -> _Part:
    """New intents; the database numbers those that have no number yet."""
    listed, values = _listed(rows, "number", numbers)
    names, chosen = ", ".join(_INTENT), ", ".join(f"v.{name}" for name in _INTENT)
    text = (
        f"INSERT INTO intent ({names}, number) SELECT {chosen}, coalesce(v.number, {_NUMBER}) "  # noqa: S608 - our own words
        f"FROM moved, {listed} RETURNING intent.id, intent.number"
    )
    return text, values


def _saved(rows: Sequence[Mapping[str, Any]]) -> _Part:
    """Intents that have changed."""
    listed, values = _listed(rows)
    changed = ", ".join(f"{name} = v.{name}" for name in _INTENT if name != "id")
    return f"UPDATE intent SET {changed} FROM moved, {listed} WHERE intent.id = v.id", values  # noqa: S608 - our own words


def _listed(
    rows: Sequence[Mapping[str, Any]], further: str = "", each: Sequence[int | None] = ()
) -> _Part:
    """Rows of intents as a table ``v``, with a further column or without; the first has types."""
    names = [*_INTENT, *([further] if further else [])]
    ready = [value for _, part in statements.INSERT_INTENTS.ready(*rows) for value in part]
    width, values = len(_INTENT), list[Any]()
    for place in range(len(rows)):
        values += [*ready[place * width : (place + 1) * width], *each[place : place + 1]]
    first = ", ".join(f"CAST(? AS {_TYPES[name]})" for name in names)
    others = ", ".join("?" * len(names))
    listed = ", ".join(f"({row})" for row in (first, *[others] * (len(rows) - 1)))
    return f"(VALUES {listed}) AS v ({', '.join(names)})", values


def _phrase(raw: Raw, phrase: Phrase, known: Mapping[Phrase, int]) -> int:
    if (number := known.get(phrase)) is not None:
        return number
    given = tuple(map(storable, phrase))
    row = raw.execute(_PHRASE, given).fetchone()
    # Somebody else may add the same words between two looks; one of them finds those of the other.
    while row is None:
        row = raw.execute(_PHRASE_NUMBER, (*given, *given)).fetchone()
    return int(row[0])


class _Change:
    """What a step does to the intents of its monitor: new rows, changed ones, and those that leave.

    Those of the run under way stay, settled or not: if the process dies, the next one needs them.

    Attributes:
        over: the intents that leave, with their numbers, for the journal.
    """

    def __init__(
        self, raw: Raw, record: MonitorRecord, changed: Sequence[Intent], kept: KeptIntents
    ) -> None:
        self._record, self._kept = record, kept
        self._changed = [one for one in changed if one.id in kept]
        self._new = [one for one in changed if one.id not in kept]
        # The journal needs the number of a write that begins and ends in the same step.
        numbers: list[int | None] = [None] * len(self._new)
        if any(map(self._is_over, self._new)):
            found = raw.execute(_NUMBERS, (len(numbers),)).fetchall()
            numbers = [int(number) for (number,) in found]
        self._numbers = dict(zip((one.id for one in self._new), numbers, strict=True))
        rows = {**kept, **{one.id: (kept[one.id][0], one) for one in self._changed}}
        self._rows = {id_: row for id_, row in rows.items() if not self._is_over(row[1])}
        leaving = [row for id_, row in rows.items() if id_ not in self._rows]
        self._leaving = [number for number, _ in leaving]
        at_once = [
            (number, one)
            for one in self._new
            if self._is_over(one) and (number := self._numbers[one.id]) is not None
        ]
        self.over = [*leaving, *at_once]

    def parts(self) -> Iterator[tuple[str, _Part]]:
        """The parts of the statement that write it."""
        record = self._record
        new = [one for one in self._new if not self._is_over(one)]
        saved = [one for one in self._changed if one.id in self._rows]
        if new:
            numbers = [self._numbers[one.id] for one in new]
            yield "made", _made(intent_rows(record.id, new), numbers)
        if saved:
            yield "saved", _saved(intent_rows(record.id, saved))
        if self._leaving:
            yield (
                "dropped",
                ("DELETE FROM intent USING moved WHERE number = ANY(?)", [self._leaving]),
            )

    def rows(self, made: Mapping[str, int]) -> KeptIntents:
        """The rows that the monitor has now."""
        stay = [one for one in self._new if not self._is_over(one)]
        return {**self._rows, **{one.id: (int(made[one.id]), one) for one in stay}}

    def _is_over(self, intent: Intent) -> bool:
        return not (intent.status.is_open or self._record.is_running(intent.run_id))
