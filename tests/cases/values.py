"""Values of a stored state: the bot wrote one number as text, as an int or as a float."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

ZERO = Decimal(0)
TOO_LARGE = Decimal(10) ** 15


class MalformedRow(Exception):  # noqa: N818 - it says what the row is
    """A row that is no monitor state, and why."""


def number(value: object, what: str) -> Decimal | None:
    """The value as an exact number; None for null and for empty text.

    Raises:
        MalformedRow: it is no number, not finite, below 0, or too large to be meant.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise MalformedRow(f"{what} {value!r} is not a number")
    try:
        exact = Decimal(value)
    except InvalidOperation:
        raise MalformedRow(f"{what} {value!r} is not a number") from None
    if not exact.is_finite() or not ZERO <= exact < TOO_LARGE:
        raise MalformedRow(f"{what} {value!r} is not a quantity or a price")
    return exact


def first_number(row: Mapping[str, object], *names: str) -> Decimal | None:
    """The first of these fields that holds a number; 0 counts as one."""
    for name in names:
        value = number(row.get(name), name)
        if value is not None:
            return value
    return None


def whole(value: object, what: str) -> int | None:
    """The value as a whole number; None for null.

    Raises:
        MalformedRow: it is none.
    """
    exact = number(value, what)
    if exact is None:
        return None
    if exact != exact.to_integral_value():
        raise MalformedRow(f"{what} {value!r} is not a whole number")
    return int(exact)


def text(value: object) -> str:
    """The value as text; empty for null."""
    return "" if value is None else str(value).strip()


def mapping(value: object, what: str) -> Mapping[str, object]:
    """The value as an object of JSON.

    Raises:
        MalformedRow: it is none.
    """
    if not isinstance(value, Mapping):
        raise MalformedRow(f"{what} is {type(value).__name__}, not an object")
    return value


def mappings(value: object, what: str) -> list[Mapping[str, object]]:
    """The value as a list of objects: the bot kept orders in lists, and in objects by order id.

    Raises:
        MalformedRow: it is neither.
    """
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [{"order_id": key, **mapping(each, what)} for key, each in value.items()]
    if not isinstance(value, list):
        raise MalformedRow(f"{what} is {type(value).__name__}, not a list")
    return [mapping(each, what) for each in value]
