"""The column types of the tables: exact decimals, instants in UTC and lists, kept as text."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Integer, String
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from .columns import exact, exact_text, instant, instant_text, packed, unpacked

_ORDERING = (
    operators.lt,
    operators.le,
    operators.gt,
    operators.ge,
    operators.between_op,
    operators.asc_op,
    operators.desc_op,
)


class _OnlyEquality(TypeDecorator.Comparator[Decimal]):
    def operate(
        self,
        op: operators.OperatorType,
        *other: Any,  # noqa: ANN401 - as SQLAlchemy has it
        **kwargs: Any,  # noqa: ANN401 - the same
    ) -> ColumnElement[Any]:
        if op in _ORDERING:
            raise TypeError(f"{self.expr} is exact text: compare and sort it in Python, not in SQL")
        return super().operate(op, *other, **kwargs)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal as plain text, without exponent or trailing zeros.

    SQLite's own numbers are floats and lose digits. Text does not compare as numbers do, so a
    query that orders by such a column is refused, and so is a result that SQL has calculated.
    """

    impl = String
    cache_ok = True
    comparator_factory = _OnlyEquality

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """See :func:`exact_text`.

        Raises:
            TypeError: the value is no decimal.
        """
        del dialect
        if value is not None and not isinstance(value, Decimal):
            raise TypeError(f"{value!r} is not exact: give a Decimal")
        return exact_text(value)

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        """See :func:`exact`.

        Raises:
            TypeError: the value is none that was stored.
        """
        del dialect
        if value is not None and not isinstance(value, str):
            raise TypeError(f"SQL has calculated {value}, and lost digits: calculate in Python")
        return exact(value)


class UtcInstant(TypeDecorator[datetime]):
    """An instant as ISO 8601 text in UTC, to the microsecond: ``2026-01-31T09:30:00.000000Z``.

    People read it as it is, and text of one width sorts chronologically.
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


class Packed(TypeDecorator[Any]):
    """A list as one JSON text, which the views unfold.

    The type JSON itself would have SQLite take such a text for a number where it looks like one.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """See :func:`packed`."""
        del dialect
        return packed(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """See :func:`unpacked`."""
        del dialect
        return unpacked(value)


class Sealed(TypeDecorator[int]):
    """The checksum of the row's other columns; an insert calculates it (:mod:`.checksum`)."""

    impl = Integer
    cache_ok = True
