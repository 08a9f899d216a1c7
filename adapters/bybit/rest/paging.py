"""Walks of paged lists to their last page; a walk that does not reach it is a failure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ....aio.fibers import give_way
from ..wire import names
from ..wire.endpoints import Endpoint
from ..wire.fields import Row, rows, text
from .client import BybitClient
from .connection import Reply
from .failures import Failure, malformed

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Walk(Generic[_Item]):
    """All pages of a list.

    Attributes:
        items: in the sequence of the pages; an item that moved between pages may be there twice.
        time_ms: the server's time of the first page, epoch milliseconds.
        ended_ms: of the last page.
    """

    items: tuple[_Item, ...]
    time_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class _Page(Generic[_Item]):
    items: tuple[_Item, ...]
    cursor: str
    time_ms: int


def walk(
    client: BybitClient,
    endpoint: Endpoint,
    parse: Callable[[Row], _Item | None],
    max_pages: int,
    whole_page: int = 1,
    /,
    **parameters: object,
) -> Walk[_Item] | Failure:
    """Reads page after page; leaves out rows for which ``parse`` returns None.

    The cursor is sent back as it came: it comes percent-encoded, and pybit signs it so. The walk
    ends with an empty cursor, an empty page or a cursor that came before; the samples of
    docs/v5/order/open-order.mdx show a cursor on what may be the last page. So does, for a caller
    who notices that rows are missing, a page of fewer rows than ``whole_page``.
    """
    pages: list[_Page[_Item]] = []
    for page in _pages(client, endpoint, parse, whole_page, parameters):
        if isinstance(page, Failure):
            return page
        pages.append(page)
        if len(pages) > max_pages:
            return malformed(f"more than {max_pages} pages")
    items = tuple(item for page in pages for item in page.items)
    return Walk(items, pages[0].time_ms, pages[-1].time_ms)


def _pages(
    client: BybitClient,
    endpoint: Endpoint,
    parse: Callable[[Row], _Item | None],
    whole_page: int,
    parameters: dict[str, object],
) -> Iterator[_Page[_Item] | Failure]:
    seen = {""}
    cursor: str | None = None
    while True:
        query = {names.CATEGORY: names.LINEAR, names.CURSOR: cursor, **parameters}
        page = client.call(endpoint, lambda reply: _page(reply, parse, whole_page), **query)
        yield page
        if isinstance(page, Failure) or page.cursor in seen:
            return
        cursor = page.cursor
        seen.add(cursor)


def _page(reply: Reply, parse: Callable[[Row], _Item | None], whole: int) -> _Page[_Item]:
    found = rows(reply.result, names.LIST)
    parsed = (_in_turn(parse, row) for row in found)
    return _Page(
        items=tuple(item for item in parsed if item is not None),
        cursor=text(reply.result, names.NEXT_PAGE_CURSOR) if len(found) >= whole else "",
        time_ms=reply.time_ms,
    )


def _in_turn(parse: Callable[[Row], _Item | None], row: Row) -> _Item | None:
    """Parses a row of a page that may have thousands."""
    give_way()
    return parse(row)
