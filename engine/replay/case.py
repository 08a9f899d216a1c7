"""A case: recorded passes in a file, with what they did then; a test holds the code to it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from ...domain.audit.transcript import Transcript, rendered
from ...domain.model.errors import ConfigurationError
from ...domain.recording.codec import Json, to_text
from ...domain.store import Step
from .comparing import comparable
from .replaying import Recorded, replay

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Case:
    """Recorded passes of a monitor, oldest first, and their transcript.

    Attributes:
        monitor: its name, for people.
        passes: the items of each, as JSON has them.
        transcript: what they did, line by line.
    """

    monitor: str
    passes: tuple[tuple[Json, ...], ...]
    transcript: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """What the present code makes of a case.

    Attributes:
        recorded: the transcript in the file.
        replayed: that of the present code.
    """

    recorded: tuple[str, ...]
    replayed: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """How the two differ, as a diff; empty where they do not."""
        return tuple(
            unified_diff(self.recorded, self.replayed, "recorded", "replayed", lineterm="", n=5)
        )


def transcript_of(passes: Iterable[Sequence[Json]]) -> tuple[str, ...]:
    """What the present code makes of recorded passes, line by line.

    Raises:
        ValueError: a record cannot be read.
    """
    runs: dict[str, list[Step]] = {}
    parted: list[str] = []
    for items in passes:
        replayed = replay(Recorded.of(items))
        for step in replayed.steps:
            runs.setdefault(step.transitions[0].run_id, []).append(step)
        if replayed.parted is not None:
            parted.append(str(replayed.parted))
    made = (rendered(comparable(Transcript.of(run, steps))) for run, steps in runs.items())
    return (*(line for lines in made for line in lines), *parted)


def case_text(case: Case) -> str:
    """The case as a file has it: an item a line, so that a change of one shows in a review."""
    passes = ",\n".join(
        "[\n" + ",\n".join(to_text(item) for item in items) + "\n]" for items in case.passes
    )
    lines = ",\n".join(json.dumps(line, ensure_ascii=False) for line in case.transcript)
    monitor = json.dumps(case.monitor, ensure_ascii=False)
    return (
        f'{{"trueup_case": {_FORMAT},\n"monitor": {monitor},\n'
        f'"transcript": [\n{lines}\n],\n"passes": [\n{passes}\n]}}\n'
    )


def read_case(path: str | Path) -> Case:
    """The case in a file.

    Raises:
        ConfigurationError: it cannot be read, or is none.
    """
    try:
        found = json.loads(Path(path).read_text("utf-8"))
        if found["trueup_case"] != _FORMAT:
            raise ConfigurationError(
                f"{path} is a case of the format {found['trueup_case']}: a newer trueup made it"
            )
        return Case(
            str(found["monitor"]),
            tuple(tuple(items) for items in found["passes"]),
            tuple(found["transcript"]),
        )
    except OSError as error:
        raise ConfigurationError(f"the case cannot be read: {error}") from error
    except (ValueError, TypeError, LookupError) as error:
        raise ConfigurationError(
            f"{path} is no case: `trueup export RUN` writes one ({error})"
        ) from error


def replay_case(path: str | Path) -> ReplayedCase:
    """Replays the case in a file by the present code.

    Raises:
        ConfigurationError: it cannot be read, or is none.
    """
    case = read_case(path)
    try:
        return ReplayedCase(case.transcript, transcript_of(case.passes))
    except ValueError as error:
        raise ConfigurationError(f"{path} cannot be replayed: {error}") from error
