"""What a recorded run was decided by, read from its passes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import timedelta
from enum import Enum
from typing import TypeAlias

from ...domain.audit.inputs import Inputs, OtherSetting, Pause
from ...domain.model.instrument import Instrument
from ...domain.model.observation import Reading, Unknown
from ...domain.model.record import StateName
from ...domain.recognition.classify import Recognition
from ...domain.recording.codec import Json
from ...domain.venue.exchange_facts import Lateness
from ...states.work.settings import RunSettings
from ..recording.tape import WAITED
from ..recording.taped import READING, RULES
from .replaying import Recorded

_WRITES = ("place", "amend", "cancel")
_REQUESTS = ("instrument", "observe", "look_up", "executions", *_WRITES)
_SECOND = timedelta(seconds=1)
_Settings: TypeAlias = RunSettings | Lateness | Recognition

_MICROSECOND = timedelta(microseconds=1)


def inputs_of(
    passes: Sequence[Sequence[Json]], run_id: str, levels: Mapping[str, tuple[int, int]]
) -> Inputs:
    """What a run was decided by.

    Args:
        passes: the items of the passes that it is of, oldest first; at least one.
        run_id: the run.
        levels: the level part of each order that these passes' runs have written, by its order
            link id.

    Raises:
        ValueError: a record cannot be read.
    """
    recorded = [Recorded.of(items) for items in passes]
    entries = [entry for one in recorded for entry in _entries_of(one, run_id)]
    reading, rules = _seen(entries)
    base = recorded[0].base
    known = {one.order_link_id: (one.level, one.part) for one in base.record.orders}
    return Inputs(
        versions=tuple(dict.fromkeys(one.base.version for one in recorded)),
        source=base.record.source,
        reading=reading,
        rules=rules,
        levels={**known, **levels},
        settings=(
            *_others(base.settings, RunSettings()),
            *_others(base.lateness, Lateness(), "lateness."),
        ),
        pauses=tuple(_pauses(entries)),
    )


def _entries_of(recorded: Recorded, run_id: str) -> Iterator[Json]:
    """What the run learned in a pass, which may have several runs.

    The first id that a pass draws is of no run where it resumes one.
    """
    record = recorded.base.record
    resumed = record.last_run_id if record.state is not StateName.IDLE else None
    current = ""
    for entry in recorded.entries:
        name, value, *_ = entry
        if name == "run_id":
            current = value if current or resumed is None else resumed
        elif current == run_id:
            yield entry


def _seen(entries: Sequence[Json]) -> tuple[Reading | None, Instrument | Unknown | None]:
    """The last reading and the last rules before the first write."""
    reading, rules = None, None
    for name, value, *_ in entries:
        if name in _WRITES:
            break
        if name == "observe":
            reading, _ = READING.read(value)
        elif name == "instrument":
            rules, _ = RULES.read(value)
    return reading, rules


def _pauses(entries: Sequence[Json]) -> Iterator[Pause]:
    after = ""
    for name, _, passed, _ in entries:
        if name == WAITED:
            yield Pause(after, passed * _MICROSECOND)
        elif name in _REQUESTS:
            after = name


def _others(values: _Settings, usual: _Settings, within: str = "") -> Iterator[OtherSetting]:
    for each in fields(values):
        name, value, default = each.name, getattr(values, each.name), getattr(usual, each.name)
        if isinstance(value, Recognition):
            yield from _others(value, default, f"{within}{name}.")
        elif value != default:
            yield OtherSetting(f"{within}{name}", _shown(value), _shown(default))


def _shown(value: object) -> str:
    match value:
        case timedelta():
            return f"{value / _SECOND:g} s"
        case Enum():
            return str(value.value)
        case frozenset() | tuple():
            return ", ".join(sorted(map(_shown, value))) or "none"
        case _:
            return str(value)
