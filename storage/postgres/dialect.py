"""The project's SQL, which is SQLite's, in PostgreSQL's words.

Tables, statements, views and queries are written once (:mod:`trueup.storage.sql`). What they use
of SQLite that PostgreSQL calls otherwise is in :data:`_CALLS`: each call by what it becomes. JSON
stays the text that was written: PostgreSQL's own ``jsonb`` would sort its names.

What is unfolded of JSON is text here. Where it is a whole number, the SQL says so by a CAST.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

_OBJECTS = re.compile(r"\w+\.(deliveries|settings)")
"""The columns that hold an object, whose names are the keys of its entries."""
_WORD = re.compile(r"'(?:[^']|'')*'|\b([a-z_]+)\(")
_STEP = re.compile(r'\[(\d+)\]|\.(\w+)|\."([^"]*)"')
_PATH = re.compile(r"'\$((?:[^']|'')*)'")
_PARAMETER = re.compile(r"'(?:[^']|'')*'|(\?)|(?<!:):([a-z_]+)\b")
_TIMES = {"'%Y-%m-%dT%H:%M:%S'": 'YYYY-MM-DD"T"HH24:MI:SS'}
_REST = (
    (re.compile(r"\bAS INTEGER\)"), "AS BIGINT)"),
    (re.compile(r"\bAS REAL\)"), "AS NUMERIC)"),
    (re.compile(r"(?<=[ ,])\+(?=i\.)"), ""),
    (re.compile(r"\bx'([0-9a-f]+)'"), r"'\\x\1'::bytea"),
)


def in_words_of_postgres(sql: str) -> str:
    """A query or a definition without parameters."""
    made = _expanded(sql)
    for found, instead in _REST:
        made = found.sub(instead, made)
    return made


@lru_cache(maxsize=1024)
def statement_of_postgres(sql: str) -> str:
    """A statement with its parameters, ``?`` or ``:name``, as psycopg has them."""

    def parameter(found: re.Match[str]) -> str:
        if found[1]:
            return "%s"
        return f"%({found[2]})s" if found[2] else found[0]

    return _PARAMETER.sub(parameter, in_words_of_postgres(sql).replace("%", "%%"))


def _expanded(sql: str) -> str:
    """The text with every call that PostgreSQL names otherwise replaced, inner ones first."""
    made, place = "", 0
    while found := _WORD.search(sql, place):
        call = _CALLS.get(found[1] or "")
        if call is None:
            made += sql[place : found.end()]
            place = found.end()
            continue
        arguments, end = _arguments(sql, found.end())
        made += sql[place : found.start()] + call(*map(_expanded, arguments))
        place = end
    return made + sql[place:]


def _arguments(sql: str, start: int) -> tuple[list[str], int]:
    """The arguments of a call whose bracket opened just before, and the place after it."""
    depth, began, place, found = 0, start, start, list[str]()
    while True:
        sign = sql[place]
        if sign == "'":
            place = sql.index("'", place + 1)
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign in ",)" and not depth:
            found.append(sql[began:place].strip())
            began = place + 1
            if sign == ")":
                return found, began
        place += 1


def _if(condition: str, then: str, otherwise: str) -> str:
    return f"CASE WHEN {condition} THEN {then} ELSE {otherwise} END"


def _inner(value: str, path: str) -> str:
    """What of a JSON text stands at a path that is known; ``'{2,name}'``."""
    known = _PATH.fullmatch(path)
    if known is None:
        raise ValueError(f"no path of JSON: {path}")
    steps = ",".join(next(filter(None, step)) for step in _STEP.findall(known[1]))
    return f"(({value})::json #> '{{{steps}}}')" if steps else f"({value})::json"


def _extract(value: str, path: str) -> str:
    if _PATH.fullmatch(path):
        return f"({_inner(value, path)} #>> '{{}}')"
    made = f"('strict ' || {path})::jsonpath"
    return f"(jsonb_path_query_first(({value})::jsonb, {made}, '{{}}', TRUE) #>> '{{}}')"


def _each(value: str, path: str = "'$'") -> str:
    """Of a list or an object a row for each entry: its key, and its value as text."""
    if _OBJECTS.fullmatch(value):
        return f"json_each_text(({value})::json)"
    listed = _inner(value, path)
    if path != "'$'":
        # A list in a list may be missing, or be null.
        listed = f"CASE json_typeof({listed}) WHEN 'array' THEN {listed} END"
    return (
        "LATERAL (SELECT n - 1 AS key, value FROM json_array_elements_text("  # noqa: S608 - our own words
        f"{listed}) WITH ORDINALITY AS listed(value, n))"
    )


def _type(value: str, path: str) -> str:
    kind = f"json_typeof({_inner(value, path)})"
    return _if(f"{kind} = 'number'", "'integer'", kind)


def _printed(text: str, *values: str) -> str:
    """``printf`` of words with ``%s``, or of the fraction of a second."""
    if text == "'.%06dZ'":
        return f"'.' || lpad(({values[0]})::text, 6, '0') || 'Z'"
    return f"format({', '.join((text, *values))})"


def _time(pattern: str, seconds: str) -> str:
    return f"to_char(timestamp 'epoch' + ({seconds}) * interval '1 second', '{pattern}')"


_CALLS: Mapping[str, Callable[..., str]] = {
    "iif": _if,
    "json_extract": _extract,
    "json_each": _each,
    "json_type": _type,
    "json_array_length": lambda value, path: f"json_array_length({_inner(value, path)})",
    "group_concat": lambda value, between: f"string_agg(({value})::text, {between})",
    "printf": _printed,
    "strftime": lambda pattern, seconds, _epoch: _time(_TIMES[pattern], seconds),
    "datetime": lambda seconds, _epoch: _time("YYYY-MM-DD HH24:MI:SS", seconds),
    "pragma_table_info": lambda table: (
        f"(SELECT attname AS name FROM pg_attribute WHERE attrelid = {table}::regclass) AS named"  # noqa: S608 - our own words
    ),
    "instr": lambda text, part: f"strpos({text}, {part})",
}
"""What SQLite calls otherwise: of each function how a call of it is said."""
