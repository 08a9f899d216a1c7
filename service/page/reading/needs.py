"""What of a monitor needs a person: what it is, since when, how much, why, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ....domain.model.instrument import plain
from ....domain.model.record import RunOutcome
from ....storage import Connection, Row
from .engine import Engine
from .reasons import Reasons, in_words, read_reasons
from .standing import Standing, words_of
from .steps import steps_of

_WHOLE = 100
_ROUND = 100
"""A value of so much, or more, is said without decimals."""
_GOOD = (RunOutcome.IN_SYNC.value, RunOutcome.SUCCESS.value)
_NO_LADDER = (
    "no ladder: none is given, on record, or to be taken from live orders or a main account"
)
_STOP_ALONE = "no ladder: none is given; a stop is all that is wanted here, and it is kept"
_GAP = """
SELECT since FROM coverage_log
WHERE account = :account AND symbol = :symbol AND side = :side AND until IS NULL
ORDER BY id DESC LIMIT 1"""
_LEVELS = """
SELECT COUNT(*) FROM level_status
WHERE account = :account AND symbol = :symbol AND side = :side"""
_BARE = {Standing.UNPROTECTED: "without a stop", Standing.UNCOVERED: "uncovered"}
_OF_RUN_ENDS = (Standing.UNPROTECTED, Standing.UNCOVERED, Standing.OVERCOVERED, Standing.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Need:
    """What needs a person.

    Attributes:
        what: in a few words.
        since: an instant as the database has it; empty where it is not known.
        at_the_latest: whether a run's end found it so, and it may have been so before.
        how_much: of the position; empty where that says nothing.
        why: a line for each reason; none where none is on record.
        next_step: what to do; commands in it stand between backticks.
    """

    what: str
    since: str
    at_the_latest: bool
    how_much: str
    why: tuple[str, ...]
    next_step: str


def needs_of(connection: Connection, row: Row, engine: Engine) -> tuple[Need, ...]:
    """What of a monitor needs a person, worst first, as the list says how it stands.

    Raises:
        sqlite3.Error: the database cannot be read.
    """
    standing = Standing(str(row["standing"]))
    if not standing.needs_a_person:
        return ()
    key = {name: str(row[name]) for name in ("account", "symbol", "side")}
    reasons = read_reasons(connection, key, str(row["last_run_id"] or ""))
    also = standing is Standing.UNPROTECTED and float(str(row["coverage_pct"])) < _WHOLE
    standings = (standing, Standing.UNCOVERED) if also else (standing,)
    return tuple(_need(connection, row, key, one, reasons, engine) for one in standings)


def _need(
    connection: Connection,
    row: Row,
    key: Mapping[str, str],
    standing: Standing,
    reasons: Reasons,
    engine: Engine,
) -> Need:
    since, why = str(row["last_run_at"] or ""), reasons.said
    match standing:
        case Standing.UNPROTECTED | Standing.ELSEWHERE:
            since = str(row["unprotected_since"] or since)
            why = tuple(filter(None, str(row["problem"] or "no stop is set").split("; ")))
        case Standing.UNCOVERED:
            gap = connection.execute(_GAP, key).fetchone()
            since = since if gap is None else str(gap[0])
            if not connection.execute(_LEVELS, key).fetchone()[0]:
                why = (_STOP_ALONE if row["last_outcome"] in _GOOD else _NO_LADDER,)
        case Standing.UNKNOWN:
            since = str(row["position_read_at"] or "")
        case Standing.STOPPED:
            since, why = reasons.held_since, ()
        case _:
            pass
    steps = steps_of(standing, why, reasons.codes, row, is_held=bool(reasons.held))
    return Need(
        words_of(standing, row),
        since,
        standing in _OF_RUN_ENDS,
        _how_much(standing, row),
        (*reasons.held, *in_words(why)),
        engine.steps(steps),
    )


def _how_much(standing: Standing, row: Row) -> str:
    size = row["position_size"]
    if size is None:
        last = row["last_position_size"]
        return f"{last} when last read" if row["position_read_at"] else "never read"
    if standing in _BARE:
        kept = "protected_quantity" if standing is Standing.UNPROTECTED else "covered_quantity"
        bare = Decimal(str(size)) - Decimal(str(row[kept] or 0))
        is_known = standing is not Standing.UNCOVERED or not row["unanswered"]
        words = _BARE[standing] if is_known else "not known to be covered"
        return f"{plain(bare)} of {size} {words}{_worth(bare, row)}"
    if standing is Standing.OVERCOVERED:
        more = Decimal(str(row["covered_quantity"] or 0)) - Decimal(str(size))
        return f"{plain(more)} more than {size}"
    return f"position of {size}" if size != "0" else "flat"


def _worth(quantity: Decimal, row: Row) -> str:
    """The value, at the only price that every monitor has on record; empty where it has none."""
    value = quantity * Decimal(str(row["entry_price"] or 0))
    if not value:
        return ""
    figure = round(value) if value >= _ROUND else round(value, 2)
    return f" (≈ {plain(Decimal(figure))} at the entry price)"
