"""What a column holds: how a value becomes what the driver stores, and a value again.

The tables name the same kinds by their SQLAlchemy types (:mod:`.column_types`); this module needs
nothing but Python, so that a running engine loads neither SQLModel nor SQLAlchemy.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ...domain.model.instrument import plain

# Few numbers make up most of a database: each is made into text, and read from it, once.
_KEPT = 4096
decimal = lru_cache(maxsize=_KEPT)(Decimal)
"""The decimal of a text that :func:`exact_text` made."""
_text = lru_cache(maxsize=_KEPT)(plain)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode


@lru_cache(maxsize=64)
def _second(days: int, seconds: int) -> str:
    """The text of a second since 1970: instants of one run share a few."""
    return (_EPOCH + timedelta(days, seconds)).isoformat()[:19]


def storable(value: object) -> object:
    r"""The value itself; in a text, half a character is written as an escape, ``\ud800``.

    JSON of an exchange may hold half a character (a lone surrogate), which is no UTF-8.
    """
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-8", "backslashreplace").decode()


def exact_text(value: Decimal | None) -> str | None:
    """The decimal as the text to store.

    Raises:
        ValueError: the value is infinite or not a number.
    """
    if value is None:
        return None
    if not value.is_finite():
        raise ValueError(f"{value} is not a number that can be stored")
    return _text(value)


def exact(text: str | None) -> Decimal | None:
    """The decimal that was stored."""
    return None if text is None else decimal(text)


def instant_text(value: datetime | None) -> str | None:
    """The instant as the text to store.

    Raises:
        ValueError: the value has no time zone.
    """
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    since = value - _EPOCH
    return f"{_second(since.days, since.seconds)}.{since.microseconds:06d}Z"


def instant(text: str | None) -> datetime | None:
    """The instant that was stored, aware, in UTC."""
    return None if text is None else datetime.fromisoformat(text)


def packed(value: object) -> str | None:
    """Lists, texts and numbers as one JSON text, as short as it can be; None as NULL.

    Texts are as :func:`storable` has them.
    """
    if value is None:
        return None
    text = _encode(value)
    return text if _is_utf8(text) else _encode(_whole(value))


def unpacked(text: str | None) -> Any:  # noqa: ANN401 - whatever was packed
    """What was packed."""
    return None if text is None else _decode(text)[0]


def microseconds_since_1970(value: datetime) -> int:
    """The instant as a number.

    Raises:
        ValueError: the value has no time zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return (value - _EPOCH) // _MICROSECOND


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: object) -> object:
    """The same with every text as it can be stored."""
    if isinstance(value, list | tuple):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {storable(name): _whole(one) for name, one in value.items()}
    return storable(value)


Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of column holds.

    Attributes:
        store: makes what the driver accepts from a value; None where it accepts the value itself.
        load: makes the value from what the driver returns; None where it returns the value itself.
    """

    store: Convert | None = None
    load: Convert | None = None


KINDS: Mapping[str, Kind] = {
    "plain": Kind(storable),
    "flag": Kind(int, bool),
    "decimal": Kind(exact_text, exact),
    "instant": Kind(instant_text, instant),
    "packed": Kind(packed, unpacked),
    "sealed": Kind(),
}
"""The kinds by the names that the generated statements use."""
