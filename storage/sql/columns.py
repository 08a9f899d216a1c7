"""Column types that keep what they are given: exact decimals and instants in UTC."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from ...domain.instrument import plain

# Few numbers make up most of a database: each is made into text, and read from it, once.
_KEPT = 4096
_decimal = lru_cache(maxsize=_KEPT)(Decimal)
_text = lru_cache(maxsize=_KEPT)(plain)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=64)
def _second(days: int, seconds: int) -> str:
    """The text of a second since 1970: instants of one run share a few."""
    return (_EPOCH + timedelta(days, seconds)).isoformat()[:19]


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
    return None if text is None else _decimal(text)


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


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal as plain text, without exponent or trailing zeros.

    SQLite's own numbers are floats and lose digits. Text does not compare as numbers do, so
    nothing may filter, sort or sum by such a column in SQL.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """See :func:`exact_text`."""
        del dialect
        return exact_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """See :func:`exact`."""
        del dialect
        return exact(value)


class UtcInstant(TypeDecorator[datetime]):
    """An instant as ISO 8601 text in UTC, to the microsecond: ``2026-01-31T09:30:00.000000Z``.

    People read it as it is, and text of one width sorts as time does.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """See :func:`instant_text`."""
        del dialect
        return instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """See :func:`instant`."""
        del dialect
        return instant(value)
