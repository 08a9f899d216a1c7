"""``paths.md``: every path in a small scope, from the results of the search."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chaos.explore.errands import ERRANDS
from chaos.explore.events import EVENTS
from chaos.explore.matrix.cells import NO_CALL, Cell, Path, Reply, Step, chart_steps
from chaos.explore.matrix.laws import CELL_LAWS, PATH_LAWS, law_of_cell, law_of_path
from chaos.explore.matrix.paths import simple_paths, words
from chaos.explore.replies import FAULTS
from chaos.explore.results import CI_DEVIATIONS, Results, read

from ..markdown import page, table
from .pinned import Pinned, pinned

_INTRODUCTION = f"""
`make explore` walks the real engine through everything that can happen in a small scope: no dice,
no mocks. One monitor with one or two levels, and in some errands a stop, does one errand at a time.
A walk may deviate from the errand's happy path a few times, at any request, crash point or settled
point that it reaches. The search tries every walk with at most {CI_DEVIATIONS} deviations, the
shortest first, and the judge of the [campaign](chaos.md) checks every promise in each. The stop is
the exchange's own; stops that are orders of trueup's are left to the campaign.

A walk is played from its start: its deviations decide everything. Where nothing is under way its
state is compared with those of other walks: database, exchange and pending replies, without ids
and with times that have passed counted as equal. In a state from which another walk goes on, it
ends, and the other one alone is deviated from further.

`python -m chaos explore --deviations 3 --resume FILE --budget 1800` goes on for half an hour, saves
its frontier in the file, and goes on from there the next time. `--bugs` hunts every planted bug
instead. `--write` puts the results on record in `chaos/explore/results.json`, from which this page
is made.
"""

_RARER = """
Two deviations at neighbouring points may be the same: an event counts before the next request that
shows what it changes, a wake before the last read of a state. They are tried once.
"""

_BUGS = """
With each of the campaign's planted bugs in the engine the search must break a promise that the bug
names, if the scope can show the bug at all. Bugs of streams, clocks, keys, mirrors and other
engines cannot show: there is none of these in the scope.
"""

_MATRIX = """
For each transition: which replies of the exchange came before it in the same state. A cell names
the reviewed transcript that pins it. *Impossible* names the law that excludes it; *not reached*
says that no walk within the deviations of the table above came there. A row shows one reply:
operation, outcome class in the journal, and code.
"""

_PATHS = """
Every way from Idle to Idle in which only Validating comes twice, and nothing else does. Each is
pinned by a reviewed transcript, or excluded by a law.
"""


def paths() -> str:
    """The whole page."""
    results, stories = read(), pinned()
    return page(
        "Every path in a small scope",
        _INTRODUCTION,
        "## The scope",
        _scope(),
        _RARER,
        "## Figures",
        _figures(results),
        "## Planted bugs",
        _BUGS,
        _bugs(results),
        "## Transition × outcome class × code",
        _MATRIX,
        *_matrix(results, stories),
        "## Laws",
        _laws(),
        "## Simple paths",
        _PATHS,
        _simple_paths(stories),
    )


def replies_of(results: Results, stories: Iterable[Pinned]) -> Sequence[Reply]:
    """Every reply that a walk or a transcript has shown, in order."""
    found = {cell.reply for cell in results.cells}
    found.update(cell.reply for story in stories for cell in story.cells)
    return sorted(found, key=lambda reply: (reply[0] != NO_CALL, reply))


def text_of(cell: Cell, links: Mapping[Cell, str], results: Results) -> str:
    """What stands in a cell of the matrix; empty only where a transcript is missing."""
    law = law_of_cell(cell)
    if law is not None:
        return f"impossible: {law.name}"
    if cell in links:
        return links[cell]
    return "" if cell in results.cells else "not reached"


def links_of(stories: Iterable[Pinned]) -> Mapping[Cell, str]:
    """The shortest transcript that pins each cell."""
    found: dict[Cell, str] = {}
    for story in sorted(stories, key=lambda story: len(story.cells)):
        for cell in story.cells:
            found.setdefault(cell, story.link)
    return found


def links_of_paths(stories: Iterable[Pinned]) -> Mapping[Path, str]:
    """The transcript with the fewest paths that pins each path."""
    found: dict[Path, str] = {}
    for story in sorted(stories, key=lambda story: len(story.paths)):
        for path in story.paths:
            found.setdefault(path, story.link)
    return found


def _scope() -> str:
    rows = [
        ("errands", ", ".join(one.name for one in ERRANDS)),
        ("events", ", ".join(EVENTS)),
        ("replies", ", ".join(("accepted", *FAULTS))),
        ("crashes", "at every crash point; the code may raise around each request"),
    ]
    return table(("", "one of"), rows)


def _figures(results: Results) -> str:
    names = list(dict.fromkeys(name for one in results.figures.values() for name in one))
    head = ("", *(f"at most {most} deviations" for most in results.figures))
    rows = [[name, *(one.get(name, "") for one in results.figures.values())] for name in names]
    return table(head, rows)


def _bugs(results: Results) -> str:
    rows = []
    for caught in results.caught:
        if caught.place is None:
            continue
        name, deviations = caught.place
        happened = "; ".join(f"{where}: {what}" for where, what in deviations)
        rows.append((caught.bug, caught.promise, name, happened or "none"))
    missed = [caught for caught in results.caught if caught.place is None]
    least = min((caught.walks for caught in missed), default=0)
    named = ", ".join(caught.bug for caught in missed)
    left = f"Not found in the {least} shortest walks and more: {named}." if missed else ""
    return table(("bug", "broken promise", "errand", "deviations"), rows) + f"\n\n{left}"


def _matrix(results: Results, stories: Sequence[Pinned]) -> Iterator[str]:
    replies, links = replies_of(results, stories), links_of(stories)
    chart = chart_steps()
    for source in dict.fromkeys(step[0] for step in chart):
        steps = [step for step in chart if step[0] == source]
        yield f"**From {source}**"
        head = ("reply", *(f"{event} → {target}" for _, event, target in steps))
        yield table(head, _rows(steps, replies, links, results))


def _rows(
    steps: Sequence[Step],
    replies: Sequence[Reply],
    links: Mapping[Cell, str],
    results: Results,
) -> Iterator[Sequence[str]]:
    """A row for each reply; those that one law excludes everywhere share a row."""
    excluded: dict[str, list[str]] = {}
    for reply in replies:
        texts = [text_of(Cell(*step, *reply), links, results) for step in steps]
        if len(set(texts)) == 1 and texts[0].startswith("impossible"):
            excluded.setdefault(texts[0], []).append(_words(reply))
            continue
        yield _words(reply), *texts
    for text, rows in excluded.items():
        yield ", ".join(rows), *(text for _ in steps)


def _words(reply: Reply) -> str:
    return " ".join(part for part in reply if part)


def _laws() -> str:
    laws = [(law.name, law.reason, f"`{law.code}`") for law in CELL_LAWS]
    laws += [(law.name, law.reason, f"`{law.code}`") for law in PATH_LAWS]
    return table(("law", "what it says", "where"), laws)


def _simple_paths(stories: Sequence[Pinned]) -> str:
    links = links_of_paths(stories)
    rows = []
    for path in simple_paths(chart_steps()):
        law = law_of_path(path)
        excluded = f"impossible: {law.name}" if law else ""
        rows.append((words(path), links.get(path, excluded)))
    return table(("path", "transcript"), rows)
