"""A run is found by its id or a time, and read as it was written."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup.domain.audit.on_record import Gap
from trueup.domain.audit.transcript import Transcript
from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.events import LadderChanged, Recovered
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.storage import SqlStore
from trueup.storage.audit import find_run, read_run, read_transcript, run_at

from ..samples import (
    EVENTS,
    KEY,
    NOON,
    alert,
    call,
    decision,
    filled,
    intent,
    start,
    stop_intent,
    transition,
    watched,
)

_OTHER = Ladder.of(("0.9", 100))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An open stage with nothing on it."""
    with Stage(tmp_path) as opened:
        yield opened


def _run(store: SqlStore, record: MonitorRecord, run: str, minutes: int) -> MonitorRecord:
    """A commit of a run with one transition."""
    step = replace(transition(run), at=NOON + timedelta(minutes=minutes))
    return store.commit(Step(record, transitions=(step,)))


def test_what_a_run_did_is_read_as_it_reported_it(stage: Stage) -> None:
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.reconciler.reconcile(mirror)
    stage.sim.fill(UIDS["mirror"], stage.order("mirror", 2).order_id)
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "614.6", "0.6800")
    report = stage.reconciler.reconcile(mirror)
    found = read_transcript(stage.reconciler.store, report.run_id)
    assert (found.transitions, found.calls) == (report.transitions, report.calls)
    assert (found.decisions, found.events) == (report.decisions, report.events)
    assert found.alert == report.alert
    assert [one.status for one in found.intents] == [IntentStatus.CONFIRMED] * 3


def test_a_run_that_is_not_there_did_nothing(store: SqlStore) -> None:
    watched(store)
    assert read_transcript(store, "r1") == Transcript("r1")
    with pytest.raises(ConfigurationError, match="no run 'r1' is on record"):
        read_run(store, "r1")


@pytest.mark.usefixtures("path")  # SQLite counts its steps
def test_a_run_is_read_by_as_many_steps_however_long_the_journal_is(store: SqlStore) -> None:
    record = _of_many_runs(store, watched(store), range(150))
    few = _steps(store)
    _of_many_runs(store, record, range(150, 450))
    assert 0 < _steps(store) < 1.1 * few


def _of_many_runs(store: SqlStore, record: MonitorRecord, numbers: Iterable[int]) -> MonitorRecord:
    """Runs of one commit each, in which a write ends."""
    for number in numbers:
        run = f"run-{number}"
        ended = replace(intent(f"{run}-1"), run_id=run, status=IntentStatus.CONFIRMED)
        step = Step(record, transitions=(transition(run),), intents=(ended,))
        record = store.commit(step)
    return record


def _steps(store: SqlStore) -> int:
    """How many steps SQLite takes to read the first run."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    with store.connection() as connection:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_progress_handler(count, 1)
    assert read_transcript(store, "run-0").intents
    with store.connection() as connection:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_progress_handler(None, 1)
    return steps


def test_the_end_of_a_write_that_a_later_run_found_belongs_to_its_own(store: SqlStore) -> None:
    filled(store)
    record = store.load(KEY)
    assert record is not None
    before = read_transcript(store, "r1")
    stops = (replace(stop_intent(), resolved_at=None),)
    assert before == Transcript(
        "r1", (transition(),), (decision(),), (call(),), before.intents, EVENTS, alert(), stops
    )
    ended = replace(before.intents[0], status=IntentStatus.RESOLVED, detail="found by r2")
    store.commit(Step(record, transitions=(transition("r2"),), intents=(ended,)))
    assert read_transcript(store, "r1").intents == (ended,)
    assert read_transcript(store, "r2").intents == ()


def test_a_run_is_found_by_the_start_of_its_id(store: SqlStore) -> None:
    record = watched(store)
    for run in ("ab12", "ab1", "cd34"):
        record = _run(store, record, run, 0)
    assert [find_run(store, start) for start in ("ab12", "ab1", "c")] == ["ab12", "ab1", "cd34"]
    with pytest.raises(
        ConfigurationError, match=r"several runs start with 'a', such as ab1 and ab1"
    ):
        find_run(store, "a")
    for wrong in ("x", "", "%"):
        with pytest.raises(ConfigurationError, match=r"`trueup history` show the ids of runs"):
            find_run(store, wrong)


def test_a_run_is_found_by_a_time(store: SqlStore) -> None:
    record = watched(store)
    for minutes, run in enumerate(("r1", "r2")):
        record = _run(store, record, run, minutes)
    times = (timedelta(0), timedelta(seconds=59), timedelta(minutes=1), timedelta(days=9))
    assert [run_at(store, KEY, NOON + time) for time in times] == ["r1", "r1", "r2", "r2"]
    with pytest.raises(ConfigurationError, match=r"no run until .*: its first one on record began"):
        run_at(store, KEY, NOON - timedelta(seconds=1))
    other = MonitorKey("mirror", "XRPUSDT", Side.BUY)
    with pytest.raises(
        ConfigurationError, match=r"no monitor .* on record are mirror BANDUSDT Sell"
    ):
        run_at(store, other, NOON)


def test_what_was_around_a_run_is_read_with_it(store: SqlStore) -> None:
    number = store.engine_started(start())
    filled(store)
    record = store.load(KEY)
    assert record is not None
    later = NOON + timedelta(minutes=5)
    events = (LadderChanged("main", BAND_LADDER, _OTHER), Recovered(NOON, timedelta(minutes=5)))
    step = replace(transition("r2"), at=later)
    seen = replace(call("r2"), operation="observe", outcome="complete", detail="size 5, orders 2")
    store.commit(Step(record, transitions=(step,), calls=(replace(seen, at=later),), events=events))
    store.engine_stopped(number + 1, later)
    run = read_run(store, "r1")
    assert (run.key, run.before, run.size_before) == (KEY, "", None)
    assert (run.ladder, run.ladder_from) == (record.ladder, "given")
    assert run.engine.startswith("trueup 0.1.0, started 2026-01-31T12:00:00")
    assert run.stops == ("pause of 2026-01-31T12:00:00.000000Z by ann@host, in force",)
    assert run.alert is not None
    assert list(run.alert.sinks) == ["log"]
    assert run.gaps == (Gap(Decimal(15), NOON, later, "the key was refused"),)
    after = read_run(store, "r2")
    assert (after.before, after.size_before, after.alert) == ("r1", None, None)
    assert (after.ladder, after.ladder_from) == (_OTHER, "main")
    record = store.load(KEY)
    assert record is not None
    _run(store, record, "r3", 6)
    assert read_run(store, "r3").size_before == "5"
    assert read_run(store, "r3").gaps == ()


def test_the_ladder_of_a_run_before_the_first_change_is_the_one_that_was_replaced(
    store: SqlStore,
) -> None:
    record = _run(store, watched(store), "r1", 0)
    assert (read_run(store, "r1").ladder, read_run(store, "r1").ladder_from) == (
        record.ladder,
        "given",
    )
    event = LadderChanged("exchange", BAND_LADDER, _OTHER)
    store.commit(Step(record, transitions=(transition("r2"),), events=(event,)))
    assert read_run(store, "r1").ladder == BAND_LADDER


def test_an_open_write_is_part_of_its_run(store: SqlStore) -> None:
    sent = replace(intent(), status=IntentStatus.SENT)
    store.commit(Step(watched(store), transitions=(transition(),), intents=(sent,)))
    assert read_transcript(store, "r1").intents == (sent,)
