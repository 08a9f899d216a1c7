"""What of a monitor needs a person: what it is, since when, how much, why, and what to do."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ....adapters.bybit.codes.classify import CodeMeaning, classify, classify_status
from ....domain.model.instrument import plain
from ....domain.model.intent import IntentStatus
from ....domain.model.record import RunOutcome
from ....domain.reporting.alert_lines import explain
from ....domain.reporting.alert_text import MARKS
from ....domain.reporting.delivery.wording import result_lines
from ....domain.reporting.explanations import CLASSES, OUTCOMES
from ....storage import Connection, Row
from .standing import Standing

_NO_STEPS = ("Nothing", "See the code", "Look the code up", "Read the ")
"""How remedies begin that send the reader of an alert to another part of it, or nowhere."""
_MOST_STEPS = 2
_WHOLE = 100
_WAITS = "Nothing yet: trueup tries again by itself."
_STATUSES = range(100, 600)
_IS_WELL = re.compile("[✅☑]|^🛡️ the stop moved")
_MARKS = {
    MARKS[IntentStatus.SENT]: "acknowledged, not verified:",
    MARKS[IntentStatus.REFUSED]: "refused:",
    MARKS[IntentStatus.UNKNOWN]: "not verified:",
    MARKS[IntentStatus.HELD]: "held back:",
}
_STOPPED = {"halt": "halted", "pause": "paused"}
_NO_LADDER = (
    "no ladder: none is given, on record, or to be taken from live orders or a main account"
)
_GAP = """
SELECT since, why FROM coverage_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 1"""
_LEVELS = """
SELECT COUNT(*) FROM level_status
WHERE account = :account AND symbol = :symbol AND side = :side"""
_ALERT = """
SELECT text, facts FROM alert_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 1"""
_HELD = """
SELECT kind, asked_at, asked_by, reason FROM control_status
WHERE in_force = 1 AND coalesce(account, :account) = :account
  AND coalesce(symbol, :symbol) = :symbol AND coalesce(side, :side) = :side
ORDER BY kind, number"""
_BY_STANDING: Mapping[Standing, str] = {
    Standing.UNPROTECTED: (
        "trueup tries again by itself. Set a stop by hand, or close the position, if you cannot "
        "wait for that."
    ),
    Standing.OVERCOVERED: (
        "Look at the orders below for more than the position has: trueup cuts its own in the next "
        "run, and never those of others."
    ),
    Standing.UNKNOWN: (
        "If it lasts: check the network, the key and the exchange's status page. trueup tries "
        "again."
    ),
    Standing.ELSEWHERE: "Read why, and correct the stop's rule, or set another stop.",
    Standing.NEW: "Start trueup run: it runs every monitor once when it starts.",
    Standing.STOPPED: "Resume it, once the reason no longer holds.",
}


@dataclass(frozen=True, slots=True)
class Need:
    """What needs a person.

    Attributes:
        what: in a few words.
        since: an instant as the database has it; empty where it is not known.
        how_much: of the position; empty where that says nothing.
        why: a line for each reason; none where none is on record.
        next_step: what to do.
    """

    what: str
    since: str
    how_much: str
    why: tuple[str, ...]
    next_step: str


def needs_of(connection: Connection, row: Row) -> tuple[Need, ...]:
    """What of a monitor needs a person, worst first, as the list says how it stands.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    standing = Standing(str(row["standing"]))
    if not standing.needs_a_person:
        return ()
    key = {name: str(row[name]) for name in ("account", "symbol", "side")}
    around = _Around.of(connection, key)
    also = standing is Standing.UNPROTECTED and float(str(row["coverage_pct"])) < _WHOLE
    standings = (standing, Standing.UNCOVERED) if also else (standing,)
    return tuple(_need(connection, row, key, one, around) for one in standings)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is on record of a monitor beside its row.

    Attributes:
        said: what the last alert says that did not go well.
        codes: of what the exchange refused, as it says.
        held: who stopped the monitor and why, a line each.
        held_since: when the first of them did.
    """

    said: tuple[str, ...]
    codes: tuple[int, ...]
    held: tuple[str, ...]
    held_since: str

    @classmethod
    def of(cls, connection: Connection, key: Mapping[str, str]) -> "_Around":
        """What there is of a monitor."""
        alert = connection.execute(_ALERT, key).fetchone()
        text, facts = alert if alert is not None else ("", "{}")
        held = connection.execute(_HELD, key).fetchall()
        return cls(
            tuple(line for line in result_lines(text) if line and not _IS_WELL.search(line)),
            tuple(map(int, json.loads(facts).get("codes", ()))),
            tuple(
                f"{_STOPPED[kind]} by {by}" + (f": {reason}" if reason else "")
                for kind, _, by, reason in held
            ),
            str(held[0][1]) if held else "",
        )


def _need(
    connection: Connection, row: Row, key: Mapping[str, str], standing: Standing, around: _Around
) -> Need:
    since, why = str(row["last_run_at"] or ""), around.said
    match standing:
        case Standing.UNPROTECTED | Standing.ELSEWHERE:
            since = str(row["unprotected_since"] or since)
            why = tuple(filter(None, str(row["problem"] or "no stop is set").split("; ")))
        case Standing.UNCOVERED:
            gap = connection.execute(_GAP, key).fetchone()
            since = since if gap is None else str(gap[0])
            if not connection.execute(_LEVELS, key).fetchone()[0]:
                why = (_NO_LADDER,)
        case Standing.UNKNOWN:
            since = str(row["position_read_at"] or "")
        case Standing.STOPPED:
            since, why = around.held_since, ()
        case _:
            pass
    step = _BY_STANDING[Standing.STOPPED] if around.held else _next_step(standing, why, around, row)
    lines = (*around.held, *map(_in_words, why))
    return Need(standing.words, since, _how_much(standing, row), lines, step)


def _in_words(line: str) -> str:
    """The line with words for the marks of alerts, which not every screen shows."""
    for mark, words in _MARKS.items():
        line = line.replace(mark, words)
    return line


def _how_much(standing: Standing, row: Row) -> str:
    size = row["position_size"]
    if size is None:
        last = row["last_position_size"]
        return f"{last} when last read" if row["position_read_at"] else "never read"
    if standing is Standing.UNPROTECTED:
        bare = Decimal(str(size)) - Decimal(str(row["protected_quantity"] or 0))
        return f"{plain(bare)} of {size}"
    if standing is Standing.UNCOVERED:
        bare = Decimal(str(size)) - Decimal(str(row["covered_quantity"] or 0))
        return f"{plain(bare)} of {size}"
    if standing is Standing.OVERCOVERED:
        more = Decimal(str(row["covered_quantity"] or 0)) - Decimal(str(size))
        return f"{plain(more)} more than {size}"
    return f"position of {size}" if size != "0" else "flat"


def _next_step(standing: Standing, why: Sequence[str], around: _Around, row: Row) -> str:
    """What a person can do: by what the exchange refused, what was said of it, how it stands."""
    kinds = (_meaning(code).kind for code in around.codes)
    outcome = row["last_outcome"]
    steps = (
        *(CLASSES[kind].remedy for kind in kinds if kind in CLASSES),
        *(found.meaning.remedy for line in why if (found := explain(line)) is not None),
        _BY_STANDING.get(standing, ""),
        OUTCOMES[RunOutcome(str(outcome))].remedy if outcome is not None else "",
    )
    useful = dict.fromkeys(one for one in steps if one and not one.startswith(_NO_STEPS))
    waits = (one for one in steps if one.startswith("Nothing: "))
    return " ".join(list(useful)[:_MOST_STEPS]) or next(waits, _WAITS)


def _meaning(code: int) -> CodeMeaning:
    """Of a code of the exchange, or of an HTTP status, which alerts give likewise."""
    return classify_status(code) if code in _STATUSES else classify(code)
