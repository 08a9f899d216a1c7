"""Values as JSON, and back by their types.

What is written must stay readable for later versions: an object has its fields by name, and a
field that equals its default is left out. So a field that is added later, with a default, and one
that is removed, change no text that exists.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KIND = "_"
_PLAIN = frozenset({str, int, bool, NoneType})

Json = Any
"""What :mod:`json` reads and writes."""


def to_text(value: object) -> str:
    """The value as one line of JSON.

    Raises:
        TypeError: a value of a type that no run has.
    """
    return _ENCODER.encode(value)


class Form(Generic[_T]):
    """The form of values of one type, by which what was written is read again.

    >>> Form[Decimal](Decimal).read(json.loads(to_text(Decimal("0.10"))))
    Decimal('0.10')

    Args:
        kind: the type; a union's members, but for None, are dataclasses.
    """

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a type, or a union of some
        self._kind = kind

    def read(self, data: Json) -> _T:
        """The value that the JSON describes.

        Raises:
            ValueError: the JSON describes none of this type.
        """
        try:
            return cast("_T", _reader(self._kind)(data))
        except (TypeError, LookupError, ArithmeticError, AttributeError) as error:
            raise ValueError(f"{data!r:.200} is no {self._kind}: {error}") from error


# -- writing ------------------------------------------------------------------------------

_Packer = Callable[[Any], Json]


def _packed(value: Any) -> Json:  # noqa: ANN401 - any value
    """What json cannot write by itself, as what it can."""
    kind: Any = type(value)
    return _packer(kind)(value)


@cache
def _packer(kind: Any) -> _Packer:  # noqa: ANN401 - any type
    if (known := _PACKERS.get(kind)) is not None:
        return known
    if is_dataclass(kind):
        return _object_packer(kind)
    if issubclass(kind, Mapping):
        return dict
    raise TypeError(f"no run has a {kind.__name__}")


_PACKERS: Mapping[Any, _Packer] = {
    Decimal: str,
    Fraction: str,
    datetime: lambda value: (value - _EPOCH) // _MICROSECOND,
    timedelta: lambda value: value // _MICROSECOND,
    frozenset: sorted,
}


def _object_packer(kind: Any) -> _Packer:  # noqa: ANN401 - any dataclass
    name, rows = kind.__name__, _fields(kind)
    get = attrgetter(*(each for each, _ in rows), "__class__")  # A tuple, even of one field.

    def pack(value: object) -> Json:
        written = {_KIND: name}
        for (each, default), field in zip(rows, get(value), strict=False):
            if field is default:
                continue
            if type(field) is Decimal:
                written[each] = str(field)
            elif field != default:
                written[each] = field
        return written

    return pack


@cache
def _fields(kind: Any) -> tuple[tuple[str, object], ...]:  # noqa: ANN401 - any dataclass
    """The names of the fields, each with its default."""
    return tuple((field.name, _default(field)) for field in fields(kind) if field.init)


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


_ENCODER = json.JSONEncoder(
    default=_packed, ensure_ascii=False, check_circular=False, separators=(",", ":")
)


# -- reading ------------------------------------------------------------------------------

_Reader = Callable[[Json], Any]


@cache
def _reader(kind: Any) -> _Reader:  # noqa: ANN401 - a type, or a union of some
    if (known := _READERS.get(kind)) is not None:
        return known
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _one_of(tuple(part for part in parts if part is not NoneType))
    if origin is tuple:
        return _row(parts)
    if origin is frozenset:
        each = _reader(parts[0])
        return lambda data: frozenset(map(each, data))
    if origin is not None:
        return _table(parts)
    return {one.value: one for one in kind}.__getitem__ if issubclass(kind, Enum) else _object(kind)


def _exactly(*kinds: type) -> _Reader:
    def read(data: Json) -> Any:  # noqa: ANN401 - a value of one of the types
        if type(data) not in kinds:
            raise TypeError(f"{data!r} is no {kinds[0].__name__}")
        return data

    return read


_READERS: Mapping[Any, _Reader] = {
    str: _exactly(str),
    bool: _exactly(bool),
    int: _exactly(int),
    NoneType: _exactly(NoneType),
    Decimal: Decimal,
    Fraction: Fraction,
    datetime: lambda data: _EPOCH + data * _MICROSECOND,
    timedelta: lambda data: data * _MICROSECOND,
}


def _one_of(kinds: tuple[Any, ...]) -> _Reader:
    """Reads None, or a value of one of the types: an object says of which, a list is a tuple."""
    if len(kinds) == 1:
        only = _reader(kinds[0])
        return lambda data: None if data is None else only(data)
    named = {kind.__name__: _reader(kind) for kind in kinds if get_origin(kind) is None}
    rows = [_reader(kind) for kind in kinds if get_origin(kind) is tuple]

    def read(data: Json) -> Any:  # noqa: ANN401 - a value of one of the types
        if data is None:
            return None
        return rows[0](data) if type(data) is list else named[data[_KIND]](data)

    return read


def _row(parts: tuple[Any, ...]) -> _Reader:
    if parts[-1] is Ellipsis:
        each = _reader(parts[0])
        return lambda data: tuple([each(one) for one in data])
    readers = [_reader(part) for part in parts]
    return lambda data: tuple([read(one) for read, one in zip(readers, data, strict=True)])


def _table(parts: tuple[Any, ...]) -> _Reader:
    key, value = int if parts[0] is int else _reader(parts[0]), _reader(parts[1])
    return lambda data: {key(name): value(one) for name, one in data.items()}


def _object(kind: Any) -> _Reader:  # noqa: ANN401 - any dataclass
    hints = get_type_hints(kind)
    readers: dict[str, _Reader] = {}

    reader_of = readers.get

    def read(data: Json) -> Any:  # noqa: ANN401 - a value of the dataclass
        if not readers:  # Later than the types, which may hold one another.
            readers.update({name: _reader(hints[name]) for name, _ in _fields(kind)})
        values = {}
        for name, value in data.items():
            if (of := reader_of(name)) is not None:
                values[name] = of(value)
        return kind(**values)

    return read
