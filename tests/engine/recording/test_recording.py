"""A recording: what is noted goes with the next commit that is stored; it stops no run."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from loguru import logger

from tests.storage.samples import KEY, NOON, transition
from trueup.domain.model.errors import StoreUnavailable
from trueup.domain.model.identity import PositionMode, Role
from trueup.domain.model.record import MonitorRecord
from trueup.domain.ports import Moment
from trueup.domain.recording.codec import Form
from trueup.domain.recording.passes import Row, passes
from trueup.domain.recording.segments import Place, Segment
from trueup.domain.store import Step
from trueup.domain.venue.exchange_facts import Lateness, LinkIdForm
from trueup.engine.recording.base import Base
from trueup.engine.recording.playing import Ended, Parted, Playing
from trueup.engine.recording.recording import Recording, Shelf
from trueup.engine.replay.replaying import Recorded
from trueup.states.work.settings import RunSettings

RECORD = MonitorRecord(1, KEY, Role.MIRROR, "main", None)
TEXT, ANY = Form[str](str), Form[object](str)


class Steady:
    """A clock that goes on by a second each time that it is asked for the moment."""

    def __init__(self) -> None:
        self.asked = 0

    def now(self) -> datetime:
        """The wall clock, which is as far as the other one."""
        return NOON + timedelta(seconds=self.asked)

    def moment(self) -> Moment:
        """One second later than before."""
        self.asked += 1
        return timedelta(seconds=self.asked)

    def sleep(self, duration: timedelta) -> None:
        """Never called."""
        raise AssertionError(duration)


class Stored:
    """What was committed, each commit after so many that find the database away."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.away = 0

    def commit(self, step: Step) -> MonitorRecord:
        """Keeps the step, unless the database is away."""
        if self.away:
            self.away -= 1
            raise StoreUnavailable("the database is away")
        self.steps.append(step)
        return replace(step.record, version=step.record.version + 1)


def begun(shelf: Shelf, record: MonitorRecord = RECORD) -> Recording:
    """A recording of a pass that begins."""
    tape = Recording(Steady(), shelf)
    ids = LinkIdForm(36, "A-Za-z0-9_-")
    facts = PositionMode.ONE_WAY, Lateness(), ids
    tape.begin(Base("1.0", "test", record, RunSettings(), *facts, tape.now(), tape.moment()))
    return tape


def step(run_id: str = "r1") -> Step:
    """What a run commits."""
    return Step(RECORD, (transition(run_id),))


def rows(stored: Stored) -> list[Row]:
    """The rows of what was committed."""
    return [
        Row(number, one.transitions[0].run_id, one.inputs)
        for number, one in enumerate(stored.steps)
    ]


def test_a_commit_that_fails_is_recorded_by_the_one_that_is_stored() -> None:
    tape, stored = begun(Shelf()), Stored()
    assert tape.learn("one", TEXT, lambda: "a") == "a"
    stored.away = 2
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            tape.commit(step(), stored.commit)
    tape.commit(step(), stored.commit)
    tape.learn("two", TEXT, lambda: "b")
    tape.commit(step(), stored.commit)
    (recorded,) = passes(rows(stored), lambda _run, _before: None)
    assert [item[0] for item in recorded.items[1:]] == ["one", "committed", "two"]
    assert recorded.runs == {"r1": [0, 1]}


def test_the_next_pass_stores_what_differs_from_the_last_whole_base() -> None:
    shelf, stored = Shelf(), Stored()
    for number in range(70):
        tape = begun(shelf)
        tape.commit(step(f"r{number}"), stored.commit)
    places = [Segment.of_bytes(one.inputs or b"").place for one in stored.steps]
    assert [number for number, place in enumerate(places) if place is Place.WHOLE] == [0, 65]
    sizes = [len(one.inputs or b"") for one in stored.steps]
    assert max(sizes[1:65]) * 4 < sizes[0]
    assert len(list(passes(rows(stored), lambda _run, _before: None))) == 70


def test_a_base_that_was_never_stored_serves_no_other_pass() -> None:
    shelf, stored = Shelf(), Stored()
    stored.away = 1
    with pytest.raises(StoreUnavailable):
        begun(shelf).commit(step("r1"), stored.commit)
    begun(shelf).commit(step("r2"), stored.commit)
    assert Segment.of_bytes(stored.steps[0].inputs or b"").place is Place.WHOLE


def test_what_cannot_be_recorded_does_not_stop_the_run() -> None:
    lines: list[str] = []
    logger.enable("trueup")
    sink = logger.add(lines.append, format="{message}")
    try:
        tape, stored = begun(Shelf()), Stored()
        assert tape.learn("one", ANY, lambda: {1, 2}) == {1, 2}
        tape.commit(step(), stored.commit)
        tape.learn("two", TEXT, lambda: "b")
        tape.commit(step(), stored.commit)
    finally:
        logger.remove(sink)
    assert [one.inputs for one in stored.steps] == [None, None]
    assert lines == ["the run r1 goes on without a record: no run has a set\n"]


def test_the_clocks_stand_still_until_the_world_has_answered() -> None:
    tape = begun(Shelf())
    before = tape.moment()
    assert tape.moment() == before
    during = tape.learn("one", Form[Moment](timedelta), tape.moment)
    assert before < during < tape.moment()
    assert tape.now() == NOON + tape.moment() - timedelta(seconds=1)


def test_what_a_call_asks_on_its_way_is_no_entry() -> None:
    tape, stored = begun(Shelf()), Stored()
    tape.learn("outer", TEXT, lambda: tape.learn("inner", TEXT, lambda: "a"))
    tape.commit(step(), stored.commit)
    (recorded,) = passes(rows(stored), lambda _run, _before: None)
    assert [item[0] for item in recorded.items[1:]] == ["outer"]


def played(*names: str) -> Playing:
    """A tape on which calls of these names answered."""
    tape, stored = begun(Shelf()), Stored()
    for name in names:
        tape.learn(name, TEXT, lambda: "a")
    tape.commit(step(), stored.commit)
    (found,) = passes(rows(stored), lambda _run, _before: None)
    recorded = Recorded.of(found.items)
    return Playing(recorded.base, recorded.entries)


def test_a_replay_gets_what_was_recorded_at_the_time_at_which_it_was() -> None:
    tape = played("one", "two")
    before = tape.moment()
    assert tape.learn("one", TEXT, lambda: "another") == "a"
    assert tape.moment() > before
    assert tape.learn("two", TEXT, lambda: "another") == "a"
    with pytest.raises(Ended):
        tape.learn("three", TEXT, lambda: "another")


def test_a_replay_that_asks_for_something_else_ends_there_for_good() -> None:
    tape = played("one", "two")
    with pytest.raises(Parted, match="asks for 'two', where the recorded one went on with 'one'"):
        tape.learn("two", TEXT, lambda: "another")
    with pytest.raises(Parted):
        tape.learn("one", TEXT, lambda: "another")


def test_what_raised_raises_in_the_replay() -> None:
    tape, stored = begun(Shelf()), Stored()

    def broken() -> str:
        raise LookupError("a secret")

    with pytest.raises(LookupError):
        tape.learn("one", TEXT, broken)
    with pytest.raises(LookupError):
        tape.effect("two", broken)
    tape.commit(step(), stored.commit)
    (found,) = passes(rows(stored), lambda _run, _before: None)
    assert "a secret" not in str(found.items)
    recorded = Recorded.of(found.items)
    replayed = Playing(recorded.base, recorded.entries)
    with pytest.raises(RuntimeError, match="LookupError was raised when the run was recorded"):
        replayed.learn("one", TEXT, lambda: "a")
    with pytest.raises(RuntimeError, match="LookupError was raised"):
        replayed.effect("two", lambda: "a")
