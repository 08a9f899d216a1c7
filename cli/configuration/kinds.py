"""The kinds of values that options have, and what every section has in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ...domain.model.errors import ConfigurationError

_A_DAY = 86_400
_MICROSECONDS = 1_000_000


def _exact(value: object) -> Decimal | int | str:
    """Lets through what holds an exact number; TOML's floats were read as decimals."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise ValueError("it must be a number, or a string that holds one")  # noqa: TRY004 - as pydantic asks
    return value


def _level(value: object) -> object:
    """Takes ``TP1`` for 1."""
    if isinstance(value, str) and value.startswith("TP") and value[2:].isdecimal():
        return int(value[2:])
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError('it must be a level, such as "TP1"')  # noqa: TRY004 - as pydantic asks
    return value


Exact = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=30, decimal_places=18)]
Seconds = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=_A_DAY, decimal_places=6)]
LevelNumber = Annotated[int, BeforeValidator(_level)]
Name = Annotated[str, Field(min_length=1)]
# Upper case only: a key pasted here by mistake is refused, and not shown.
Variable = Annotated[str, Field(pattern="^[A-Z][A-Z0-9_]*$")]


class Section(BaseModel):
    """A table of the file: unknown options are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@contextmanager
def as_mistake() -> Iterator[None]:
    """Turns what the library refuses into a mistake at the option's place."""
    try:
        yield
    except ConfigurationError as error:
        raise ValueError(error.message) from None


def duration(seconds: Decimal) -> timedelta:
    """So many seconds."""
    return timedelta(microseconds=int(seconds * _MICROSECONDS))
