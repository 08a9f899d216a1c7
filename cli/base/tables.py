"""Tables on stdout: as wide as the terminal, or wide enough where there is none."""

import json
from collections.abc import Iterable, Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .output import STDOUT

WIDTH_IN_PIPES = 160
"""As wide are tables where there is no terminal."""

_STYLES = {
    "IN_SYNC": "green",
    "SUCCESS": "green",
    "PARTIAL": "yellow",
    "SKIPPED": "yellow",
    "FAILED": "bold red",
}


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints the rows; the words of outcomes are coloured where colours can be seen."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, _STYLES.get(cell, "")) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_IN_PIPES)
    console.print(table)


def show_json(document: object) -> None:
    """Prints the document."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def show_line(document: object) -> None:
    """Prints the document on one line; whoever runs on does not wait for its reader."""
    STDOUT.write(json.dumps(document, ensure_ascii=False) + "\n")
