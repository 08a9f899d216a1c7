"""Views for people: what an operator reads with any SQLite client.

The store recreates them whenever a database has different ones, so changing one needs no migration.
They unfold the lists of the tables: what stands where in a list is said by :mod:`..journal_rows`
and :mod:`..monitor_rows`, which write them.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from ..conditions import IN_FORCE, OPEN_INTENT
from ..phrases import MOST_VALUES
from .close_definitions import CLOSE_LOG, CLOSE_STATUS
from .event_definitions import (
    COVERAGE_LOG,
    ENGINE_LOG,
    EVENT_LOG,
    FILL_LOG,
    LADDER_LOG,
    PROTECTION_LOG,
    RESULT_LOG,
)
from .order_definitions import ORDER_LOG
from .stop_definitions import STOP_LOG, STOP_STATUS
from .timeline import TIMELINE
from .unfolding import at_place as _at
from .unfolding import instant as _instant
from .unfolding import unfolded as _unfolded
from .unfolding import whole as _whole
from .unfolding import whole_at as _whole_at

ViewName = Literal[
    "account_status",
    "monitor_status",
    "level_status",
    "pending_write",
    "transition_log",
    "exchange_call_log",
    "decision_log",
    "intent_log",
    "alert_log",
    "alert_delivery_log",
    "order_log",
    "control_status",
    "command_log",
    "event_log",
    "fill_log",
    "result_log",
    "coverage_log",
    "ladder_log",
    "engine_log",
    "unwatched_log",
    "stop_status",
    "stop_log",
    "protection_log",
    "close_status",
    "close_log",
    "timeline",
]
VIEW_NAMES: tuple[ViewName, ...] = get_args(ViewName)


@dataclass(frozen=True, slots=True)
class View:
    """A view.

    Attributes:
        query: its SELECT.
        order: the columns that its rows are in order of as SQLite finds them: it reads the last
            ones without the others.
        within: what tells rows apart that are equal in those.
    """

    query: str
    order: tuple[str, ...] = ("id",)
    within: tuple[str, ...] = ()


def _columns(entry: str, names: str, first: int = 0) -> str:
    """What stands in a list from a place on, by these names."""
    found = enumerate(names.split(), first)
    return ", ".join(f"{_named(entry, place, name)} AS {name}" for place, name in found)


def _named(entry: str, place: int, name: str) -> str:
    """What stands in a list at a place, by the type of a column of that name."""
    return _whole_at(entry, place) if name in _WHOLE else _at(entry, place)


def _bare(names: str) -> str:
    """Columns of an intent with the types that what is unfolded of JSON has: none, but for numbers.

    SQLite goes through the two halves of a union in order, without the whole of it, only where
    their columns have the same types.
    """
    return ", ".join(
        _whole(f"i.{name}") if name in _WHOLE else f"+i.{name}" for name in names.split()
    )


_AT = -1
_WHOLE = frozenset(
    [
        "number",
        "level",
        "part",
        "cycle",
        "generation",
        "again",
        "code",
        "latency_ms",
        "attempts",
        "updated_ms",
    ]
)
"""The columns that are whole numbers."""
_OPEN = "CAST((SELECT coalesce(max(id), 0) + 1 FROM journal) AS INTEGER)"
"""The commit to come, which is the first that may settle an open write."""
_SHOWN = (
    "iif(status = 'filled', {status} = 'filled', {status} IN ('pending_new', 'open'))"
).format(status=_at("o", 8))
_WRITE = (
    "operation level part order_link_id order_id quantity price covered covers generation again "
    "status code detail"
)
"""The columns of a write as the views show them."""
_FIRST = "operation level part order_link_id order_id quantity"
_SECOND = "covered covers generation again status"
_VALUES = ", ".join(_at("e", place) for place in range(2, MOST_VALUES + 2))
_LINK = f"""CASE json_type(e.value, '$[2]')
           WHEN 'integer' THEN json_extract(j.intents, '$[' || {_at("e", 2)} || '][5]')
           ELSE {_at("e", 2)} END"""
"""Of a write that is over with this commit, a call has the place."""
_KEPT = f"""
SELECT {_bare("number id run_id")}, m.account, m.symbol, m.side, {_bare(_WRITE)},
       {_bare("created_at resolved_at")}, {_OPEN}
FROM intent i JOIN monitor m ON m.id = i.monitor_id"""
"""The writes that are open, or of a run that is under way."""
_NAMES = f"number id run_id account symbol side {_WRITE} created_at resolved_at settled_in"
KEPT_OF_RUN = f"""
WITH kept({", ".join(_NAMES.split())}) AS ({_KEPT} WHERE i.run_id = :run)
SELECT * FROM kept"""
"""Those of one run, as ``intent_log`` has them; asked for them, it goes through all the journal."""


def _log(entries: str, joined: str = "", **places: int | str) -> str:
    """The query of a log: one row for each entry of such a list in the journal.

    Args:
        entries: the list.
        joined: what is joined with an entry.
        places: where each column stands in an entry, or how it is made from it.
    """
    when = _instant(f"j.at_us + {_whole_at('e', 0)}")
    made = {
        name: place
        if isinstance(place, str)
        else when
        if place == _AT
        else _named("e", place, name)
        for name, place in places.items()
    }
    values = ", ".join(f"{value} AS {name}" for name, value in made.items())
    return f"""
SELECT j.id, e.key AS part, j.run_id, m.account, m.symbol, m.side, {values}
FROM journal j JOIN monitor m ON m.id = j.monitor_id {_unfolded(f"j.{entries}", "e")}{joined}"""


VIEWS: dict[ViewName, View] = {
    "account_status": View(
        order=("account",),
        query="""
SELECT account, swept_at, monitors, drifted, view_state, reason, clock_offset_ms, engine_start
FROM account_sweep""",
    ),
    "monitor_status": View(
        order=("account", "symbol", "side"),
        query=f"""
SELECT account, symbol, side, role, follows, state,
       iif(position_read_at = last_run_at, position_size, NULL) AS position_size,
       iif(position_read_at = last_run_at, covered_quantity, NULL) AS covered_quantity,
       iif(position_read_at = last_run_at, coverage_pct, NULL) AS coverage_pct,
       position_size AS last_position_size, position_read_at, last_outcome, last_run_id,
       last_run_at, attempts, next_try_at, waits_until, waits_for, ladder_source, recovered_at,
       cycle, version, source, expires_at,
       (SELECT CASE min(kind) WHEN 'halt' THEN 'halted' WHEN 'pause' THEN 'paused' END
        FROM control AS c
        WHERE {IN_FORCE} AND c.account IN ('', m.account) AND c.symbol IN ('', m.symbol)
          AND c.side IN ('', m.side)) AS stopped,
       json_extract(reported, '$[6]') AS others_close
FROM monitor AS m""",
    ),
    "level_status": View(
        order=("account", "symbol", "side"),
        within=("level",),
        query=f"""
SELECT account, symbol, side, level, price, share, target_quantity, live_quantity,
       filled_quantity,
       (SELECT {_at("w", 2)} || ' ' || {_at("w", 3)} FROM json_each(withheld) AS w
        WHERE {_whole_at("w", 0)} = level) AS withheld,
       (SELECT group_concat({_at("o", 0)}, ' ') FROM json_each(orders) AS o
        WHERE {_whole_at("o", 1)} = level AND {_SHOWN}) AS order_link_id,
       (SELECT group_concat(nullif({_at("o", 3)}, ''), ' ') FROM json_each(orders) AS o
        WHERE {_whole_at("o", 1)} = level AND {_SHOWN}) AS order_id,
       iif(status = 'open',
           coalesce((SELECT iif(i.operation = 'amend', 'pending_replace', 'pending_cancel')
                     FROM intent i JOIN json_each(orders) AS o
                       ON {_at("o", 0)} = i.order_link_id
                     WHERE i.monitor_id = monitor AND i.operation <> 'place'
                       AND i.{OPEN_INTENT}
                       AND {_whole_at("o", 1)} = level AND {_at("o", 8)} = 'open'
                     ORDER BY i.number DESC LIMIT 1), status),
           status) AS status
FROM (SELECT m.id AS monitor, m.account, m.symbol, m.side, m.orders, m.withheld,
             {_whole_at("l", 0)} AS level, {_at("l", 1)} AS price, {_at("l", 2)} AS share,
             json_extract(m.targets, '$."' || {_at("l", 0)} || '"') AS target_quantity,
             {_at("l", 3)} AS live_quantity, {_at("l", 4)} AS filled_quantity,
             {_at("l", 5)} AS status
      FROM monitor m {_unfolded("m.levels", "l")}) AS unfolded""",
    ),
    "pending_write": View(
        order=("number",),
        query="""
SELECT i.number, m.account, m.symbol, m.side, i.level, i.order_link_id,
       CASE i.operation WHEN 'amend' THEN 'pending_replace' WHEN 'cancel' THEN 'pending_cancel'
                        ELSE 'pending_new' END AS status,
       CASE WHEN i.status = 'sent' THEN 1 ELSE 0 END AS acknowledged,
       i.price_before, i.quantity_before, i.price, i.quantity, i.covered, i.covers,
       i.created_at, i.until, i.run_id
FROM intent i JOIN monitor m ON m.id = i.monitor_id
WHERE i.status IN ('planned', 'sent', 'unknown')""",
    ),
    "transition_log": View(
        within=("part",),
        query=_log("transitions", source=1, event=2, target=3, at=_AT, detail=4),
    ),
    "exchange_call_log": View(
        within=("part",),
        query=_log(
            "calls",
            operation=1,
            order_link_id=_LINK,
            outcome=3,
            code=4,
            latency_ms=5,
            at=_AT,
            detail=6,
        ),
    ),
    "decision_log": View(
        within=("part",),
        query=_log(
            "decisions",
            joined=f" LEFT JOIN phrase p ON p.id = {_whole_at('e', 1)}",
            state="p.state",
            text=f"coalesce(printf(p.text, {_VALUES}), '')",
            at=_AT,
        ),
    ),
    "intent_log": View(
        order=("settled_in",),
        within=("number",),
        query=f"""
SELECT {_whole_at("e", 0)} AS number,
       iif({_at("e", 1)} LIKE '-%', coalesce({_at("e", 18)}, j.run_id), '') || {_at("e", 1)} AS id,
       coalesce({_at("e", 18)}, j.run_id) AS run_id, m.account, m.symbol, m.side,
       {_columns("e", _FIRST, 2)}, {_at("e", 15)} AS price, {_columns("e", _SECOND, 8)},
       {_whole_at("e", 16)} AS code, coalesce({_at("e", 17)}, '') AS detail,
       {_instant("j.at_us + " + _whole_at("e", 13))} AS created_at,
       {_instant("j.at_us + " + _whole_at("e", 14))} AS resolved_at, j.id AS settled_in
FROM journal j JOIN monitor m ON m.id = j.monitor_id {_unfolded("j.intents", "e")}
UNION ALL{_KEPT}""",
    ),
    "alert_log": View(
        query="""
SELECT id, run_id, account, symbol, side, status,
       coalesce((SELECT group_concat(k.value, ' ') FROM json_each(facts, '$.kinds') AS k), '')
           AS kinds,
       json_extract(facts, '$.uncovered[0]') AS uncovered,
       json_extract(facts, '$.uncovered[1]') AS uncovered_since,
       json_extract(facts, '$.unprotected[0]') AS unprotected,
       json_extract(facts, '$.unprotected[1]') AS unprotected_since,
       text, created_at, delivered_at, attempts, facts
FROM alert""",
    ),
    "alert_delivery_log": View(
        order=("alert_id",),
        within=("sink",),
        query=f"""
SELECT a.id AS alert_id, e.key AS sink, a.run_id, a.account, a.symbol, a.side, a.created_at,
       {_columns("e", "attempts delivered_at next_try_at error")}
FROM alert a {_unfolded("a.deliveries", "e")}""",
    ),
    "order_log": View(
        order=("account", "symbol", "side"),
        within=("cycle", "level", "part", "order_link_id"),
        query=ORDER_LOG,
    ),
    "control_status": View(
        order=("number",),
        query=f"""
SELECT number, kind, nullif(account, '') AS account, nullif(symbol, '') AS symbol,
       nullif(side, '') AS side, asked_at, asked_by, reason,
       CASE WHEN {IN_FORCE} THEN 1 ELSE 0 END AS in_force, acknowledged_at, share, cycle, ended_by,
       (SELECT e.asked_at FROM control AS e WHERE e.number = control.ended_by) AS ended_at
FROM control""",
    ),
    "command_log": View(
        query="""
SELECT id, command_id, kind, nullif(account, '') AS account, nullif(symbol, '') AS symbol,
       nullif(side, '') AS side, asked_at, asked_by, reason, arguments, changes, answered_at, answer
FROM command""",
    ),
    "event_log": View(within=("part",), query=EVENT_LOG),
    "fill_log": View(within=("part", "place"), query=FILL_LOG),
    "result_log": View(within=("part",), query=RESULT_LOG),
    "coverage_log": View(within=("part",), query=COVERAGE_LOG),
    "ladder_log": View(within=("part",), query=LADDER_LOG),
    "engine_log": View(query=ENGINE_LOG),
    "unwatched_log": View(
        query="""
SELECT id, account, symbol, side, size, entry_price, since, until, nullif(why, '') AS why
FROM unwatched""",
    ),
    "close_status": View(order=("account", "symbol", "side"), query=CLOSE_STATUS),
    "close_log": View(order=("settled_in",), within=("number",), query=CLOSE_LOG),
    "stop_status": View(order=("account", "symbol", "side"), query=STOP_STATUS),
    "stop_log": View(within=("part",), query=STOP_LOG),
    "protection_log": View(within=("part",), query=PROTECTION_LOG),
    "timeline": View(order=("at",), query=TIMELINE),
}


def definitions() -> dict[str, str]:
    """The statement that makes each view, by its name."""
    return {name: f"CREATE VIEW {name} AS{view.query}" for name, view in VIEWS.items()}
