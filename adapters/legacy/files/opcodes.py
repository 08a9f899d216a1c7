"""The names that a pickle may use, and what they build: decimals, times, plain containers.

A name stands for a function of this module, never for the object it names: no module is imported
and no attribute is looked up. The real files of the original bot name ``decimal.Decimal``,
``datetime.datetime`` and the classes of its alerts. Alerts, and the classes that the caller names,
become an inert placeholder.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation

_LONGEST_NUMBER = 64
_MOST_PARTS = 8


class Unread:
    """An inert placeholder for an object of a class that is not read."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The same for every placeholder."""
        return "<unread>"


UNREAD = Unread()
Make = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for.

    Attributes:
        name: as in the pickle, such as ``decimal.Decimal``.
        make: builds its values; raises TypeError or ValueError for unsuitable arguments.
    """

    name: str
    make: Make


def word(name: str, stand_ins: Collection[str] = ()) -> Named | None:
    """What the name stands for; None if a pickle may not use it.

    Args:
        name: module and name, with a dot between them.
        stand_ins: names whose objects the caller wants replaced by a placeholder.
    """
    name = name.replace("__builtin__.", "builtins.", 1)
    if name in _WORDS:
        return Named(name, _WORDS[name])
    if name in ALERT_CLASSES or name in stand_ins:
        return Named(name, _unread)
    return None


def _unread(*_: object) -> Unread:
    return UNREAD


def _decimal(text: object) -> Decimal:
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER:
        raise TypeError("a decimal needs a short text")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal") from None


def _datetime(state: object, zone: object = None) -> datetime:
    return datetime(*_parts(state, 10), tzinfo=UTC if zone is None else _zone(zone))


def _date(state: object) -> date:
    year_high, year_low, month, day = _octets(state, 4)
    return date(year_high * 256 + year_low, month, day)


def _time(state: object, zone: object = None) -> time:
    hour, minute, second, *micro = _octets(state, 6)
    made = time(hour % 128, minute, second, int.from_bytes(micro))
    return made if zone is None else made.replace(tzinfo=_zone(zone))


def _timedelta(days: object, seconds: object, microseconds: object) -> timedelta:
    whole = [part for part in (days, seconds, microseconds) if isinstance(part, int)]
    if len(whole) != 3:  # noqa: PLR2004 - days, seconds, microseconds
        raise TypeError("a duration needs three whole numbers")
    return timedelta(*whole)


def _timezone(offset: object, *name: object) -> timezone:
    if not isinstance(offset, timedelta):
        raise TypeError("a time zone needs a duration")
    return timezone(offset, *(text for text in name if isinstance(text, str)))


def _zone(zone: object) -> timezone:
    if not isinstance(zone, timezone):
        raise TypeError("a time zone must be a plain offset")
    return zone


def _parts(state: object, length: int) -> tuple[int, int, int, int, int, int, int]:
    """Year to microsecond, from the bytes in which a datetime is pickled."""
    high, low, month, day, hour, minute, second, *micro = _octets(state, length)
    return high * 256 + low, month % 128, day, hour, minute, second, int.from_bytes(micro)


def _octets(state: object, length: int) -> bytes:
    if not isinstance(state, bytes) or len(state) != length:
        raise TypeError(f"a time needs {length} bytes")
    return state


def _set(items: object = ()) -> set[object]:
    return set(plain_items(items))


def _frozenset(items: object = ()) -> frozenset[object]:
    return frozenset(plain_items(items))


def _dict(*arguments: object) -> dict[object, object]:
    """An ordered or default dict; its factory is ignored, its items follow one by one."""
    if len(arguments) > 1 or (arguments and not isinstance(arguments[0], Named | None)):
        raise TypeError("a dict must be created empty")
    return {}


def plain_items(items: object) -> list[object]:
    """The items, each of which may be in a set or be the key of a dict.

    A tuple becomes text: no monitor is stored under one, and a hostile file could make the hashes
    of tuples collide, or make hashing nested tuples take forever.

    Raises:
        TypeError: an item is not text, bytes, a number, None, or a short tuple of those.
    """
    if not isinstance(items, list | tuple):
        raise TypeError("a set needs a list")
    return [_key(item) for item in items]


def _key(item: object) -> object:
    if isinstance(item, tuple) and len(item) <= _MOST_PARTS:
        return f"({', '.join(str(_part(part)) for part in item)})"
    if isinstance(item, int):
        return _part(item)
    if item is None or isinstance(item, str | bytes | float | Unread):
        return item
    raise TypeError(f"a {type(item).__name__} cannot be a key")


def _part(part: object) -> object:
    is_short = isinstance(part, str | bytes) and len(part) <= _LONGEST_NUMBER
    is_small = isinstance(part, int) and part.bit_length() <= _LONGEST_NUMBER
    if part is None or is_short or is_small:
        return part
    raise TypeError(f"a {type(part).__name__} of that size cannot be part of a key")


ALERT_CLASSES = frozenset(
    f"alerts.alert_types.{name}" for name in ("AlertType", "AlertPriority", "Alert")
)
"""The classes of the original bot's alerts, the only classes of its own in its files."""

_FACTORIES = ("list", "dict", "int", "str", "float", "bool", "tuple")

_WORDS: Mapping[str, Make] = {
    "decimal.Decimal": _decimal,
    "datetime.datetime": _datetime,
    "datetime.date": _date,
    "datetime.time": _time,
    "datetime.timedelta": _timedelta,
    "datetime.timezone": _timezone,
    "builtins.set": _set,
    "builtins.frozenset": _frozenset,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _dict,
    **{f"builtins.{name}": _unread for name in _FACTORIES},
}
