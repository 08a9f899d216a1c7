"""Events of the journal as values again; :mod:`..sql.event_rows` writes them."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from ...domain.model import events, stop_events
from ...domain.model.close import events as close_events
from ...domain.model.events import Event
from ...domain.model.ladder import Ladder
from ..sql.columns import decimal, instant
from ..sql.monitor_rows import ladder_of

_EVENTS = {
    each.kind.value: each
    for module in (events, stop_events, close_events)
    for each in vars(module).values()
    if isinstance(each, type) and issubclass(each, Event) and each is not Event
}


def event_of(kind: str, packed: Mapping[str, Any]) -> Event:
    """The event of its kind and its fields; a field that is not there has its default.

    Raises:
        LookupError: there is no such kind of events.
    """
    made = _unpacked(_EVENTS[kind], packed)
    if not isinstance(made, Event):
        raise TypeError(f"{kind} is no event")
    return made


def _unpacked(kind: Any, value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """A value of that type, from what is in the journal."""
    if value is None:
        return ladder_of([]) if kind is Ladder else None
    if get_origin(kind) is tuple:
        return tuple(_unpacked(get_args(kind)[0], one) for one in value)
    if of_some := [one for one in get_args(kind) if one is not type(None)]:
        return _unpacked(of_some[0], value)
    if kind in _KINDS:
        return _KINDS[kind](value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _unpacked(of, value[name]) for name, of in _fields(kind, value)})
    return kind(value) if issubclass(kind, Enum) else value


def _fields(kind: Any, value: Mapping[str, Any]) -> list[tuple[str, Any]]:  # noqa: ANN401 - a class
    """The fields of a dataclass that are there, each with its type."""
    hints = get_type_hints(kind)
    return [(each.name, hints[each.name]) for each in fields(kind) if each.name in value]


_KINDS: Mapping[type, Callable[[Any], object]] = {
    Decimal: decimal,
    datetime: instant,
    timedelta: lambda value: timedelta(microseconds=value),
    Ladder: ladder_of,
}
