"""Recorded passes without what says whose they are: for a bug report, or a test.

Account names and the ids of runs, orders and trades become others, the same one for the same.
Prices, quantities, times and order link ids stay: decisions are made from them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...domain.recording.codec import Json, to_text

_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_RUN = re.compile(r'\["run_id","([^"]+)"')
_NAMED = frozenset({"account", "follows", "ladder_source"})
_TEXTS = frozenset({"text", "reason", "detail", "message"})


class Scrubber:
    """Gives names and ids others, the same one for the same in all that it is given.

    >>> base = {"record": {"key": {"account": "alice"}, "role": "main"}}
    >>> scrubber = Scrubber()
    >>> scrubber.passes([[base, ["run_id", "8c2f01d3aa90", 1, 0]]])[0][1]
    ['run_id', 'run-1', 1, 0]
    >>> scrubber.text("8c2f01d3aa90 of alice")
    'run-1 of account-1'

    Args:
        accounts: names of accounts that are known from the start.
    """

    def __init__(self, accounts: Iterable[str] = ()) -> None:
        self._accounts: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        for name in accounts:
            self._name_account(name)

    def passes(self, passes: Sequence[Sequence[Json]]) -> tuple[tuple[Json, ...], ...]:
        """Recorded passes with other names and ids."""
        text = to_text(passes)
        for name in _accounts(passes):
            self._name_account(name)
        for run in _runs(text, passes):
            if run not in self._ids:
                count = sum(new.startswith("run-") for new in self._ids.values())
                self._ids[run] = f"run-{count + 1}"
        items = json.loads(self._with_other_ids(text))
        return tuple(tuple(_renamed(item, self._accounts) for item in each) for each in items)

    def text(self, text: str) -> str:
        """A text for people with other names and ids."""
        return _in_text(self._with_other_ids(text), self._accounts)

    def _name_account(self, name: str) -> None:
        self._accounts.setdefault(name, f"account-{len(self._accounts) + 1}")

    def _with_other_ids(self, text: str) -> str:
        for found in _UUID.findall(text):
            if found not in self._ids:
                number = len(self._ids) + 1
                self._ids[found] = f"{number:08x}-0000-4000-8000-{number:012x}"
        shown = {
            f"{known[:8]}...": f"{new[:8]}..."
            for known, new in self._ids.items()
            if _UUID.fullmatch(known)
        }
        return _replaced(text, {**self._ids, **shown})


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
        if _is_entry(value):
            return [value[0], *_rest(value, accounts)]
        return [_renamed(one, accounts, of) for one in value]
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
