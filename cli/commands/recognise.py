"""``trueup recognise``: what order link ids alone suggest."""

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ...domain.recognition.classify import Suggestion, suggest
from ..base import options
from ..base.tables import show_json, show_table

_COLUMNS = ("id", "kind", "level", "account", "family")


def recognise(
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="ID", show_default=False, help="Order link ids."),
    ] = None,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Show what order link ids suggest.

    Without arguments, the ids are read from stdin, one per line.

    An id is only a hint. The kind is TP, SL, ENTRY or FOREIGN (an external order); the account is
    that of the id's maker. An order's own fields decide what it is, and the rank of its price
    decides its level. An id without a level has a form whose number means something else.
    """
    names = _from_stdin() if ids is None else ids
    suggestions = [(name, suggest(name)) for name in names]
    if as_json:
        show_json([_document(name, suggested) for name, suggested in suggestions])
    else:
        show_table(_COLUMNS, (_cells(name, suggested) for name, suggested in suggestions))


def _from_stdin() -> Sequence[str]:
    """The lines of stdin, including empty ones and those that are not UTF-8."""
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _cells(name: str, suggested: Suggestion) -> tuple[str, ...]:
    level = "–" if suggested.level is None else str(suggested.level)
    role = "–" if suggested.role is None else suggested.role.value
    return (name or "(empty)", suggested.kind.value, level, role, suggested.family or "–")


def _document(name: str, suggested: Suggestion) -> dict[str, Any]:
    return {
        "id": name,
        "kind": suggested.kind.value,
        "level": suggested.level,
        "account": suggested.role and suggested.role.value,
        "family": suggested.family or None,
        "entry": suggested.entry,
    }
