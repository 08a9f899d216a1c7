"""The store's second baseline: its own statements on its own tables, with all values ready.

What is left is SQLite's own cost for the rows of a step, with all their columns and indices.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from chaos.speed.patching import patched
from trueup import MonitorRecord
from trueup.storage import open_store
from trueup.storage.sqlite.access.prepared import Prepared
from trueup.storage.sqlite.writing import write_step

from .raw import Write
from .steps import step, watched

_VERSION = 987_654_321
"""Stands in for a step's version, and for the ids that contain it."""


def ready(path: Path, monitors: int) -> Write:
    """Makes the store's database with this many monitors; returns what writes their next steps."""
    with closing(open_store(f"sqlite:///{path}")) as store:
        steps = [_Steps(watched(store, number)) for number in range(monitors)]
    return lambda connection, number: steps[number].write(connection)


class _Steps:
    """The steps of one monitor; only the version, and ids made from it, differ between them."""

    def __init__(self, record: MonitorRecord) -> None:
        self._versions = count(record.version)
        taken = _statements(record)
        self._statements = [(sql, values, dict(_moving(values))) for sql, values in taken]

    def write(self, connection: sqlite3.Connection) -> None:
        version = next(self._versions)
        for sql, values, moving in self._statements:
            for place, (before, after) in moving.items():
                values[place] = version + after if before is None else f"{before}{version}{after}"
            connection.execute(sql, values)


def _statements(record: MonitorRecord) -> list[tuple[str, list[Any]]]:
    """The statements that the store would run for a step of the monitor."""
    taken: list[tuple[str, list[Any]]] = []

    def take(prepared: Prepared, _: sqlite3.Connection, *rows: Mapping[str, Any]) -> int:
        taken.extend(prepared.ready(*rows))
        return len(rows)

    with closing(sqlite3.connect(":memory:")) as unused, patched(Prepared, "run", take):
        write_step(unused, step(replace(record, version=_VERSION)))
    return taken


def _moving(values: list[Any]) -> Iterator[tuple[int, tuple[str | None, Any]]]:
    """How to put the version into a value: into a text, or added to a number."""
    for place, value in enumerate(values):
        if isinstance(value, int) and value >= _VERSION:
            yield place, (None, value - _VERSION)
        elif isinstance(value, str) and str(_VERSION) in value:
            before, after = value.split(str(_VERSION))
            yield place, (before, after)
