"""The meter's part of ``chaos.md``: what writes of ours did to the cover, as measured."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from ..markdown import between, table

RESULTS = Path(__file__).parents[2] / "chaos" / "meter" / "results.json"
_PAGE = Path(__file__).parents[1] / "chaos.md"
_BEGIN = "<!-- The meter: written by docs/generate.py, from chaos/meter/results.json. -->"
_END = "<!-- End of the meter. -->"


Measured = dict[str, dict[str, dict[str, str]]]
"""The figure of each row of each table of each measurement, by their names."""


_ADD_UP = ("histories with one", "intervals", "total length", "depth × length")
"""The rows that may be added; a history is of one kind of those that two engines played."""


def chaos() -> str:
    """The page as it is, with the measured figures as they should be."""
    measured = json.loads(RESULTS.read_text("utf-8"))
    part = "\n\n".join((*_together(measured), *_tables(measured)))
    return between(_PAGE.read_text("utf-8"), _BEGIN, _END, part)


def _tables(measured: Measured) -> Iterator[str]:
    """One table for each side and kind of history, with a column for each measurement."""
    columns = list(measured)
    titles = dict.fromkeys(title for tables in measured.values() for title in tables)
    for title in titles:
        shown = [name for name in columns if title in measured[name]]
        rows = dict.fromkeys(row for name in shown for row in measured[name][title])
        figures = [[row, *(measured[name][title][row] for name in shown)] for row in rows]
        yield f"**Cover {title}**"
        yield table(("", *shown), figures)


def _together(measured: Measured) -> Iterator[str]:
    """One table for each side, with the sums over all histories that two engines played."""
    before = measured["before"]
    compared = {name: tables for name, tables in measured.items() if tables.keys() == before.keys()}
    for side in dict.fromkeys(title.partition(",")[0] for title in before):
        rows = [
            [row, *(_sum(tables, side, row) for tables in compared.values())] for row in _ADD_UP
        ]
        yield f"**Cover {side}, both kinds of history together**"
        yield table(("", *compared), rows)


def _sum(tables: Mapping[str, dict[str, str]], side: str, row: str) -> str:
    """The figures of one row, added up with their unit.

    Example:
        ``558.4 s`` and ``9098.4 s`` are ``9656.8 s``.
    """
    figures = [rows[row].partition(" ") for title, rows in tables.items() if title.startswith(side)]
    return f"{sum(Decimal(number) for number, _, _ in figures)} {figures[0][2]}".rstrip()
