"""``bench.md`` and its chart: the figures that the bench wrote, of each measurement the last."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from math import log10
from pathlib import Path
from typing import Any

from ..markdown import page, table

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"
CHART = "time-to-true.svg"

_INTRODUCTION = """
These figures compare trueup with baselines that took turns with it in the same run; different
measurements may come from different runs. [bench/README.md](../bench/README.md) says how each
figure is measured and what it does not say; `make bench` measures again. × is trueup ÷ baseline:
the median of the rounds, with their least and greatest value. **Ratios and counts are the figures;
absolute times belong to one machine at one time.**
"""
_HEAD = (
    "figure",
    "trueup",
    "baseline",
    "×",
    "least–greatest",
    "target",
    "compared with, or method",
)
_WHOLE, _DIGITS = 1000, 3

_WIDTH, _LEFT, _TOP, _BAR, _STEP = 720, 210, 56, 26, 44
_DECADES = (10, 100, 1000, 10_000)
_SIDES = (
    ("trueup, private streams", "p50, streams", "trueup", "#1a7f37"),
    ("the old bot's sequence", "p50, streams", "baseline", "#8c959f"),
    ("trueup, {}", "p50, a sweep", "trueup", "#54aeff"),
)

Row = Mapping[str, str | bool | None]


def bench() -> str:
    """The page."""
    results = _results()
    sections = [
        f"## {name}\n\nThe machine's load before: {results['loads'].get(name, 'unknown')}.\n\n"
        f"{table(_HEAD, map(_cells, rows))}"
        for name, rows in groupby(results["figures"], key=lambda row: str(row["measurement"]))
    ]
    return page(
        "Measured figures", _INTRODUCTION, _made_by(results), f"![Chart]({CHART})", *sections
    )


def chart() -> str:
    """Time to true of three sides, on a logarithmic scale, as SVG."""
    rows = _results()["figures"]
    bars = []
    for number, (label, part, side, colour) in enumerate(_SIDES):
        row = next(row for row in rows if f"time to true, {part}" in str(row["figure"]))
        how = str(row["figure"]).rpartition(", ")[2]
        bars.append(_bar(number, label.format(how), Decimal(str(row[side])), colour))
    height = _TOP + _STEP * len(_SIDES) + 24
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
            'font-family="sans-serif" font-size="13">'
        ),
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        (
            '<text x="12" y="22" font-size="15">From an entry\'s fill until its four take-profits '
            "cover it (median, log scale)</text>"
        ),
        *(_grid(decade, height) for decade in _DECADES),
        *bars,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _bar(number: int, label: str, ms: Decimal, colour: str) -> str:
    top = _TOP + _STEP * number
    end = _x(float(ms))
    middle = top + _BAR - 8
    return (
        f'<text x="12" y="{middle}">{label}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{end - _LEFT}" height="{_BAR}" fill="{colour}"/>'
        f'<text x="{end + 6}" y="{middle}">{_short(ms)} ms</text>'
    )


def _grid(decade: int, height: int) -> str:
    x = _x(decade)
    return (
        f'<line x1="{x}" y1="{_TOP - 14}" x2="{x}" y2="{height - 20}" stroke="#d0d7de"/>'
        f'<text x="{x}" y="{height - 6}" text-anchor="middle" fill="#57606a">{decade} ms</text>'
    )


def _x(ms: float) -> int:
    width = _WIDTH - _LEFT - 90
    whole = log10(_DECADES[-1] / _DECADES[0])
    return _LEFT + round(width * max(log10(ms / _DECADES[0]), 0) / whole)


def _made_by(results: Mapping[str, Any]) -> str:
    facts = ", ".join(f"{name} {results[name]}" for name in ("trueup", "python", "sqlite", "cpus"))
    return f"At scale `{results['scale']}`: {facts}."


def _cells(row: Row) -> Sequence[str]:
    unit = f" {row['unit']}" if row["unit"] else ""
    least, greatest = (_number(row[name]) for name in ("least", "greatest"))
    spread = "" if least == greatest else f"{_short(least)}–{_short(greatest)}"
    target = ""
    if row["target"] is not None:
        target = f"{row['target']}: {'met' if row['met'] else '**not met**'}"
    values = (_short(_number(row[name])) for name in ("trueup", "baseline", "ratio"))
    return (f"{row['figure']}{unit}", *values, spread, target, str(row["against"]))


def _number(value: str | bool | None) -> Decimal | None:  # noqa: FBT001 - as JSON has it
    return None if value is None else Decimal(str(value))


def _short(value: Decimal | None) -> str:
    """Three digits, or whole."""
    if value is None:
        return "–"
    if value == value.to_integral_value() or abs(value) >= _WHOLE:
        return f"{value:.0f}"
    if abs(value) >= _WHOLE / 10:
        return f"{value:.1f}"
    return f"{value:.{max(0, _DIGITS - 1 - value.adjusted())}f}"


def _results() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return loaded
