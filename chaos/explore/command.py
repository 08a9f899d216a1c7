"""``python -m chaos explore``: searches, hunts planted bugs, or walks one walk again."""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path as FilePath

from ..bugs import ALL_BUGS
from .errands import ERRANDS
from .exploring import Exploration, explore, load, save, start_exploring
from .hunting import Caught, bug_named, hunt, prove
from .matrix.cells import Cell
from .results import CI_DEVIATIONS, Results, figures, read, write
from .story import parsed, story_of

_SAVED_EVERY_S = 60


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the command."""
    parser.add_argument("--deviations", type=int, default=CI_DEVIATIONS, help="of a walk, at most")
    parser.add_argument("--resume", default="", help="FILE: go on from it, and save into it")
    parser.add_argument(
        "--budget", type=float, default=None, help="seconds; then the rest is saved"
    )
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="put what is found on record")
    parser.add_argument("--bugs", action="store_true", help="hunt every planted bug instead")
    parser.add_argument("--bug", default="", help="NAME: hunt this one, and tell how it shows")
    parser.add_argument("--walk", default="", help="ERRAND: walk one walk again, and tell it")
    parser.add_argument(
        "--at", action="append", default=[], help="'WHERE: WHAT': one of its deviations"
    )


def run(given: argparse.Namespace) -> int:
    """Runs the command; returns 1 if a promise was broken or something is missing on record."""
    if given.walk:
        _say(story_of(parsed(given.walk, given.at)))
        return 0
    if given.bug:
        return _hunt(given)
    if given.bugs:
        return _prove(given)
    return _explore(given)


def _explore(given: argparse.Namespace) -> int:
    file = FilePath(given.resume) if given.resume else None
    if file is not None and file.is_file():
        explored = load(file)
    else:
        explored = start_exploring([one.name for one in ERRANDS], given.deviations)
    explore(explored, processes=given.processes, budget_s=given.budget, watch=_Watch(file).progress)
    if file is not None:
        save(explored, file)
    for name, figure in figures(explored).items():
        _say(f"{name}: {figure}")
    _say(f"time: {explored.spent_s:.0f} s on {given.processes} processes")
    for place, _ in explored.found.violations[:1]:
        _say(story_of(place))
    for _, broken in explored.found.violations[1:]:
        _say(f"broke: {broken[0]}")
    results = read()
    missing = _missing(explored, results)
    if given.write:
        results.add(explored)
        write(results)
    elif missing:
        _say(f"not on record: {len(missing)} cells, such as {missing[0]}: run with --write")
    return 1 if explored.found.violations or (missing and not given.write) else 0


def _missing(explored: Exploration, results: Results) -> Sequence[Cell]:
    return sorted(set(explored.found.cells) - set(results.cells))


def _hunt(given: argparse.Namespace) -> int:
    caught = hunt(given.bug, given.deviations)
    if given.write:
        _keep([caught])
    if caught.place is None:
        _say(_how(caught, given.deviations))
        return 1
    _say(story_of(caught.place, start=bug_named(given.bug).start))
    return 0


def _prove(given: argparse.Namespace) -> int:
    hunted = []
    for caught in prove([bug.name for bug in ALL_BUGS], given.deviations, given.processes):
        _say(_how(caught, given.deviations))
        hunted.append(caught)
    if given.write:
        _keep(hunted)
    return 0


def _how(caught: Caught, most: int) -> str:
    if caught.place is None:
        return f"{caught.bug:48}  not within {most} deviations, in {caught.walks} walks"
    name, deviations = caught.place
    return f"{caught.bug:48}  {len(deviations)} deviations, {name}: {caught.promise}"


def _keep(hunted: Iterable[Caught]) -> None:
    """Puts on record how bugs were caught; one that was caught before stays so."""
    results = read()
    known = {one.bug: one for one in results.caught}
    for caught in hunted:
        before = known.get(caught.bug)
        if caught.place is not None or before is None or before.place is None:
            known[caught.bug] = caught
    results.caught = [known[bug.name] for bug in ALL_BUGS if bug.name in known]
    write(results)


class _Watch:
    """Shows the progress of a search, and saves it now and then.

    Args:
        file: where; None for nowhere.
    """

    def __init__(self, file: FilePath | None) -> None:
        self._file = file
        self._saved = time.monotonic()

    def progress(self, explored: Exploration) -> None:
        """A chunk is done."""
        found = explored.found
        sys.stderr.write(
            f"\r{found.walks} walks, {len(found.states)} states, level {explored.level}, "
            f"frontier {len(explored.frontier)} "
        )
        sys.stderr.flush()
        if self._file is not None and time.monotonic() - self._saved > _SAVED_EVERY_S:
            save(explored, self._file)
            self._saved = time.monotonic()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
