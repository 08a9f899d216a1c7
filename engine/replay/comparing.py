"""What the present code makes of recorded runs, beside what is on record of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ...domain.audit.differences import differences
from ...domain.audit.transcript import Transcript
from ...domain.copies import replace
from ...domain.model.intent import Intent
from ...domain.recording.passes import RecordedPass
from ...domain.store import Step
from .replaying import Recorded, replay

_T = TypeVar("_T")
_ERROR_ID = re.compile(r"\binternal error [0-9a-f]{8}\b")
"""It names the functions through which an exception came: those of a replay are others."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A recorded run, and what the present code makes of it.

    Attributes:
        run_id: the run.
        replayed: what the present code does.
        lines: how the two differ, for people; empty where they do not.
    """

    run_id: str
    replayed: Transcript
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """A run, as far as its passes have been replayed."""

    steps: list[Step] = field(default_factory=list)
    parted: list[str] = field(default_factory=list)


def compare(
    passes: Iterable[RecordedPass], on_record: Callable[[str], Transcript]
) -> Iterator[Comparison]:
    """Replays passes of one monitor; each of their runs with its differences.

    A run that a killed process left goes on in the next pass, and is compared as a whole.

    Args:
        passes: oldest first.
        on_record: what is on record of a run.

    Raises:
        ValueError: a record cannot be read.
    """
    under_way: dict[str, _Run] = {}
    for recorded in passes:
        for run_id in [each for each in under_way if each not in recorded.runs]:
            yield _compared(run_id, under_way.pop(run_id), on_record(run_id))
        _add(recorded, under_way)
    for run_id, run in under_way.items():
        yield _compared(run_id, run, on_record(run_id))


def _add(recorded: RecordedPass, under_way: dict[str, _Run]) -> None:
    """Replays a pass; what its runs commit is added to them.

    Where the process died, nothing is on record after the last commit.
    """
    replayed = replay(Recorded.of(recorded.items))
    commits = sum(map(len, recorded.runs.values()))
    steps = replayed.steps[:commits] if replayed.is_cut_off else replayed.steps
    last = next(reversed(recorded.runs))
    for run_id in recorded.runs:
        under_way.setdefault(run_id, _Run())
    for step in steps:
        last = step.transitions[0].run_id
        under_way.setdefault(last, _Run()).steps.append(step)
    if replayed.parted is not None:
        under_way[last].parted.append(str(replayed.parted))


def _compared(run_id: str, run: _Run, on_record: Transcript) -> Comparison:
    replayed = Transcript.of(run_id, run.steps)
    # A run also settles writes of runs before it: they are on record with those.
    own = tuple(intent for intent in replayed.intents if intent.run_id == run_id)
    replayed = replace(replayed, intents=own)
    recorded = replace(on_record, intents=_as_left(on_record.intents, replayed.intents))
    if run.parted:
        recorded = _as_far(recorded, replayed)
    lines = differences(
        comparable(_beside(recorded, replayed)),
        comparable(_beside(replayed, recorded)),
        by_name=False,
    )
    return Comparison(run_id, replayed, (*lines, *run.parted))


def _beside(run: Transcript, other: Transcript) -> Transcript:
    """The run without the lists that are equal in the other: they need no lines to be compared."""
    return replace(
        run,
        transitions=_unless_equal(run.transitions, other.transitions),
        decisions=_unless_equal(run.decisions, other.decisions),
        calls=_unless_equal(run.calls, other.calls),
        events=_unless_equal(run.events, other.events),
    )


def _unless_equal(own: tuple[_T, ...], others: tuple[_T, ...]) -> tuple[_T, ...]:
    return () if own == others else own


def _as_far(recorded: Transcript, replayed: Transcript) -> Transcript:
    """The recorded run as far as the replay came: of what follows nobody knows how it would be."""
    return replace(
        recorded,
        transitions=recorded.transitions[: len(replayed.transitions)],
        decisions=recorded.decisions[: len(replayed.decisions)],
        calls=recorded.calls[: len(replayed.calls)],
        events=recorded.events[: len(replayed.events)],
        alert=recorded.alert if replayed.alert is not None else None,
    )


def _as_left(recorded: Iterable[Intent], replayed: Iterable[Intent]) -> tuple[Intent, ...]:
    """The recorded writes as their run left them: later runs have settled what was open then."""
    left = {intent.id: intent for intent in replayed if intent.status.is_open}
    return tuple(
        replace(one, status=left[one.id].status, code=left[one.id].code, detail=left[one.id].detail)
        if one.id in left
        else one
        for one in recorded
    )


def comparable(run: Transcript) -> Transcript:
    """The transcript without what only names where an exception came from."""
    return replace(
        run,
        transitions=tuple(replace(one, detail=unnamed(one.detail)) for one in run.transitions),
        decisions=tuple(replace(one, text=unnamed(one.text)) for one in run.decisions),
        alert=run.alert and replace(run.alert, text=unnamed(run.alert.text)),
    )


def unnamed(text: str) -> str:
    """The text without what only names where an exception came from."""
    return _ERROR_ID.sub("internal error", text)
