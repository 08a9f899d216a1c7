"""The meter over the history files: raw figures of the cover, for the page of the campaign."""

import gc
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from loguru import logger

from chaos import draw_history
from chaos.meter.figures import Figures
from chaos.meter.interval import Interval, Side
from chaos.meter.meter import metered
from chaos.meter.newer_kinds import Kind, kinds_of
from chaos.speed.mutable_dataclasses import mutable_dataclasses

from .compare_trees import drawn_by
from .files import A_FILE, Entry, read
from .trees import ROOT, checked_out, commit_of

RESULTS = ROOT / "chaos" / "meter" / "results.json"

Measured = Sequence[tuple[bool, tuple[Interval, ...]]]
"""Of each history: whether it was live, and its intervals."""
MeasuredKinds = Sequence[tuple[tuple[Kind, ...], tuple[Interval, ...]]]
"""Of each history: the newer kinds that it is of, and its intervals."""


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
    return _published(dict(_tables(measured)), column)


def meter_newer(first: int, last: int, column: str, processes: int) -> str:
    """Plays those of these seeds whose histories older trees do not know; the figures as text.

    Args:
        first: the first seed.
        last: the last one.
        column: see :func:`meter`.
        processes: how many processes play at once.
    """
    chunks = [range(at, min(at + A_FILE, last + 1)) for at in range(first, last + 1, A_FILE)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        measured = [one for chunk in pool.map(measure_seeds, chunks) for one in chunk]
    return _published(dict(_tables_of_kinds(measured, first, last)), column)


def measure_file(path: Path) -> Measured:
    """Plays the histories of one file in memory; silences trueup's log for good."""
    with _quick():
        return [_measure(entry) for entry in read(path)]


def measure_seeds(seeds: Sequence[int]) -> MeasuredKinds:
    """The same of the histories of these seeds that are of a newer kind."""
    with _quick():
        histories = (draw_history(seed) for seed in seeds)
        return [(kinds, metered(one)) for one in histories if (kinds := kinds_of(one))]


@contextmanager
def _quick() -> Iterator[None]:
    logger.disable("trueup")
    gc.disable()
    try:
        with mutable_dataclasses():
            yield
    finally:
        gc.enable()
        gc.collect()


def _measure(entry: Entry) -> tuple[bool, tuple[Interval, ...]]:
    return entry.history.scene.is_live, metered(entry.history)


def _published(tables: Mapping[str, Mapping[str, str]], column: str) -> str:
    if column:
        _write(column, tables)
    return "\n".join(
        f"{title}: {row}: {figure}"
        for title, rows in tables.items()
        for row, figure in rows.items()
    )


def _tables(measured: Measured) -> Iterable[tuple[str, dict[str, str]]]:
    for kind, is_live in (("run by hand", False), ("live", True)):
        of_kind = [intervals for live, intervals in measured if live is is_live]
        for side in Side:
            title = f"{side.value}, {len(of_kind)} histories {kind}"
            yield title, dict(Figures.of(side, of_kind).rows())


def _tables_of_kinds(
    measured: MeasuredKinds, first: int, last: int
) -> Iterable[tuple[str, dict[str, str]]]:
    for kind in Kind:
        of_kind = [intervals for kinds, intervals in measured if kind in kinds]
        for side in Side:
            title = f"{side.value}, the {len(of_kind)} histories of seeds {first} to {last} {kind}"
            yield title, dict(Figures.of(side, of_kind).rows())


def _write(column: str, tables: Mapping[str, Mapping[str, str]]) -> None:
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    known[column] = tables
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
