"""The records of a history: held against what the engine makes of them, or put into files."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.recording.passes import RecordedPass, Row, passes
from trueup.domain.recording.segments import Place
from trueup.domain.store import Step
from trueup.engine.replay.case import Case, case_text, transcript_of
from trueup.engine.replay.comparing import unnamed
from trueup.engine.replay.replaying import Recorded, replay
from trueup.testing.memory_store import MemoryStore

from .history import draw_history
from .play import play


class KeepingStore(MemoryStore):
    """A database in memory that keeps what was committed to it, for :meth:`differences`."""

    def __init__(self) -> None:
        super().__init__()
        self._steps: dict[MonitorKey, list[Step]] = {}

    def commit(self, step: Step) -> MonitorRecord:
        """Makes a step durable: see the port."""
        written = super().commit(step)
        self._steps.setdefault(step.record.key, []).append(step)
        return written

    @property
    def recorded(self) -> int:
        """How many commits have a record of what they were decided by."""
        return sum(step.inputs is not None for steps in self._steps.values() for step in steps)

    def passes(self) -> Iterator[tuple[MonitorKey, list[RecordedPass]]]:
        """The recorded passes of each monitor."""
        for key, steps in self._steps.items():
            rows = [
                Row(number, step.transitions[0].run_id if step.transitions else "", step.inputs)
                for number, step in enumerate(steps)
            ]
            yield key, list(passes(rows, partial(_whole, rows)))

    def differences(self) -> Iterator[str]:
        """What a replay of all that was recorded decides otherwise, to the last field."""
        for key, found in self.passes():
            for recorded in found:
                yield from (f"{key}: {one}" for one in _differences(recorded, self._steps[key]))


def _whole(rows: Sequence[Row], run_id: str, before: int) -> bytes | None:
    """The newest segment with a whole base of the run before that row."""
    for row in reversed(rows[:before]):
        if row.run_id == run_id and row.inputs and row.inputs[0] == Place.WHOLE:
            return row.inputs
    return None


def _differences(recorded: RecordedPass, steps: list[Step]) -> Iterator[str]:
    replayed = replay(Recorded.of(recorded.items))
    committed = [steps[row] for row in sorted(row for ids in recorded.runs.values() for row in ids)]
    if replayed.parted is not None:
        yield f"run {next(iter(recorded.runs))}: {replayed.parted}"
    if len(replayed.steps) < len(committed):
        yield f"run {next(iter(recorded.runs))}: {len(replayed.steps)} of {len(committed)} commits"
    for before, after in zip(committed, replayed.steps, strict=False):
        for field in fields(Step):
            one, other = getattr(before, field.name), getattr(after, field.name)
            if field.name != "inputs" and one != other and unnamed(str(one)) != unnamed(str(other)):
                yield f"run {before.transitions[0].run_id}: {field.name}: {one} is {other}"


def played(seed: int) -> tuple[KeepingStore, ...]:
    """The databases of the seed's history, once it has been played."""
    kept: list[KeepingStore] = []

    def store() -> KeepingStore:
        kept.append(KeepingStore())
        return kept[-1]

    play(draw_history(seed), store=store)
    return tuple(kept)


def record(seed: int, folder: Path) -> tuple[Path, ...]:
    """Puts the records of a history into files, a case for each monitor."""
    written: list[Path] = []
    for kept in played(seed):
        for key, found in kept.passes():
            items = tuple(tuple(one.items) for one in found)
            case = Case(str(key), items, transcript_of(items))
            name = "-".join((str(seed), key.account, key.symbol, key.side.value))
            written.append(folder / f"{name}.json")
            written[-1].write_text(case_text(case), "utf-8")
    return tuple(written)
