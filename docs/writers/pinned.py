"""What the reviewed transcripts pin: which replies led to which transition, and which paths.

A transcript that the search wrote has each call above the transition that it led to. The others
list a run's transitions first and its calls below: there a call counts only where no other state
of the run can have made it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chaos.explore.matrix.cells import NO_CALL, Cell, Reply, Step
from chaos.explore.matrix.cells import Path as Taken

from .stories import ROOT, SNAPSHOTS

_NAME = re.compile(r"^# name: (\S+)$")
_RUN = re.compile(r"^  ══ ")
_STEP = re.compile(r"^\s*(\w+) ──(\w+)──▶ (\w+)")
_CALL = re.compile(
    r"^\s+(observe|look_up|executions|place|amend|cancel|set_stop) +\S+ +"
    r"(orders unread|[\w-]+)(?: (\d+))?(?:  \(|$)"
)
_CALLS = "  calls"
_READS = frozenset({"observe", "look_up", "executions"})
_MAKES: Mapping[str, frozenset[str]] = {
    "Idle": frozenset(),
    "Validating": _READS,
    "Recovering": _READS,
    "Cancelling": _READS | {"cancel"},
    "Placing": _READS | {"place", "amend", "set_stop"},
    "Alerting": frozenset(),
}
"""Which calls the work of each state makes."""


@dataclass(slots=True)
class Pinned:
    """What one transcript pins.

    Attributes:
        name: of its test.
        file: of the snapshots, relative to the repository.
        line: where it begins.
    """

    name: str
    file: Path
    line: int
    cells: set[Cell] = field(default_factory=set)
    paths: set[Taken] = field(default_factory=set)

    @property
    def link(self) -> str:
        """A link to its first line, from a page in docs/."""
        test, _, walked = self.name.partition("[")
        words = (walked.rstrip("]") or test.removeprefix("test_")).replace("_", " ")
        return f"[{words}](../{self.file.as_posix()}#L{self.line})"


@dataclass(slots=True)
class _Run:
    """A run as read so far.

    Attributes:
        steps: its transitions.
        above: the calls above each transition.
        below: the calls below all of them.
        waiting: the calls above the next transition.
        is_listed: whether the calls are listed below.
    """

    steps: list[Step] = field(default_factory=list)
    above: list[tuple[Reply, ...]] = field(default_factory=list)
    below: list[Reply] = field(default_factory=list)
    waiting: list[Reply] = field(default_factory=list)
    is_listed: bool = False

    def cells(self) -> Iterator[Cell]:
        """The cells that it pins."""
        if self.below:
            for step in self.steps:
                if not _MAKES[step[0]]:
                    yield Cell(*step, NO_CALL, "", "")
            yield from _certain(self.steps, self.below)
            return
        for step, replies in zip(self.steps, self.above, strict=True):
            for reply in replies or ((NO_CALL, "", ""),):
                yield Cell(*step, *reply)


def pinned(folder: Path = SNAPSHOTS) -> Sequence[Pinned]:
    """What each transcript of the folder pins, in the order of files and lines."""
    return [one for path in sorted(folder.glob("*.ambr")) for one in _of_file(path)]


def _of_file(path: Path) -> Iterator[Pinned]:
    story: Pinned | None = None
    runs: list[_Run] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if match := _NAME.match(line):
            if story is not None:
                yield _finished(story, runs)
            story, runs = Pinned(match[1], path.relative_to(ROOT), number), []
        elif _RUN.match(line):
            runs.append(_Run())
        elif runs:
            _read(runs[-1], line)
    if story is not None:
        yield _finished(story, runs)


def _read(run: _Run, line: str) -> None:
    if match := _STEP.match(line):
        run.steps.append((match[1], match[2], match[3]))
        run.above.append(tuple(run.waiting))
        run.waiting.clear()
    elif match := _CALL.match(line):
        reply = match[1], match[2], match[3] or ""
        (run.below if run.is_listed else run.waiting).append(reply)
    elif line == _CALLS:
        run.is_listed = True


def _finished(story: Pinned, runs: Sequence[_Run]) -> Pinned:
    path: list[Step] = []
    for run in runs:
        story.cells.update(run.cells())
        path += run.steps
        if path and path[0][0] == "Idle" and path[-1][2] == "Idle":
            story.paths.add(tuple(path))
        if not (path and path[-1][1] == "again"):
            path = []
    return story


def _certain(steps: Sequence[Step], replies: Sequence[Reply]) -> Iterator[Cell]:
    """The cells of the calls that only one transition can have come after."""
    made = [_MAKES[source] for source, _, _ in steps]
    first = _earliest([reply[0] for reply in replies], made)
    backwards = _earliest([reply[0] for reply in reversed(replies)], made[::-1])
    last = [len(steps) - 1 - place for place in reversed(backwards)]
    for reply, begin, end in zip(replies, first, last, strict=True):
        could = {steps[n] for n in range(begin, end + 1) if reply[0] in made[n]}
        if len(could) == 1:
            yield Cell(*could.pop(), *reply)


def _earliest(operations: Sequence[str], made: Sequence[frozenset[str]]) -> list[int]:
    """The first state of the run that can have made each of the calls, in their order."""
    places, place = list[int](), 0
    for operation in operations:
        while operation not in made[place]:
            place += 1
        places.append(place)
    return places
