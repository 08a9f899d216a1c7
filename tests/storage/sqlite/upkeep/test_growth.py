"""How large a database is said to be, and how fast it grows."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_reader
from trueup.storage.shared.growth import Growth

from ...samples import NOON, transition, watched

DAY = timedelta(days=1)


def growth(path: Path, now: datetime) -> Growth:
    """What is said of the file."""
    with open_reader(f"sqlite:///{path}") as reader:
        return reader.growth(now)


def run(store: SqlStore, record: MonitorRecord, at: datetime) -> MonitorRecord:
    """A run of one row."""
    return store.commit(Step(record, (replace(transition(), at=at),)))


def test_an_empty_journal_has_no_growth(path: Path, store: SqlStore) -> None:
    assert store.monitors() == ()
    found = growth(path, NOON)
    assert found.size >= path.stat().st_size > 0
    assert found.a_day is None


def test_a_journal_of_an_hour_says_too_little(path: Path, store: SqlStore) -> None:
    run(store, watched(store), NOON)
    assert growth(path, NOON + timedelta(minutes=59)).a_day is None
    assert growth(path, NOON + timedelta(minutes=61)).a_day is not None


def test_growth_is_that_of_the_last_week(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for day in range(40):
        record = run(store, record, NOON + day * DAY)
    steady = growth(path, NOON + 40 * DAY).a_day
    assert steady is not None
    for _ in range(40):
        record = run(store, record, NOON + 40 * DAY)
    more = growth(path, NOON + 41 * DAY).a_day
    assert more is not None
    assert more > 2 * steady


def test_a_journal_that_rests_does_not_grow(path: Path, store: SqlStore) -> None:
    record = watched(store)
    for _ in range(50):
        record = run(store, record, NOON)
    busy, quiet = (growth(path, NOON + days * DAY).a_day for days in (1, 90))
    assert busy is not None
    assert quiet is not None
    assert quiet * 7 < busy
