"""The meter's part of ``chaos.md``: what writes of ours did to the cover, as measured."""

import json
from collections.abc import Iterator
from pathlib import Path

from ..markdown import between, table

RESULTS = Path(__file__).parents[2] / "chaos" / "meter" / "results.json"
_PAGE = Path(__file__).parents[1] / "chaos.md"
_BEGIN = "<!-- The meter: written by docs/generate.py, from chaos/meter/results.json. -->"
_END = "<!-- End of the meter. -->"


Measured = dict[str, dict[str, dict[str, str]]]
"""The figure of each row of each table of each measurement, by their names."""


def chaos() -> str:
    """The page as it is, with the measured figures as they should be."""
    part = "\n\n".join(_tables(json.loads(RESULTS.read_text("utf-8"))))
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
