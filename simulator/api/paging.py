"""Pages and cursors. Cursors are percent-encoded, as Bybit's are, and accepted in either form.

A cursor holds the sort key of its page's last row. Pages come from the live book, so an order that
is created or closed between two pages can be missed or come twice, as on Bybit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, unquote

from ..base import errors, params
from ..base.params import Params

Row = TypeVar("Row")
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of a page, and the cursor of the next page: "" if there is none."""

    rows: Sequence[Row]
    cursor: str


@dataclass(frozen=True, slots=True)
class PageRule:
    """An endpoint's rule for pages.

    Attributes:
        default: how many rows a page has without a limit.
        most: the highest limit.
        always_cursor: give a cursor even if no rows follow.
    """

    default: int
    most: int
    always_cursor: bool = False


def page_of(
    rows: Sequence[Row], key: Callable[[Row], Key], fields: Params, rule: PageRule
) -> Page[Row]:
    """The page that a request asks for; rows are sorted newest (greatest key) first.

    A limit above the highest one is lowered to it.

    Raises:
        ApiError: 10001: the limit or the cursor is invalid.
    """
    limit = params.integer(fields, "limit", rule.default)
    if limit < 1:
        raise errors.parameter("params error: limit invalid")
    cursor = params.text(fields, "cursor")
    ordered = sorted(rows, key=key, reverse=True)
    if cursor:
        last = _decode(cursor)
        ordered = [row for row in ordered if key(row) < last]
    page = ordered[: min(limit, rule.most)]
    more = len(ordered) > len(page) or (rule.always_cursor and bool(page))
    return Page(page, _encode(key(page[-1])) if more else "")


def _encode(key: Key) -> str:
    return quote(f"page_args={key[0]}:{key[1]}&", safe="")


def _decode(cursor: str) -> Key:
    plain = cursor
    while unquote(plain) != plain:
        plain = unquote(plain)
    first, _, second = plain.removeprefix("page_args=").removesuffix("&").partition(":")
    try:
        return int(first), int(second)
    except ValueError as error:
        raise errors.parameter("params error: cursor invalid") from error
