"""The column types of the tables: exact decimals and instants in UTC, kept as text."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from .columns import exact, exact_text, instant, instant_text


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
