"""What a run was decided by is read from its passes."""

import json
from dataclasses import replace
from datetime import timedelta

from tests.storage.samples import KEY, LADDER, NOON, order
from trueup.domain.audit.inputs import OtherSetting, Pause
from trueup.domain.model.identity import PositionMode, Role
from trueup.domain.model.observation import Observation, Unknown
from trueup.domain.model.record import MonitorRecord, Source, StateName
from trueup.domain.recognition.classify import Adopt, Recognition
from trueup.domain.recording.codec import Json, to_text
from trueup.domain.venue.exchange_facts import Lateness, LinkIdForm
from trueup.engine.recording.base import Base
from trueup.engine.replay.learned import inputs_of
from trueup.states.work.settings import RunSettings

RECORD = MonitorRecord(
    1, KEY, Role.MAIN, None, LADDER, source=Source.IMPORTED, orders=(order(2, "5"),)
)
BASE = Base(
    "0.1.0",
    "caller",
    RECORD,
    RunSettings(),
    PositionMode.ONE_WAY,
    Lateness(),
    LinkIdForm(36, "A-Z"),
    NOON,
    timedelta(0),
)
RESUMED = replace(
    BASE, version="0.2.0", record=replace(RECORD, state=StateName.PLACING, last_run_id="r1")
)
UNKNOWN = Unknown(KEY.account, NOON, "timed out")


def items(base: Base, *entries: tuple[object, ...]) -> list[Json]:
    """A pass as it is stored."""
    read: list[Json] = json.loads(to_text([base, *entries]))
    return read


def drawn(run_id: str) -> tuple[object, ...]:
    """The entry of a run's id."""
    return "run_id", run_id, 0, 0


def read(size: int, passed: int = 0) -> tuple[object, ...]:
    """The entry of a read; the size stands for all of it."""
    seen = Observation(f"size {size}", NOON, (), ())
    return "observe", (seen, 1), passed, 0


def test_what_counts_is_what_it_had_before_its_first_write() -> None:
    entries = [
        drawn("r1"),
        ("instrument", (UNKNOWN, 1), 0, 0),
        read(1),
        ("waited", None, 250_000, 0),
        read(2),
        ("place", ((), 1), 0, 0),
        ("waited", None, 1_500, 7),
        read(3),
    ]
    inputs = inputs_of([items(BASE, *entries)], "r1", {"another": (3, 1)})
    assert inputs.rules == UNKNOWN
    assert inputs.reading is not None
    assert inputs.reading.account == "size 2"
    assert inputs.pauses == (
        Pause("observe", timedelta(milliseconds=250)),
        Pause("place", timedelta(microseconds=1_500)),
    )
    assert inputs.levels == {RECORD.orders[0].order_link_id: (2, 1), "another": (3, 1)}
    assert (inputs.versions, inputs.source) == (("0.1.0",), Source.IMPORTED)
    assert inputs.settings == ()


def test_runs_of_one_pass_are_told_apart() -> None:
    recorded = items(BASE, drawn("r1"), read(1), drawn("r2"), read(2))
    first, second = (inputs_of([recorded], run, {}).reading for run in ("r1", "r2"))
    assert first is not None
    assert second is not None
    assert (first.account, second.account) == ("size 1", "size 2")


def test_a_run_that_was_resumed_has_what_it_learned_in_both_passes() -> None:
    begun = items(BASE, drawn("r1"), ("waited", None, 1, 0))
    resumed = items(RESUMED, drawn("unused"), read(1), drawn("r2"), read(2))
    inputs = inputs_of([begun, resumed], "r1", {})
    assert inputs.versions == ("0.1.0", "0.2.0")
    assert inputs.pauses == (Pause("", timedelta(microseconds=1)),)
    assert inputs.reading is not None
    assert inputs.reading.account == "size 1"


def test_settings_that_differ_from_their_defaults_are_named() -> None:
    never = Recognition(adopt=Adopt.NEVER, families=())
    settings = RunSettings(
        grace=timedelta(seconds=7.5), max_rounds=3, alerts_of=frozenset(), recognition=never
    )
    late = Lateness(reads=timedelta(seconds=20))
    base = replace(BASE, settings=settings, lateness=late, unanswered=())
    found = {one.name: one for one in inputs_of([items(base)], "r1", {}).settings}
    assert list(found) == [
        "grace",
        "max_rounds",
        "alerts_of",
        "recognition.adopt",
        "recognition.families",
        "lateness.reads",
    ]
    assert found["grace"] == OtherSetting("grace", "7.5 s", "5 s")
    assert found["alerts_of"].value == "none"
    assert found["recognition.adopt"].value == "never"
    assert found["lateness.reads"].default == "15 s"
    assert found["max_rounds"].value == "3"
