"""``errors.md``: everything that trueup raises."""

import re
from collections.abc import Iterator

import trueup
from trueup.cli.base.failures import ExitCode
from trueup.domain.model import errors as tree
from trueup.domain.model.errors import TrueupError

from ..markdown import fenced, page, paragraph, table

_NODE = re.compile(r"^[\s│├└─]*(\w+)", re.MULTILINE)

_INTRODUCTION = """
All errors of trueup form one tree: `except TrueupError` catches them all. trueup raises an error
for a mistake of the caller, or for a database that it cannot use. It never raises for what the
exchange or the network does: that ends a run as `PARTIAL`, `FAILED` or `SKIPPED`, and the outcome
is a value.
"""

_FIELDS = """
Each error has a `message` and, where they are known, `account`, `symbol`, `order_link_id` and
`code` (Bybit's `retCode`). `str(error)` puts all of them on one line. No error contains a key or a
secret.
"""

_EXIT = """
`trueup` exports the errors that a caller may want to handle; any other signals a defect of
trueup. The last column is the exit code of a command that ends with the error.
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
                    "`trueup`" if kind.__name__ in trueup.__all__ else "–",
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
            raise TypeError(f"{name} is drawn but is not an error of trueup")
        yield kind
