"""Scenes and moves as JSON, and back: every field is written, defaults included.

So a default that changes later changes no file. A field that the code gained later, and that a file
lacks, takes its default; a word in a file that the code does not know is an error.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from chaos.histories.moves import CrashAt, Move, RaiseAt

from .forms import FIELDS, MOVES, POINTS, VALUES

_KIND = "move"
_WORDS = {kind: word for word, kind in MOVES.items()}
_PLAIN = (str, int, bool, NoneType)

Json = Any
"""What :mod:`json` reads and writes."""


def to_json(value: object) -> Json:
    """The value as JSON.

    Raises:
        TypeError: histories have no values of this type.
    """
    if isinstance(value, Enum):
        return _renamed(type(value), VALUES).get(value.value, value.value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [to_json(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    raise TypeError(f"histories have no {type(value).__name__}")


def from_json(hint: Any, data: Json) -> Any:  # noqa: ANN401 - any type, and a value of it
    """The value of type ``hint`` that the JSON describes.

    Raises:
        TypeError: the JSON does not describe such a value.
        LookupError: the JSON has a word that the code does not know.
    """
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
        return None if data is None else from_json(hint, data)
    if origin is tuple:
        return _tuple(get_args(hint), data)
    if hint is Move:
        return _made(MOVES[data[_KIND]], {name: data[name] for name in data if name != _KIND})
    return _made(hint, data) if is_dataclass(hint) else _single(hint, data)


def _single(kind: type, data: Json) -> object:
    if issubclass(kind, Enum):
        return kind(_back(_renamed(kind, VALUES)).get(data, data))
    if kind is Decimal:
        return Decimal(data)
    if type(data) is not kind:
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


def _object(value: Any) -> dict[str, Json]:  # noqa: ANN401 - any dataclass
    kind = type(value)
    renamed = _renamed(kind, FIELDS)
    written: dict[str, Json] = {_KIND: _WORDS[kind]} if kind in _WORDS else {}
    for field in fields(value):
        written[renamed.get(field.name, field.name)] = to_json(getattr(value, field.name))
    if kind in (CrashAt, RaiseAt):
        written["point"] = POINTS.get(written["point"], written["point"])
    return written


def _made(kind: Any, data: dict[str, Json]) -> Any:  # noqa: ANN401 - any dataclass
    renamed = _back(_renamed(kind, FIELDS))
    hints = _hints(kind)
    given = {renamed.get(word, word): data[word] for word in data}
    if kind in (CrashAt, RaiseAt):
        given["point"] = _back(POINTS).get(given["point"], given["point"])
    return kind(**{name: from_json(hints[name], each) for name, each in given.items()})


def _tuple(kinds: tuple[Any, ...], data: Json) -> tuple[Any, ...]:
    if kinds[-1] is Ellipsis:
        return tuple(from_json(kinds[0], each) for each in data)
    return tuple(from_json(kind, each) for kind, each in zip(kinds, data, strict=True))


def _renamed(kind: type, table: Mapping[Any, Mapping[str, str]]) -> Mapping[str, str]:
    return table.get(kind, {})


def _back(words: Mapping[str, str]) -> dict[str, str]:
    return {word: name for name, word in words.items()}


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
