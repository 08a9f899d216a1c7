"""The views of events, and of the engine's starts: what :mod:`..event_rows` writes, unfolded."""

from ....domain.model.events import EventKind
from ..conditions import EVENTS
from .unfolding import instant, unfolded, whole, whole_at


def _field(name: str, entry: str = "e") -> str:
    """A field of an event that json_each has found."""
    return f"json_extract({entry}.value, '$[2].{name}')"


def _is(kind: EventKind, entry: str = "e") -> str:
    return f"json_extract({entry}.value, '$[1]') = '{kind.value}'"


def _at(row: str = "j", entry: str = "e") -> str:
    """When it was reported, as the text of an instant."""
    return instant(f"{row}.at_us + {whole_at(entry, 0)}")


def ladder_text(name: str) -> str:
    """A ladder as people read it; NULL where there is none."""
    return (
        "(SELECT group_concat(json_extract(l.value, '$[2]') || ' % at ' || "
        f"json_extract(l.value, '$[1]'), ', ') FROM json_each(e.value, '$[2].{name}') AS l)"
    )


def _execution(name: str) -> str:
    """A field of an execution that json_each has found."""
    return f"json_extract(x.value, '$.{name}')"


def _query(columns: str, *kinds: EventKind, joined: str = "") -> str:
    chosen = f" AND ({' OR '.join(map(_is, kinds))})" if kinds else ""
    return f"""
SELECT j.id, e.key AS part, j.run_id, m.account, m.symbol, m.side, {columns}
FROM journal j JOIN monitor m ON m.id = j.monitor_id {unfolded("j.events", "e")} {joined}
WHERE j.{EVENTS}{chosen}"""


def _intervals(began: EventKind, *ended: EventKind) -> str:
    """Each time from an event of the first kind to one of the others that names its start."""
    is_end = " OR ".join(_is(kind, "r") for kind in ended)
    until = f"""(SELECT {_at("k", "r")}
        FROM journal k {unfolded("k.events", "r")}
        WHERE k.{EVENTS} AND k.monitor_id = j.monitor_id AND k.id > j.id
          AND ({is_end}) AND {_field("since", "r")} = {_field("since")}
        ORDER BY k.id LIMIT 1)"""
    return _query(
        f"{_field('quantity')} AS quantity, {_field('since')} AS since, {until} AS until, "
        f"{_field('why')} AS why",
        began,
    )


EVENT_LOG = _query(
    f"json_extract(e.value, '$[1]') AS kind, {_at()} AS at, json_extract(e.value, '$[2]') AS detail"
)
FILL_LOG = _query(
    f"coalesce(x.key, 0) AS place, {whole(_field('level'))} AS level, "
    f"coalesce({_execution('quantity')}, {_field('quantity')}) AS quantity, "
    f"coalesce({_execution('price')}, {_field('average')}) AS price, "
    f"{_field('price')} AS limit_price, {_field('remaining')} AS remaining, "
    f"{_field('order_link_id')} AS order_link_id, {_execution('execution_id')} AS execution_id, "
    f"{_execution('at')} AS executed_at, {_execution('fee')} AS fee, {_at()} AS at",
    EventKind.LEVEL_FILLED,
    joined="LEFT JOIN json_each(e.value, '$[2].executions') AS x ON TRUE",
)
RESULT_LOG = _query(
    f"json_extract(e.value, '$[1]') AS kind, {_field('cause')} AS cause, "
    f"{_field('before')} AS before, {_field('realised.closed')} AS closed, "
    f"{_field('realised.unknown')} AS unknown, "
    f"iif({_field('realised.unknown')} = {_field('realised.closed')}, NULL, "
    f"{_field('realised.gross')}) AS gross, {_field('realised.fees')} AS fees, "
    f"{_field('realised.fees_unknown')} AS fees_unknown, {_at()} AS at",
    EventKind.POSITION_CLOSED,
    EventKind.POSITION_FLIPPED,
)
COVERAGE_LOG = _intervals(EventKind.UNCOVERED, EventKind.RECOVERED)
PROTECTION_LOG = _intervals(
    EventKind.UNPROTECTED, EventKind.PROTECTED_AGAIN, EventKind.STOP_TAKEN_OFF
)
LADDER_LOG = _query(
    f"{_field('who')} AS who, {ladder_text('before')} AS before, {ladder_text('after')} AS after, "
    f"{_at()} AS at",
    EventKind.LADDER_CHANGED,
)
ENGINE_LOG = """
SELECT s.id, s.started_at, s.stopped_at, s.trueup_version, s.schema_version, s.pybit_version,
       iif(p.id IS NULL, NULL, coalesce(
           (SELECT group_concat(
                       n.key || ': ' || coalesce(o.value, 'none') || ' → ' || n.value, '; ')
            FROM json_each(s.settings) AS n LEFT JOIN json_each(p.settings) AS o ON o.key = n.key
            WHERE coalesce(o.value <> n.value, TRUE)), '')) AS changed
FROM engine_start s
LEFT JOIN engine_start p ON p.id = (SELECT max(id) FROM engine_start WHERE id < s.id)"""
