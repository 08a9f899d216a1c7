"""The store's second baseline: its own statements on its own tables, with all values ready.

What is left is SQLite's own cost for the rows of a step, with all their columns and indices.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from chaos.speed.patching import patched
from trueup import MonitorRecord
from trueup.storage import open_store
from trueup.storage.shared.generated import statements
from trueup.storage.shared.prepared import Prepared
from trueup.storage.shared.writing import write_step
from trueup.storage.sql.phrases import said

from .raw import Write
from .steps import step, watched

_VERSION = 987_654_321
"""Stands in for a step's version, and for the ids that contain it."""
_DROP = "DELETE FROM intent WHERE monitor_id = ? AND run_id <> ?"


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
        self._statements = [(sql, values, _moving(values)) for sql, values in taken]

    def write(self, connection: sqlite3.Connection) -> None:
        version = next(self._versions)
        for sql, values, moving in self._statements:
            for place, made in moving:
                values[place] = made(version)
            connection.execute(sql, values)


def _statements(record: MonitorRecord) -> list[tuple[str, list[Any]]]:
    """The statements that the store would run for a step of the monitor."""
    taken: list[tuple[str, list[Any]]] = []

    def take(prepared: Prepared, _: sqlite3.Connection, *rows: Mapping[str, Any]) -> int:
        if prepared is statements.DROP_INTENTS:
            # Their numbers differ from step to step; they are those of all runs but this one.
            taken.append((_DROP, [record.id, f"{record.id}-{_VERSION}"]))
        else:
            taken.extend(prepared.ready(*rows))
        return len(rows)

    def number(
        prepared: Prepared, connection: sqlite3.Connection, *rows: Mapping[str, Any]
    ) -> tuple[int, ...]:
        return tuple(range(take(prepared, connection, *rows)))

    announced = step(replace(record, version=_VERSION))
    kept = {one.id: (n, one) for n, one in enumerate(announced.intents) if not one.status.is_open}
    with (
        closing(sqlite3.connect(":memory:")) as unused,
        patched(Prepared, "run", take),
        patched(Prepared, "insert_all", number),
    ):
        known = {phrase: number for number, (phrase, _) in enumerate(said(announced))}
        write_step(unused, announced, kept, known)
    return taken


def _moving(values: list[Any]) -> list[tuple[int, Callable[[int], Any]]]:
    """How to put the version into each value that has it: into a text, or added to a number."""
    moving: list[tuple[int, Callable[[int], Any]]] = []
    for place, value in enumerate(values):
        if isinstance(value, int) and _VERSION <= value <= _VERSION + 1:
            moving.append((place, partial(int.__add__, value - _VERSION)))
        elif isinstance(value, str) and str(_VERSION) in value:
            moving.append((place, partial(_text, value)))
    return moving


def _text(value: str, version: int) -> str:
    return value.replace(str(_VERSION), str(version))
