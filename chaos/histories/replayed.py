"""Holds a history's runs against what the engine makes of their records."""

from collections.abc import Iterator
from dataclasses import fields

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord
from trueup.domain.recording.passes import RecordedPass, Row, passes
from trueup.domain.recording.segments import Place
from trueup.domain.store import Step
from trueup.engine.replay.comparing import unnamed
from trueup.engine.replay.replaying import Recorded, replay
from trueup.testing.memory_store import MemoryStore


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

    def differences(self) -> Iterator[str]:
        """What a replay of all that was recorded decides otherwise, to the last field."""
        for key, steps in self._steps.items():
            rows = [
                Row(number, step.transitions[0].run_id if step.transitions else "", step.inputs)
                for number, step in enumerate(steps)
            ]

            def whole(run_id: str, before: int, rows: list[Row] = rows) -> bytes | None:
                return next(
                    (
                        row.inputs
                        for row in reversed(rows[:before])
                        if row.run_id == run_id and row.inputs and row.inputs[0] == Place.WHOLE
                    ),
                    None,
                )

            for recorded in passes(rows, whole):
                yield from (f"{key}: {found}" for found in _differences(recorded, steps))


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
