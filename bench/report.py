"""The figures as a table for people and as JSON for comparisons."""

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.table import Table

import trueup

from .measurement import Figure, Measurement, Scale

Results = Mapping[Measurement, Sequence[Figure]]

_DIGITS = 3
_WHOLE = 1000


def table(results: Results) -> Table:
    """One table, with a section for each measurement."""
    grid = Table(
        title="trueup beside its baselines: medians of one run, sides measured in turn",
        caption="× is trueup ÷ baseline: the median of the rounds, and their least and greatest",
        show_lines=False,
    )
    grid.add_column("figure")
    grid.add_column("trueup", justify="right")
    grid.add_column("baseline", justify="right")
    grid.add_column("×", justify="right")
    grid.add_column("least–greatest", justify="right")
    grid.add_column("target")
    grid.add_column("compared with, or method")
    for measurement, figures in results.items():
        grid.add_row(f"[bold]{measurement.question}[/bold]", end_section=False)
        for figure in figures:
            grid.add_row(*_cells(figure), end_section=figure is figures[-1])
    return grid


def write(results: Results, scale: Scale, path: Path, loads: Mapping[str, str]) -> None:
    """Writes the figures as JSON; numbers are strings, exactly as measured.

    Figures of other measurements at the same scale stay in the file.

    Args:
        results: what was measured.
        scale: at which scale.
        path: the file.
        loads: the machine's load before each measurement.
    """
    made_by = {
        "scale": scale.name,
        "trueup": trueup.__version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "cpus": os.cpu_count(),
    }
    kept = _kept(path, scale)
    new = {
        measurement.name: [_as_json(measurement.name, figure) for figure in figures]
        for measurement, figures in results.items()
    }
    rows = [row for row in kept.get("figures", ()) if row["measurement"] not in new]
    rows += [row for figures in new.values() for row in figures]
    all_loads = {**kept.get("loads", {}), **loads}
    text = json.dumps(
        {**made_by, "loads": all_loads, "figures": rows}, indent=1, ensure_ascii=False
    )
    path.write_text(f"{text}\n", encoding="utf-8")


def _kept(path: Path, scale: Scale) -> Mapping[str, Any]:
    """What the file holds, if it was measured at the same scale."""
    if not path.is_file():
        return {}
    loaded: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded if loaded.get("scale") == scale.name else {}


def short(value: Decimal | None) -> str:
    """The number with three digits, or as a whole number."""
    if value is None:
        return "–"
    if value == value.to_integral_value() or abs(value) >= _WHOLE:
        return f"{value:.0f}"
    if abs(value) >= _WHOLE / 10:
        return f"{value:.1f}"
    return f"{value:.{max(0, _DIGITS - 1 - value.adjusted())}f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    unit = f" [dim]{figure.kind.unit}[/dim]" if figure.kind.unit else ""
    spread = "" if figure.low == figure.high else f"{short(figure.low)}–{short(figure.high)}"
    return (
        f"{figure.kind.name}{unit}",
        short(figure.ours),
        short(figure.baseline),
        short(figure.ratio),
        spread,
        _verdict(figure),
        figure.against,
    )


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return f"{figure.target.text}: {'met' if figure.is_met else '[bold]not met[/bold]'}"


def _as_json(name: str, figure: Figure) -> dict[str, str | bool | None]:
    return {
        "measurement": name,
        "figure": figure.kind.name,
        "unit": figure.kind.unit,
        "against": figure.against,
        "trueup": str(figure.ours),
        "baseline": None if figure.baseline is None else str(figure.baseline),
        "ratio": None if figure.ratio is None else str(figure.ratio),
        "least": None if figure.low is None else str(figure.low),
        "greatest": None if figure.high is None else str(figure.high),
        "target": None if figure.target is None else figure.target.text,
        "met": figure.is_met,
    }
