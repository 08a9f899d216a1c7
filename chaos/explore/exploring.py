"""Exploring: the search, level by level on several processes, within a budget, and resumable."""

import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path as FilePath

from ..world.engine import Start
from .matrix.cells import Cell
from .search import Found, Lead, Place, begin, quietly
from .stage import start_reporting

_CHUNK = 6


@dataclass(slots=True)
class Exploration:
    """How far a search has got.

    Attributes:
        most: how many deviations a walk may have.
        level: how many those have that are being walked.
        found: what the walks so far have found; its ``next`` are those of the next level.
        frontier: the walks of this level that are still to be expanded.
        known: the states that were reached before this level.
        spent_s: seconds of wall time.
    """

    most: int
    level: int
    found: Found
    frontier: list[Lead]
    known: set[str] = field(default_factory=set)
    spent_s: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether everything in the scope has been walked."""
        return self.level > self.most


def start_exploring(names: Sequence[str], most: int, start: Start = start_reporting) -> Exploration:
    """A search that has walked the happy paths."""
    found = begin(names, start)
    first, found.next = found.next, []
    return Exploration(most, 1, found, first, found.states)


def explore(
    so_far: Exploration,
    *,
    processes: int,
    budget_s: float | None,
    watch: Callable[[Exploration], None],
    start: Start = start_reporting,
    is_enough: Callable[[Found], bool] = lambda _: False,
) -> None:
    """Goes on until the scope is walked, the budget is spent, or enough is found.

    Args:
        so_far: the search, which is brought forward.
        processes: how many walk at once.
        budget_s: seconds after which no further walks are begun; None for no limit.
        watch: receives the search after every chunk.
        start: starts the engine.
        is_enough: whether what was found is enough.
    """
    began, before_s = time.monotonic(), so_far.spent_s

    def goes_on() -> bool:
        so_far.spent_s = before_s + time.monotonic() - began
        in_time = budget_s is None or so_far.spent_s - before_s < budget_s
        return in_time and not is_enough(so_far.found)

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        while not so_far.is_over and goes_on():
            for found in _level(pool, so_far, processes, start, goes_on):
                so_far.found.add(found)
                watch(so_far)
            if not so_far.frontier:
                _next_level(so_far)
    goes_on()


def _level(
    pool: ProcessPoolExecutor,
    so_far: Exploration,
    processes: int,
    start: Start,
    goes_on: Callable[[], bool],
) -> Iterator[Found]:
    """Expands the frontier chunk by chunk; gives what each found, in the order of the frontier."""
    is_last = so_far.level == so_far.most
    size = 1 if so_far.level == 1 else _CHUNK
    under_way: list[tuple[int, Future[Found]]] = []
    begun = 0
    while True:
        while begun < len(so_far.frontier) and len(under_way) < 2 * processes and goes_on():
            chunk = so_far.frontier[begun : begun + size]
            begun += len(chunk)
            found = pool.submit(quietly, chunk, so_far.known, goes_on=not is_last, start=start)
            under_way.append((len(chunk), found))
        if not under_way:
            return
        count, first = under_way.pop(0)
        result = first.result()
        del so_far.frontier[:count]
        begun -= count
        yield result


def _next_level(so_far: Exploration) -> None:
    so_far.level += 1
    so_far.known = set(so_far.found.states)
    so_far.frontier, so_far.found.next = so_far.found.next, []


def save(so_far: Exploration, path: FilePath) -> None:
    """Writes a search into a file, to go on later."""
    found = so_far.found
    kept = {
        "most": so_far.most,
        "level": so_far.level,
        "spent_s": so_far.spent_s,
        "frontier": _kept(so_far.frontier),
        "known": sorted(so_far.known),
        "walks": found.walks,
        "ended_known": found.known,
        "transitions": found.transitions,
        "deepest": found.deepest,
        "states": sorted(found.states),
        "cells": [[*_fields(cell), place] for cell, place in found.cells.items()],
        "paths": [[path, place] for path, place in found.paths.items()],
        "violations": found.violations,
        "next": _kept(found.next),
        "cpu_s": found.cpu_s,
    }
    path.write_bytes(gzip.compress(json.dumps(kept).encode(), compresslevel=1))


def load(path: FilePath) -> Exploration:
    """Reads a search that was saved."""
    kept = json.loads(gzip.decompress(path.read_bytes()))
    found = Found(
        walks=kept["walks"],
        known=kept["ended_known"],
        transitions=kept["transitions"],
        deepest=kept["deepest"],
        states=set(kept["states"]),
        cells={Cell(*fields): place_of(place) for *fields, place in kept["cells"]},
        paths={
            tuple((s, e, t) for s, e, t in path): place_of(place) for path, place in kept["paths"]
        },
        violations=[(place_of(place), tuple(broken)) for place, broken in kept["violations"]],
        next=_leads(kept["next"]),
        cpu_s=kept["cpu_s"],
    )
    return Exploration(
        kept["most"],
        kept["level"],
        found,
        _leads(kept["frontier"]),
        set(kept["known"]),
        kept["spent_s"],
    )


def _kept(leads: Sequence[Lead]) -> list[tuple[Place, int]]:
    return [(lead.place, lead.points) for lead in leads]


def _leads(kept: Sequence[tuple[Sequence[object], int]]) -> list[Lead]:
    return [Lead(place_of(place), points) for place, points in kept]


def place_of(kept: Sequence[object]) -> Place:
    """A walk as it was before it became JSON."""
    name, deviations = kept
    return str(name), tuple((str(where), str(what)) for where, what in deviations)  # type: ignore[attr-defined] # JSON has lists


def _fields(cell: Cell) -> tuple[str, ...]:
    return cell.source, cell.event, cell.target, cell.operation, cell.outcome, cell.code
