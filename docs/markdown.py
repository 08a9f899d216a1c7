"""Small pieces of Markdown."""

import textwrap
from collections.abc import Iterable, Sequence

WRITTEN = (
    "<!-- Written by docs/generate.py from the code: change the code, then run `make docs`. -->"
)


def page(title: str, *parts: str) -> str:
    """A whole generated page; its parts are separated by empty lines."""
    return "\n\n".join((f"# {title}", WRITTEN, *(part.strip("\n") for part in parts))) + "\n"


def between(text: str, begin: str, end: str, part: str) -> str:
    """A page written by hand, with the part between two marks replaced.

    Raises:
        ValueError: a mark is missing, or is there twice.
    """
    before, rest = text.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n\n{part}\n\n{end}{after}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; pipes in cells are escaped."""
    lines = [_row(head), "|" + "---|" * len(head)]
    lines += [_row(row) for row in rows]
    return "\n".join(lines)


def fenced(text: str, language: str = "text") -> str:
    """A block of code."""
    body = text.strip("\n")
    return f"```{language}\n{body}\n```"


def first_line(docstring: str | None) -> str:
    """The first line of a docstring; a text without one is a defect of the code."""
    if not docstring:
        raise LookupError("a docstring is missing")
    return docstring.strip().splitlines()[0]


def paragraph(docstring: str | None) -> str:
    """A docstring's text before its sections, as one Markdown line; ``:class:`` roles go."""
    if not docstring:
        raise LookupError("a docstring is missing")
    lines: list[str] = []
    for line in docstring.strip().splitlines():
        if line.strip() in {"Args:", "Attributes:", "Raises:", "Returns:"}:
            break
        lines.append(line.strip())
    return " ".join(" ".join(lines).split()).replace("``", "`")


def wrapped(text: str) -> str:
    """A paragraph in lines of at most 100 characters."""
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
