"""What is on record of why a monitor stands as it does: what its last alert and run say."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ....domain.model.intent import IntentStatus
from ....domain.reporting.alert_text import MARKS
from ....domain.reporting.delivery.wording import result_lines
from ....storage import Connection

_IS_WELL = re.compile("[✅☑]|^🛡️ the stop moved")
_OF_LEVEL = re.compile(r"(?P<level>TP\d+(?:\.\d+)?): (?P<change>\S+→\S+) (?P<rest>.+)")
_MARKS = {
    MARKS[IntentStatus.SENT]: "acknowledged, not verified:",
    MARKS[IntentStatus.REFUSED]: "refused:",
    MARKS[IntentStatus.UNKNOWN]: "not verified:",
    MARKS[IntentStatus.HELD]: "held back:",
}
_STOPPED = {"halt": "halted", "pause": "paused"}
_SPENT = "the run has used up"
_ALERT = """
SELECT text, facts FROM alert_log
WHERE account = :account AND symbol = :symbol AND side = :side ORDER BY id DESC LIMIT 1"""
_HELD = """
SELECT kind, asked_at, asked_by, reason FROM control_status
WHERE in_force = 1 AND coalesce(account, :account) = :account
  AND coalesce(symbol, :symbol) = :symbol AND coalesce(side, :side) = :side
ORDER BY kind, number"""
_END = """
SELECT detail FROM transition_log WHERE run_id = :run AND target = 'Alerting'
ORDER BY id DESC, part DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What is on record of a monitor beside its row.

    Attributes:
        said: what the last alert says that did not go well, and how its last run ended.
        codes: of what the exchange refused, as it says.
        held: who stopped the monitor and why, a line each.
        held_since: when the first of them did.
    """

    said: tuple[str, ...]
    codes: tuple[int, ...]
    held: tuple[str, ...]
    held_since: str


def read_reasons(connection: Connection, key: Mapping[str, str], run: str) -> Reasons:
    """What there is of a monitor.

    Args:
        connection: in a transaction.
        key: its account, symbol and side.
        run: its last one; empty where it has not run.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    alert = connection.execute(_ALERT, key).fetchone()
    text, facts = alert if alert is not None else ("", "{}")
    held = connection.execute(_HELD, key).fetchall()
    said = [line for line in result_lines(text) if line and not _IS_WELL.search(line)]
    end = connection.execute(_END, {"run": run}).fetchone()
    if end is not None and str(end[0]).startswith(_SPENT):
        said += [str(end[0])] * (not any(line.startswith(str(end[0])) for line in said))
    return Reasons(
        tuple(said),
        tuple(map(int, json.loads(facts).get("codes", ()))),
        tuple(
            f"{_STOPPED[kind]} by {by}" + (f": {reason}" if reason else "")
            for kind, _, by, reason in held
        ),
        str(held[0][1]) if held else "",
    )


def in_words(lines: Iterable[str]) -> Iterator[str]:
    """The lines with words for the marks of alerts; levels that say the same share one.

    >>> list(in_words(["TP1: 0→850 ❌ 110007 no margin", "TP2: 0→50 ❌ 110007 no margin"]))
    ['TP1 0→850, TP2 0→50 refused: 110007 no margin']
    """
    folded: dict[str, list[str]] = {}
    for line in lines:
        found = _OF_LEVEL.fullmatch(line)
        if found is None:
            folded.setdefault(line, [])
        else:
            folded.setdefault(found["rest"], []).append(f"{found['level']} {found['change']}")
    for rest, levels in folded.items():
        words = rest
        for mark, word in _MARKS.items():
            words = words.replace(mark, word)
        yield f"{', '.join(levels)} {words}" if levels else words
