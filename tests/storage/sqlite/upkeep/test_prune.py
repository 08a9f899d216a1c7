"""What pruning removes, and what it never does."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from trueup.domain.keeping.retention import Keep, Retention
from trueup.domain.model.alert import Delivery
from trueup.domain.model.events import Uncovered, UnwatchedPosition
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.record import MonitorRecord, Reported, StateName
from trueup.domain.recording.segments import Place, Segment
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.storage import SqlStore
from trueup.storage.shared.pruning import MOST, Pruner, remove
from trueup.storage.sqlite.access.connections import writing_connection
from trueup.storage.sqlite.access.pool import ReadPool
from trueup.storage.sqlite.upkeep.prune import prune_beside
from trueup.storage.sqlite.upkeep.verify import verify

from ...samples import KEY, NOON, alert, intent, start, transition, watched

DAY = timedelta(days=1)
MUCH_LATER = NOON + 1000 * DAY


def run(store: SqlStore, record: MonitorRecord, name: str, at: datetime = NOON) -> MonitorRecord:
    """A run of one row."""
    done = replace(record, last_run_id=name, last_run_at=at)
    return store.commit(Step(done, (replace(transition(name), at=at),)))


def everything(store: SqlStore, retention: Retention | None = None) -> int:
    """Prunes until there is nothing more to prune; returns how many rows went."""
    total = 0
    while count := store.prune(retention or Retention(), MUCH_LATER):
        total += count
    return total


def numbers(path: Path, query: str) -> list[object]:
    """The first column of what a query finds."""
    with closing(sqlite3.connect(path)) as client:
        return [row[0] for row in client.execute(query)]


def test_old_runs_leave_but_for_the_newest_of_each_monitor(path: Path, store: SqlStore) -> None:
    first, second = watched(store), watched(store, MonitorKey("main", "BANDUSDT", KEY.side))
    for number in range(3):
        first = run(store, first, f"a{number}")
    second = run(store, second, "b0")
    first = run(store, first, "a3")
    assert everything(store) == 3
    assert numbers(path, "SELECT run_id FROM journal ORDER BY id") == ["b0", "a3"]
    assert numbers(path, "SELECT last_id FROM pruning WHERE from_table = 'journal'") == [3]
    assert verify(path)[1] == ()
    run(store, first, "a4")
    assert numbers(path, "SELECT max(id) FROM journal") == [6]


def test_rows_in_between_stay(path: Path, store: SqlStore) -> None:
    first, second = watched(store), watched(store, MonitorKey("main", "BANDUSDT", KEY.side))
    first = run(store, first, "a0")
    run(store, second, "b0")
    for number in (1, 2):
        first = run(store, first, f"a{number}")
    assert everything(store) == 2
    ranges = "SELECT first_id || '-' || last_id FROM pruning"
    assert numbers(path, ranges) == ["1-1", "3-3"]
    assert verify(path)[1] == ()


def test_what_is_young_stays(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for number in range(10):
        record = run(store, record, f"r{number}", NOON + number * DAY)
    week = Retention(journal=Keep(age=7 * DAY))
    assert store.prune(week, NOON + 10 * DAY) == 3
    assert store.prune(week, NOON + 10 * DAY) == 0
    assert store.prune(week, NOON + 11 * DAY) == 1
    assert numbers(path, "SELECT min(id) FROM journal") == [5]


def test_so_many_of_the_newest_stay(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for number in range(10):
        record = run(store, record, f"r{number}")
    assert everything(store, Retention(journal=Keep(rows=4))) == 6
    assert numbers(path, "SELECT id FROM journal") == [7, 8, 9, 10]


def test_a_clock_that_was_set_back_lets_nothing_go_sooner(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for number, at in enumerate((NOON, NOON - 400 * DAY, NOON)):
        record = run(store, record, f"r{number}", at)
    assert store.prune(Retention(), NOON + DAY) == 0
    assert numbers(path, "SELECT count(*) FROM journal") == [3]


def test_a_run_whose_write_is_open_stays(path: Path, store: SqlStore) -> None:
    record = store.commit(Step(watched(store), (transition("r1"),), intents=(intent(),)))
    for number in (2, 3):
        record = run(store, record, f"r{number}")
    assert everything(store) == 1
    assert numbers(path, "SELECT run_id FROM journal") == ["r1", "r3"]


def test_a_position_that_is_uncovered_still_has_the_row_that_says_so(
    path: Path, store: SqlStore
) -> None:
    event = Uncovered(NOON, intent().covers, "the key was refused")
    known = Reported(size=intent().covers, uncovered_since=NOON)
    record = replace(watched(store), reported=known)
    record = store.commit(Step(record, (transition("r0"),), events=(event,)))
    for number in (1, 2):
        record = run(store, record, f"r{number}")
    assert everything(store) == 1
    run(store, replace(record, reported=Reported(size=intent().covers)), "r3")
    assert everything(store) == 2
    assert numbers(path, "SELECT run_id FROM journal") == ["r3"]


def test_a_batch_is_small(store: SqlStore) -> None:
    record = watched(store)
    for number in range(MOST + 10):
        record = run(store, record, f"r{number}")
    assert store.prune(Retention(), MUCH_LATER) == MOST
    assert everything(store) == 9


def test_alerts_stay_until_every_sink_has_them(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for number in range(4):
        record = store.commit(Step(record, alert=alert(run_id=f"r{number}")))
    first, second, third, _ = store.pending_alerts()
    taken = {"log": Delivery(1, NOON)}
    store.note_deliveries(
        [replace(one, deliveries=taken, delivered_at=NOON) for one in (first, third)]
    )
    assert everything(store) == 2
    assert [one.id for one in store.pending_alerts()] == [second.id, 4]
    assert verify(path)[1] == ()


def test_a_pause_in_force_stays(path: Path, store: SqlStore) -> None:
    for kind in (ControlKind.PAUSE, ControlKind.RESUME, ControlKind.HALT, ControlKind.PAUSE):
        made = store.control(Control(kind, Scope("mirror"), NOON, "ann"))
        store.acknowledge(made.number, NOON)
    assert everything(store) == 2
    assert numbers(path, "SELECT number FROM control") == [3, 4]


def test_starts_and_positions_leave_once_they_are_over(path: Path, store: SqlStore) -> None:
    for _ in range(3):
        store.engine_stopped(store.engine_started(start(interval="15 s")), NOON)
    for over in ("", "it is over", ""):
        event = UnwatchedPosition(intent().covers, intent().covers, NOON, over)
        store.note_unwatched(KEY, event, NOON)
    assert everything(store) == 3
    assert numbers(path, "SELECT id FROM engine_start") == [3]
    assert numbers(path, "SELECT id FROM unwatched") == [2]


@pytest.mark.parametrize("is_trial", [True, False])
def test_a_database_is_pruned_beside_its_engine(
    path: Path, store: SqlStore, *, is_trial: bool
) -> None:
    record = watched(store)
    for number in range(5):
        record = run(store, record, f"r{number}")
    pruned = prune_beside(path, Retention(), MUCH_LATER, is_trial=is_trial)
    assert pruned["journal"] == 4
    assert numbers(path, "SELECT count(*) FROM journal") == [5 if is_trial else 1]
    run(store, replace(record, state=StateName.IDLE), "r5")
    assert verify(path)[1] == ()


def test_rows_that_somebody_else_removed_are_left_out(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for number in range(5):
        record = run(store, record, f"r{number}")
    pool = ReadPool(path)
    batch = Pruner(Retention(), pool.snapshot).next_batch(MUCH_LATER)
    assert everything(store) == 4
    with closing(writing_connection(path)) as connection, connection:
        assert batch is not None
        connection.execute("BEGIN IMMEDIATE")
        assert (batch.rows, remove(connection, batch, MUCH_LATER)) == (4, 0)
    pool.close()
    assert numbers(path, "SELECT count(*) FROM pruning") == [1]


def recorded(
    store: SqlStore, record: MonitorRecord, name: str, at: datetime, place: Place, base: str = ""
) -> MonitorRecord:
    """A run of one row, with what was recorded of it."""
    done = replace(record, last_run_id=name, last_run_at=at)
    inputs = Segment(place, base, b"packed").to_bytes()
    return store.commit(Step(done, (replace(transition(name), at=at),), inputs=inputs))


def test_a_base_stays_as_long_as_what_is_read_with_it(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for day, (name, place, base) in enumerate(
        [
            ("a", Place.WHOLE, ""),
            ("a", Place.FURTHER, ""),
            ("b", Place.WHOLE, ""),
            ("c", Place.DELTA, "b"),
            ("c", Place.FURTHER, ""),
            ("d", Place.DELTA, "b"),
            ("e", Place.WHOLE, ""),
            ("f", Place.DELTA, "e"),
        ]
    ):
        record = recorded(store, record, name, NOON + day * DAY, place, base)
    keep = Retention(journal=Keep(rows=4))  # From the second row of c on.
    assert prune_beside(path, keep, MUCH_LATER)["journal"] == 2
    assert numbers(path, "SELECT run_id FROM journal") == ["b", "c", "c", "d", "e", "f"]
    keep = Retention(journal=Keep(rows=2))
    assert prune_beside(path, keep, MUCH_LATER)["journal"] == 4
    assert numbers(path, "SELECT run_id FROM journal") == ["e", "f"]
