"""The committed results of the search: its figures, what it reached, and which bugs it caught."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from .exploring import Exploration, place_of
from .hunting import Caught
from .matrix.cells import Cell, Path
from .search import Place

RESULTS = FilePath(__file__).with_name("results.json")
CI_DEVIATIONS = 2
"""With how many deviations CI explores the scope."""


@dataclass(slots=True)
class Results:
    """What is on record of the search.

    Attributes:
        figures: by the number of deviations, each figure by its name.
        cells: each cell that was reached, with the shortest walk to it.
        paths: each path from Idle to Idle that was taken, with the shortest walk that took it.
        caught: each planted bug, as it was caught or not.
    """

    figures: dict[str, dict[str, str]] = field(default_factory=dict)
    cells: dict[Cell, Place] = field(default_factory=dict)
    paths: dict[Path, Place] = field(default_factory=dict)
    caught: list[Caught] = field(default_factory=list)

    def add(self, explored: Exploration) -> None:
        """Adds what a search has found; what a shorter walk had reached keeps that walk."""
        self.figures[str(explored.most)] = figures(explored)
        for cell, place in explored.found.cells.items():
            self.cells[cell] = _shorter(self.cells.get(cell, place), place)
        for path, place in explored.found.paths.items():
            self.paths[path] = _shorter(self.paths.get(path, place), place)


def figures(explored: Exploration) -> dict[str, str]:
    """The figures of a search, for people."""
    found = explored.found
    left = 0 if explored.is_over else len(explored.frontier) + len(found.next)
    return {
        "walks": f"{found.walks}",
        "of these ended in a state from which another goes on": f"{found.known}",
        "states": f"{len(found.states)}",
        "transitions": f"{found.transitions}",
        "deepest path": f"{found.deepest} transitions",
        "frontier": f"{left} walks to expand" if left else "empty: the scope is exhausted",
        "violations": f"{len(found.violations)}",
        "processor time": f"{found.cpu_s:.0f} s",
    }


def read(path: FilePath = RESULTS) -> Results:
    """Reads the results on record; empty ones if there are none."""
    if not path.is_file():
        return Results()
    kept = json.loads(path.read_text("utf-8"))
    caught = [
        Caught(one["bug"], one["walk"] and place_of(one["walk"]), one["promise"], one["walks"])
        for one in kept["caught"]
    ]
    return Results(
        kept["figures"],
        {Cell(*fields): place_of(place) for *fields, place in kept["cells"]},
        {tuple((s, e, t) for s, e, t in path): place_of(place) for path, place in kept["paths"]},
        caught,
    )


def write(results: Results, path: FilePath = RESULTS) -> None:
    """Puts results on record, a line for each fact, so that a review shows what changed."""
    lines = {
        "figures": [json.dumps({most: one})[1:-1] for most, one in results.figures.items()],
        "cells": sorted(_line([*_fields(cell), place]) for cell, place in results.cells.items()),
        "paths": sorted(_line([path, place]) for path, place in results.paths.items()),
        "caught": [
            _line({"bug": c.bug, "walk": c.place, "promise": c.promise, "walks": c.walks})
            for c in results.caught
        ],
    }
    path.write_text(_document(lines), encoding="utf-8")


def _document(lines: Mapping[str, list[str]]) -> str:
    parts = []
    for name, rows in lines.items():
        opening, closing = ("{", "}") if name == "figures" else ("[", "]")
        body = ",\n".join(f"  {row}" for row in rows)
        parts.append(f'"{name}": {opening}\n{body}\n{closing}')
    return "{" + ",\n".join(parts) + "}\n"


def _fields(cell: Cell) -> tuple[str, ...]:
    return cell.source, cell.event, cell.target, cell.operation, cell.outcome, cell.code


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _shorter(one: Place, other: Place) -> Place:
    return other if len(other[1]) < len(one[1]) else one
