"""Reading single values of a legacy state, whether stored as text, int, float or decimal.

Sixty thousand snapshots of the original bot contain every mixture: repairs turned its numbers into
floats, JSON turned its decimals into text. Nothing here raises. A value that cannot be right is
reported as a problem, beside everything that could be read.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from ....domain.model.instrument import ZERO

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_TOO_LARGE = Decimal(10) ** 15
_MAX_DIGITS = 40
_MAX_BITS = 64
_LONGEST_TEXT = 120
_SHOWN = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MILLION = 1_000_000


def exact(value: object) -> Decimal | None:
    """The value as an exact number that can be a quantity or a price; None if it cannot.

    A float stands for the number as written: ``0.1`` is one tenth.
    """
    match value:
        case bool():
            return None
        case int():
            number = Decimal(value) if value.bit_length() <= _MAX_BITS else None
        case float():
            number = _from_text(repr(value))
        case str():
            number = _from_text(value.strip())
        case Decimal():
            number = value
        case _:
            return None
    return number if number is not None and _is_plausible(number) else None


def shown(value: object) -> str:
    """The value for a report: short, on one line, and without the contents of containers."""
    if isinstance(value, str):
        return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…")
    if value is None or isinstance(value, bool | float):
        return repr(value)
    if isinstance(value, int) and value.bit_length() <= _MAX_BITS:
        return str(value)
    if isinstance(value, Decimal) and len(value.as_tuple().digits) <= _MAX_DIGITS:
        return str(value)
    return f"a {type(value).__name__}"


def is_plain_text(text: str) -> bool:
    """Whether the text is short and free of control characters."""
    return len(text) <= _LONGEST_TEXT and text.isprintable()


class Fields:
    """A stored mapping, read field by field; unreadable fields are collected as problems.

    Args:
        fields: the mapping.
        where: its place, for problems, such as ``tp_orders[2]``; empty for the monitor itself.

    Attributes:
        problems: what could not be read, in the order of reading.
        floats: names of the numbers that were stored as floats.
    """

    def __init__(self, fields: Mapping[object, object], where: str = "") -> None:
        self._fields = fields
        self._where = f"{where}." if where else ""
        self.problems: list[str] = []
        self.floats: set[str] = set()

    def raw(self, name: str) -> object:
        """The value as stored; None if there is none."""
        return self._fields.get(name)

    def has(self, name: str) -> bool:
        """Whether the field exists, even with None."""
        return name in self._fields

    def is_true(self, name: str) -> bool:
        """Whether the field is True; numbers and text do not count."""
        return self.raw(name) is True

    def number(self, *names: str) -> Decimal | None:
        """The first of these fields that holds a number; 0 counts as one."""
        for name in names:
            value = self.raw(name)
            if value is None or (isinstance(value, str) and not value.strip()):
                continue
            number = exact(value)
            if number is None:
                self._report(name, value, "number")
                continue
            if isinstance(value, float):
                self.floats.add(name)
            return number
        return None

    def whole(self, *names: str) -> int | None:
        """The first of these fields that holds a whole number."""
        number = self.number(*names)
        if number is None:
            return None
        if number != number.to_integral_value():
            self._report(names[0], number, "whole number")
            return None
        return int(number)

    def text(self, *names: str) -> str:
        """The first of these fields that holds text; empty if none does."""
        for name in names:
            value = self.raw(name)
            if isinstance(value, int) and not isinstance(value, bool):
                value = shown(value)
            if isinstance(value, str) and is_plain_text(value):
                if value.strip():
                    return value.strip()
            elif value is not None:
                self._report(name, value, "text value")
        return ""

    def moment(self, *names: str) -> Decimal | None:
        """The first of these fields that holds a time, in seconds since 1970.

        The bot stored seconds as floats, its repair scripts dates and ISO text. A time without a
        zone counts as UTC.
        """
        for name in names:
            value = self.raw(name)
            instant = _instant(value)
            if instant is not None:
                return instant
            if value is not None:
                self._report(name, value, "time")
        return None

    def _report(self, name: str, value: object, wanted: str) -> None:
        self.problems.append(f"{self._where}{name} is not a {wanted}: {shown(value)}")


def _from_text(text: str) -> Decimal | None:
    if len(text) > _LONGEST_TEXT or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _is_plausible(number: Decimal) -> bool:
    """Whether it is finite, not below 0, and of a size that occurs at an exchange."""
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    fits = len(digits) <= _MAX_DIGITS and -_MAX_DIGITS <= int(exponent) <= _MAX_DIGITS
    return fits and ZERO <= number < _TOO_LARGE


def _instant(value: object) -> Decimal | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return exact(value)
    if not isinstance(value, datetime):
        return exact(value)
    zoned = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return Decimal((zoned - _EPOCH) // _MICROSECOND) / _MILLION
