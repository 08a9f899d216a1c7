"""The walks that are stories: what the search reaches and no hand-written story pins.

::

    python -m tests.stories.explored    chooses them anew, after the search was put on record

The list is in ``explored.json``. It is as short as a greedy choice makes it: each walk pins a cell
of the matrix or a simple path that no other story pins.
"""

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from loguru import logger

from chaos.explore.aiming import Aim
from chaos.explore.errands import ERRANDS, RARE_ERRANDS, errand
from chaos.explore.exploring import place_of
from chaos.explore.matrix.cells import Cell, cells_of, chart_steps, path_of
from chaos.explore.matrix.cells import Path as Taken
from chaos.explore.matrix.laws import law_of_path
from chaos.explore.matrix.paths import simple_paths, words
from chaos.explore.results import Results, read
from chaos.explore.search import Place
from chaos.explore.walking import walk
from docs.writers.pinned import pinned

CHOSEN = Path(__file__).with_name("explored.json")
MODULE = "test_explored.ambr"
_MOST_AIMED = 3

Pins = frozenset[Cell | Taken]


def chosen() -> Sequence[Place]:
    """The walks on record."""
    if not CHOSEN.is_file():
        return []
    return [place_of(place) for place in json.loads(CHOSEN.read_text("utf-8"))]


def wanted_paths() -> Iterator[Taken]:
    """The simple paths that no law excludes."""
    return (path for path in simple_paths(chart_steps()) if law_of_path(path) is None)


def _by_hand() -> Pins:
    stories = [story for story in pinned() if story.file.name != MODULE]
    cells = frozenset[Cell | Taken](cell for story in stories for cell in story.cells)
    return cells.union(*(story.paths for story in stories))


def _candidates(results: Results, wanted: Collection[Taken]) -> Iterator[Place]:
    """Walks that reach the cells, and walks for the paths."""
    yield from results.cells.values()
    yield from chosen()
    aim = Aim()
    for one in (*ERRANDS, *RARE_ERRANDS):
        aim.walk((one.name, ()))
    for place in (*results.paths.values(), *chosen()):
        aim.walk(place)
    for path in sorted(wanted, key=len):
        found = aim.at(path, _MOST_AIMED)
        if found is None:
            _say(f"no walk takes: {words(path)}")
        else:
            yield found


def _pins(place: Place) -> Pins:
    name, deviations = place
    reports = walk(errand(name), deviations).reports
    cells = frozenset[Cell | Taken](cell for report in reports for cell in cells_of(report))
    return cells | {path_of(report) for report in reports}


def _cover(missing: Pins, pins: Mapping[Place, Pins]) -> Iterator[Place]:
    while missing:
        best = max(pins, key=lambda place: (len(pins[place] & missing), -len(place[1]), place))
        if not pins[best] & missing:
            return
        yield best
        missing -= pins[best]


def choose(results: Results) -> Iterable[Place]:
    """Chooses the walks anew."""
    by_hand = _by_hand()
    paths = [path for path in wanted_paths() if path not in by_hand]
    missing: Pins = frozenset(results.cells) | frozenset(paths)
    missing -= by_hand
    pins = {place: _pins(place) for place in dict.fromkeys(_candidates(results, paths))}
    return sorted(_cover(missing, pins), key=lambda place: (place[0], len(place[1]), place))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logger.disable("trueup")
    lines = ",\n".join(json.dumps(place) for place in choose(read()))
    CHOSEN.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
