"""Arguments from JSON and TOML, where numbers are text: converted by type, or refused by name."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from inspect import Parameter, signature
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin

from .decimals import exact

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)
_WANTED: Mapping[type, str] = {bool: "true or false", str: "text", list: "a list"}

_UNNAMED = frozenset({Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD})


def arguments(function: Callable[..., Any], given: object) -> dict[str, Any]:
    """Converts the arguments of a call to the types that the function declares.

    Whole numbers may be text. What a function takes as ``**fields: Any`` passes as it is; what it
    takes as ``*values`` has no name, and is never given.

    Args:
        function: a function, a method or a class.
        given: the arguments by name.

    Raises:
        TypeError: these are no named arguments, one is missing, there is no such argument, or
            it has the wrong type.
        ValueError: an argument does not have such a value.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"named arguments are wanted, not {given!r}")
    parameters = signature(function).parameters
    declared = {name: one for name, one in parameters.items() if one.kind not in _UNNAMED}
    takes_any = any(one.kind is Parameter.VAR_KEYWORD for one in parameters.values())
    unknown = next((name for name in given if name not in declared), None)
    if unknown is not None and not takes_any:
        raise TypeError(f"there is no {unknown}: there is {', '.join(declared) or 'nothing'}")
    for name, one in declared.items():
        if one.default is Parameter.empty and name not in given:
            raise TypeError(f"{name} is missing")
    return {
        name: _converted(declared[name].annotation, name, value) if name in declared else value
        for name, value in given.items()
    }


def whole(name: str, value: object) -> int:
    """A whole number, or its text.

    Raises:
        ValueError: the value is neither.
    """
    number = _number(name, value)
    if number != number.to_integral_value():
        raise ValueError(f"{name}: a whole number is wanted, not {value!r}")
    return int(number)


def _converted(kind: Any, name: str, value: object) -> object:  # noqa: ANN401 - an annotation
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if value is None and NoneType in kinds:
        return None
    if Decimal in kinds:
        return _number(name, value)
    return _of_kind(next(each for each in kinds if each is not NoneType), name, value)


def _of_kind(kind: Any, name: str, value: object) -> object:  # noqa: ANN401 - an annotation
    if kind is int:
        return whole(name, value)
    if get_origin(kind) is Mapping:
        entries = _checked(dict, "an object", name, value)
        values = get_args(kind)[1]
        return {key: _converted(values, f"{name}.{key}", entry) for key, entry in entries.items()}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return word(kind, name, value)
    plain = get_origin(kind) or kind
    return _checked(plain, _WANTED[plain], name, value) if plain in _WANTED else value


def _number(name: str, value: object) -> Decimal:
    try:
        return exact(value)  # type: ignore[arg-type] # exact refuses every other type itself
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: {error}") from None


def word(kind: type[_Word], name: str, value: object) -> _Word:
    """One of a set of words, or its text.

    Raises:
        ValueError: the value is none of them.
    """
    try:
        return kind(str(value))
    except ValueError:
        words = ", ".join(kind)
        raise ValueError(f"{name}: one of {words} is wanted, not {value!r}") from None


def _checked(kind: type[_T], wanted: str, name: str, value: object) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"{name}: {wanted} is wanted, not {value!r}")
    return value
