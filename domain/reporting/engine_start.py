"""A start of the service, so that people see what runs since when, and by which settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum


@dataclass(frozen=True, slots=True)
class EngineStart:
    """A start of the service.

    Attributes:
        started_at: when.
        versions: of ``trueup`` and ``pybit``, as far as known.
        settings: the text of each setting by its name; no key of an account.
    """

    started_at: datetime
    versions: Mapping[str, str]
    settings: Mapping[str, str]


def settings_in_words(**groups: object) -> dict[str, str]:
    """The fields of dataclasses as texts, by the name of each group and field.

    >>> from ..venue.exchange_facts import Lateness
    >>> settings_in_words(lateness=Lateness())
    {'lateness.requests': '5 s', 'lateness.reads': '15 s'}
    """
    return {
        f"{group}.{name}": text
        for group, values in groups.items()
        for name, text in _fields(values)
    }


def _fields(values: object) -> list[tuple[str, str]]:
    if not is_dataclass(values) or isinstance(values, type):
        return []
    found: list[tuple[str, str]] = []
    for each in fields(values):
        value = getattr(values, each.name)
        if is_dataclass(value):
            found += [(f"{each.name}.{name}", text) for name, text in _fields(value)]
        else:
            found.append((each.name, _word(value)))
    return found


def _word(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, frozenset | set | tuple | list):
        words = map(_word, value)
        return ", ".join(sorted(words) if isinstance(value, frozenset | set) else words) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
