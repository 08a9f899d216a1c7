"""A page for people, in parts of words and tables; for scripts the same as a document."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page.

    Attributes:
        title: as a question would have it; a document has it in lower case.
        lines: its words.
        columns: the heads of its table; empty where it has none.
        rows: of the table: a cell for each column.
    """

    title: str
    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its head, facts by name, and its parts."""

    head: str
    facts: Mapping[str, str]
    parts: tuple[Part, ...]


def page_lines(page: Page) -> Iterator[str]:
    """The page as text."""
    yield page.head
    width = max(map(len, page.facts), default=0)
    for name, fact in page.facts.items():
        yield f"{_INDENT}{name:<{width}}  {fact}"
    for part in page.parts:
        yield ""
        yield part.title
        yield from (f"{_INDENT}{line}".rstrip() for line in part.lines)
        if part.rows:
            yield from _table(part.columns, part.rows)


def page_document(page: Page) -> dict[str, object]:
    """The page as JSON has it: each part by its title, with its lines and its rows."""
    return {
        **page.facts,
        **{
            part.title.lower(): {
                "lines": list(part.lines),
                "rows": [dict(zip(part.columns, row, strict=True)) for row in part.rows],
            }
            for part in page.parts
        },
    }


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield (_INDENT + "  ".join(cells)).rstrip()
