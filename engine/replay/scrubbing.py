"""Recorded passes without what says whose they are: for a bug report, or a test.

Account names and the ids of runs, orders and trades become others, the same one for the same.
Prices, quantities, times and order link ids stay: decisions are made from them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from ...domain.recording.codec import Json, to_text

_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_RUN = re.compile(r'\["run_id","([^"]+)"')
_NAMED = frozenset({"account", "follows", "ladder_source"})
_TEXTS = frozenset({"text", "reason", "detail", "message"})


def scrubbed(passes: Sequence[Sequence[Json]]) -> tuple[tuple[Json, ...], ...]:
    """The passes with other names and ids.

    >>> entries = [["run_id", "8c2f01d3aa90", 1, 0]]
    >>> base = {"record": {"key": {"account": "alice"}, "role": "main"}}
    >>> scrubbed([[base, *entries]])[0][1]
    ['run_id', 'run-1', 1, 0]
    """
    text = to_text(passes)
    ids = {found: _uuid(n) for n, found in enumerate(dict.fromkeys(_UUID.findall(text)), 1)}
    shown = {f"{known[:8]}...": f"{new[:8]}..." for known, new in ids.items()}
    runs = {found: f"run-{n}" for n, found in enumerate(_runs(text, passes), 1)}
    text = _replaced(text, {**ids, **shown, **runs})
    accounts = {name: f"account-{n}" for n, name in enumerate(_accounts(passes), 1)}
    return tuple(tuple(_renamed(item, accounts) for item in items) for items in json.loads(text))


def _uuid(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-{number:012x}"


def _runs(text: str, passes: Sequence[Sequence[Json]]) -> dict[str, None]:
    """The ids of runs, in their order."""
    last = [items[0]["record"].get("last_run_id") for items in passes]
    return dict.fromkeys(filter(None, [*last, *_RUN.findall(text)]))


def _accounts(passes: Sequence[Sequence[Json]]) -> dict[str, None]:
    records = [items[0]["record"] for items in passes]
    own = [record["key"]["account"] for record in records]
    return dict.fromkeys([*own, *(one["follows"] for one in records if one.get("follows"))])


def _replaced(text: str, names: Mapping[str, str]) -> str:
    if not names:
        return text
    longest = sorted(names, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest)), lambda found: names[found[0]], text)


def _renamed(value: Json, accounts: Mapping[str, str], of: str = "") -> Json:
    """The value with other account names, in the fields that name one and in texts."""
    if isinstance(value, dict):
        return {name: _renamed(one, accounts, name) for name, one in value.items()}
    if isinstance(value, list):
        return (
            [*value[:1], *_rest(value, accounts)]
            if _is_entry(value)
            else [_renamed(one, accounts, of) for one in value]
        )
    if isinstance(value, str) and of in _NAMED:
        return accounts.get(value, value)
    return _in_text(value, accounts) if isinstance(value, str) and of in _TEXTS else value


def _is_entry(value: list[Json]) -> bool:
    """Whether it is an entry of a tape: a name, an answer, and two times."""
    return len(value) == 4 and isinstance(value[0], str) and type(value[3]) is int  # noqa: PLR2004 - a name, an answer, two times


def _rest(entry: list[Json], accounts: Mapping[str, str]) -> Iterator[Json]:
    """What follows the name of an entry: its answer may be a text."""
    answer = entry[1]
    yield _in_text(answer, accounts) if isinstance(answer, str) else _renamed(answer, accounts)
    yield from entry[2:]


def _in_text(text: str, accounts: Mapping[str, str]) -> str:
    for name, new in accounts.items():
        text = re.sub(rf"\b{re.escape(name)}\b", new, text)
    return text
