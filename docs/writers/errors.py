"""``errors.md``: everything that trueup raises."""

import re
from collections.abc import Iterator

import trueup
from trueup.cli.failures import ExitCode
from trueup.domain.model import errors as tree
from trueup.domain.model.errors import TrueupError

from .markdown import fenced, page, paragraph, table

_NODE = re.compile(r"^[\s│├└─]*(\w+)", re.MULTILINE)

_INTRODUCTION = """
All errors of trueup are one tree: `except TrueupError` catches them all. What an order comes to is
not an error: outcomes of runs and of requests are values. What the exchange or the network does
never raises; it ends a run as `PARTIAL`, `FAILED` or `SKIPPED`.
"""

_FIELDS = """
Each error holds `message`, and where they are known `account`, `symbol`, `order_link_id` and `code`
(Bybit's `retCode`). `str(error)` is one line with all of them. No error holds a key or a secret.
"""

_EXIT = """
The last column is the exit code of a command that the error ends.
"""


def errors() -> str:
    """The whole page."""
    return page(
        "Errors",
        _INTRODUCTION,
        fenced(drawing()),
        _FIELDS,
        "## Meanings",
        _EXIT,
        table(
            ("error", "import from", "meaning", "exit code"),
            (
                (
                    f"`{kind.__name__}`",
                    "`trueup`" if kind.__name__ in trueup.__all__ else f"`{tree.__name__}`",
                    paragraph(kind.__doc__),
                    str(int(ExitCode.of(kind("")))),
                )
                for kind in classes()
            ),
        ),
    )


def drawing() -> str:
    """The tree as the module draws it."""
    before, _, after = (tree.__doc__ or "").partition("::\n\n")
    if not after:
        raise LookupError(f"{tree.__name__} draws no tree below {before!r}")
    lines = after.splitlines()
    block = [line[4:] for line in lines[: lines.index("")]]
    return "\n".join(block)


def classes() -> Iterator[type[TrueupError]]:
    """The classes in the order in which they are drawn."""
    for name in _NODE.findall(drawing()):
        kind = getattr(tree, name)
        if not issubclass(kind, TrueupError):
            raise TypeError(f"{name} is drawn and is no error of trueup")
        yield kind
