"""Events as the journal has them: a kind, and a value by the name of each field."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from ...domain.model.events import Event
from ...domain.model.ladder import Ladder
from .columns import exact_text, instant_text, storable
from .monitor_rows import ladder_packed

_MICROSECOND = timedelta(microseconds=1)


def event_packed(after_us: int | None, event: Event) -> list[object]:
    """An event as a list: when, what kind, and its fields.

    A quantity is exact text, an instant UTC text, a length of time a number of microseconds, a
    ladder a list of number, price and share for each level; a value of several fields is an object
    with their names.

    Raises:
        ValueError: a number cannot be stored.
    """
    return [after_us, event.kind.value, _packed(event)]


def _packed(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type | Ladder):
        return {each.name: _packed(getattr(value, each.name)) for each in fields(value)}
    for kind, pack in _KINDS.items():
        if isinstance(value, kind):
            return pack(value)
    return value


def _text(value: str) -> object:
    r"""SQLite cuts a text that it reads from JSON at NUL."""
    return storable(value.replace("\0", r"\x00"))


_KINDS: Mapping[type, Callable[..., object]] = {
    Decimal: exact_text,
    datetime: instant_text,
    timedelta: lambda value: value // _MICROSECOND,
    Enum: lambda value: value.value,
    str: _text,
    Ladder: ladder_packed,
    tuple: lambda values: [_packed(value) for value in values],
}
