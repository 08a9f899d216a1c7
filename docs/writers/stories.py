"""Where the reviewed transcripts show which step of the machine."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "tests" / "stories" / "__snapshots__"

Step = tuple[str, str, str]
"""Source, event, target."""

_NAME = re.compile(r"^# name: (\S+)$")
_STEP = re.compile(r"^\s*(\w+) ──(\w+)──▶ (\w+)")


@dataclass(frozen=True, slots=True)
class Transcript:
    """One reviewed transcript.

    Attributes:
        file: of the snapshots, relative to the repository.
        line: where it begins.
        steps: every step it shows, in order.
    """

    name: str
    file: Path
    line: int
    steps: tuple[Step, ...]

    @property
    def title(self) -> str:
        """Its test's name as words."""
        return self.name.partition("[")[0].removeprefix("test_").replace("_", " ")

    @property
    def link(self) -> str:
        """A link to its first line, from a page in docs/."""
        return f"[{self.title}](../{self.file.as_posix()}#L{self.line})"


def shortest_by_step(folder: Path = SNAPSHOTS) -> Mapping[Step, Transcript]:
    """For each step, the shortest transcript that takes it."""
    found: dict[Step, Transcript] = {}
    ranked = sorted(transcripts(folder), key=lambda each: (len(each.steps), each.file, each.line))
    for transcript in ranked:
        for step in transcript.steps:
            found.setdefault(step, transcript)
    return found


def transcripts(folder: Path = SNAPSHOTS) -> Iterator[Transcript]:
    """Every transcript of the folder, in the order of files and lines."""
    for path in sorted(folder.glob("*.ambr")):
        name, begin, steps = "", 0, list[Step]()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if match := _NAME.match(line):
                if name:
                    yield Transcript(name, path.relative_to(ROOT), begin, tuple(steps))
                name, begin, steps = match[1], number, []
            elif match := _STEP.match(line):
                steps.append((match[1], match[2], match[3]))
        if name:
            yield Transcript(name, path.relative_to(ROOT), begin, tuple(steps))
