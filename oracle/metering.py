"""The meter over the history files: raw figures of the cover, for the page of the campaign."""

import gc
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from loguru import logger

from chaos.meter.figures import Figures
from chaos.meter.interval import Interval, Side
from chaos.meter.meter import metered
from chaos.speed.mutable_dataclasses import mutable_dataclasses

from .compare_trees import drawn_by
from .files import Entry, read
from .trees import ROOT, checked_out, commit_of

RESULTS = ROOT / "chaos" / "meter" / "results.json"

Measured = Sequence[tuple[bool, tuple[Interval, ...]]]
"""Of each history: whether it was live, and its intervals."""


def meter(old: str, first: int, last: int, column: str, processes: int) -> str:
    """Plays these histories of the list, and returns the figures as text.

    Args:
        old: the commit that draws the histories: to compare two engines, the same for both.
        first: the first position in the list.
        last: the last one.
        column: under which name the figures go into the results file; empty writes nothing.
        processes: how many processes play at once.
    """
    commit = commit_of(old)
    with checked_out(commit) as tree:
        files = drawn_by(tree, commit, first, last)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        measured = [one for chunk in pool.map(measure_file, files) for one in chunk]
    tables = dict(_tables(measured))
    if column:
        _write(column, tables)
    return "\n".join(
        f"{title}: {row}: {figure}"
        for title, rows in tables.items()
        for row, figure in rows.items()
    )


def measure_file(path: Path) -> Measured:
    """Plays the histories of one file in memory; silences trueup's log for good."""
    logger.disable("trueup")
    gc.disable()
    try:
        with mutable_dataclasses():
            return [_measure(entry) for entry in read(path)]
    finally:
        gc.enable()
        gc.collect()


def _measure(entry: Entry) -> tuple[bool, tuple[Interval, ...]]:
    return entry.history.scene.is_live, metered(entry.history)


def _tables(measured: Measured) -> Iterable[tuple[str, dict[str, str]]]:
    for kind, is_live in (("run by hand", False), ("live", True)):
        of_kind = [intervals for live, intervals in measured if live is is_live]
        for side in Side:
            title = f"{side.value}, {len(of_kind)} histories {kind}"
            yield title, dict(Figures.of(side, of_kind).rows())


def _write(column: str, tables: Mapping[str, Mapping[str, str]]) -> None:
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    known[column] = tables
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
