"""The view of everything that happened, in one sequence: what every log has, in equal columns.

SQLite hands what a query asks of account, symbol, side, run or commit to each part of the view,
which read the journal by its indexes. An entry's own time is in no index; that of its commit is
compared before the entry is unfolded.
"""

from ....domain.model.events import EventKind
from ..conditions import EVENTS
from .event_definitions import ladder_text
from .unfolding import at_place, instant, unfolded, whole, whole_at

_COMMIT_AT = "replace(datetime(j.at_us / 1000000, 'unixepoch'), ' ', 'T') || 'Z'"
"""To the second: it is made for each row of the journal that a query looks at."""
_SECOND = "substr({0}, 1, 19) || 'Z'".format
_LEVEL = "iif({0} > 0, 'TP' || {0} || iif({1} > 1, '.' || {1}, ''), {2})".format
_CODE = "coalesce(' ' || {}, '')".format
_BECAUSE = "iif(coalesce({0}, '') = '', '', ': ' || {0})".format


def _place(number: int) -> str:
    return at_place("e", number)


def _event(name: str) -> str:
    return f"json_extract(e.value, '$[2].{name}')"


def _stop(price: int, trailing: int) -> str:
    """A stop in figures, as alerts say it."""
    trails = f"'trailing by ' || nullif({_place(trailing)}, '0')"
    set_at = f"nullif({_place(price)}, '0')"
    return f"coalesce({set_at} || ', ' || {trails}, {set_at}, {trails}, 'none')"


def _of_journal(
    entries: str,
    kind: str,
    what: str,
    detail: str,
    *,
    after: int = 0,
    run: str = "j.run_id",
    where: str = "TRUE",
) -> str:
    """The entries of one list of the journal.

    Args:
        entries: the list.
        kind: what the column says, as SQL, and so on.
        what: in a few words.
        detail: the rest.
        after: where an entry has its time.
        run: the run that it is of.
        where: which rows have the list, in the words of its index.
    """
    return f"""
SELECT {instant(f"j.at_us + {whole_at('e', after)}")} AS at, m.account, m.symbol, m.side,
       {run} AS run_id, {kind} AS kind, {what} AS what, {detail} AS detail,
       {_COMMIT_AT} AS commit_at
FROM journal j JOIN monitor m ON m.id = j.monitor_id {unfolded(f"j.{entries}", "e")}
WHERE {where}"""


_STARTS = f"""
SELECT started_at AS at, NULL AS account, NULL AS symbol, NULL AS side, NULL AS run_id,
       'start' AS kind, 'trueup ' || trueup_version AS what, coalesce(changed, '') AS detail,
       {_SECOND("started_at")} AS commit_at
FROM engine_log"""
_STOPS = f"""
SELECT stopped_at, NULL, NULL, NULL, NULL, 'stop', 'trueup ' || trueup_version, '',
       {_SECOND("stopped_at")}
FROM engine_start WHERE stopped_at IS NOT NULL"""
_CONTROLS = f"""
SELECT asked_at, account, symbol, side, NULL, kind,
       coalesce(account, 'everything') || coalesce(' ' || symbol, '') || coalesce(' ' || side, ''),
       asked_by || {_BECAUSE("reason")}, {_SECOND("asked_at")}
FROM control_status"""
_CALLS = _of_journal(
    "calls",
    "'call'",
    f"""{_place(1)} || iif({_place(2)} = '', '', ' ' ||
           iif(json_type(e.value, '$[2]') = 'integer',
               json_extract(j.intents, '$[' || {_place(2)} || '][5]'), {_place(2)}))""",
    f"{_place(3)} || {_CODE(_place(4))} || {_BECAUSE(_place(6))}",
)
_ENDED_WRITES = _of_journal(
    "intents",
    "'write'",
    f"""{_place(2)} || ' ' || {_LEVEL(whole_at("e", 3), whole_at("e", 4), _place(5))} || ' ' ||
           {_place(8)} || ' → ' || {_place(9)} || coalesce(' at ' || {_place(15)}, '')""",
    f"{_place(5)} || ': ' || {_place(12)} || {_CODE(_place(16))} || {_BECAUSE(_place(17))}",
    after=13,
    run=f"coalesce({_place(18)}, j.run_id)",
)
_OPEN_WRITES = f"""
SELECT i.created_at, m.account, m.symbol, m.side, i.run_id, 'write',
       i.operation || ' ' || {_LEVEL("i.level", "i.part", "i.order_link_id")} || ' ' || i.covered
           || ' → ' || i.covers || coalesce(' at ' || i.price, ''),
       i.order_link_id || ': ' || i.status || {_CODE("i.code")} || {_BECAUSE("i.detail")},
       {_SECOND("i.created_at")}
FROM intent i JOIN monitor m ON m.id = i.monitor_id"""
_STEPS = _of_journal(
    "transitions",
    "'step'",
    f"{_place(1)} || ' → ' || {_place(3)}",
    f"{_place(2)} || {_BECAUSE(_place(4))}",
)
_STOP_SETS = _of_journal(
    "stops",
    "'stop'",
    f"{_stop(7, 12)} || ' → ' || {_stop(4, 5)}",
    f"{_place(9)} || {_CODE(_place(10))} || {_BECAUSE(_place(8))} || {_BECAUSE(_place(11))}",
)
_PRICE = f"coalesce({_event('average')}, {_event('price')})"
_EVENTS = _of_journal(
    "events",
    f"""CASE {_place(1)} WHEN '{EventKind.LEVEL_FILLED.value}' THEN 'fill'
            WHEN '{EventKind.LADDER_CHANGED.value}' THEN 'ladder' ELSE 'event' END""",
    f"""CASE {_place(1)}
            WHEN '{EventKind.LEVEL_FILLED.value}'
            THEN {_LEVEL(whole(_event("level")), "1", _event("order_link_id"))} || ': '
                || {_event("quantity")} || ' at ' || {_PRICE}
            WHEN '{EventKind.LADDER_CHANGED.value}' THEN {_event("who")}
            ELSE {_place(1)} END""",
    f"""iif({_place(1)} = '{EventKind.LADDER_CHANGED.value}',
            coalesce({ladder_text("before")}, 'none') || ' → ' ||
            coalesce({ladder_text("after")}, 'none'), {_place(2)})""",
    where=f"j.{EVENTS}",
)
_ALERTS = f"""
SELECT created_at, account, symbol, side, run_id, 'alert',
       status || coalesce(', delivered ' || delivered_at, ', not delivered yet'), text,
       {_SECOND("created_at")}
FROM alert"""

_PARTS = (
    _STARTS,
    _CONTROLS,
    _CALLS,
    _ENDED_WRITES,
    _OPEN_WRITES,
    _STOP_SETS,
    _STEPS,
    _EVENTS,
    _ALERTS,
    _STOPS,
)
TIMELINE = "\nUNION ALL".join(_PARTS) + "\nORDER BY at"
