"""How a monitor came under watch: kept, changed by the last word, and unknown in old databases.

``baseline.sql`` is a database as the first schema made it, with a run on record.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from trueup.domain.model.errors import Fenced
from trueup.domain.model.identity import Role
from trueup.domain.model.record import OwnedStatus, Source
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_reader, open_store

from ..samples import KEY, watched

BASELINE = Path(__file__).with_name("baseline.sql")


@pytest.fixture
def old(path: Path) -> Path:
    """A database of the first schema."""
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8"))
    return path


def test_a_program_s_monitor_is_the_caller_s(store: SqlStore) -> None:
    assert watched(store).source is Source.CALLER


@pytest.mark.parametrize("source", Source)
def test_the_last_word_is_kept_and_fences_the_run(store: SqlStore, source: Source) -> None:
    read = store.watch(KEY, Role.MIRROR, "main", None, source=Source.IMPORTED)
    changed = store.watch(KEY, Role.MIRROR, "main", None, source=source)
    news = source is not Source.IMPORTED
    assert changed == replace(read, source=source, version=int(news)) == store.load(KEY)
    if news:
        with pytest.raises(Fenced):
            store.commit(Step(read))


def test_a_commit_does_not_change_it(store: SqlStore) -> None:
    read = store.watch(KEY, Role.MIRROR, "main", None, source=Source.DISCOVERED)
    store.commit(Step(replace(read, source=Source.UNWATCHED)))
    stored = store.load(KEY)
    assert stored is not None
    assert stored.source is Source.DISCOVERED


def test_what_an_old_database_holds_is_left_to_the_configuration(old: Path, url: str) -> None:
    with open_store(url) as store:
        record = store.load(KEY)
        assert record is not None
        assert (record.source, record.version, len(record.orders)) == (Source.CONFIGURED, 3, 4)
        assert [row["source"] for row in store.rows("monitor_status")] == ["configured"]
        assert len(store.rows("transition_log")) == 3
        assert store.commit(Step(record)).version == 4
    with open_reader(url) as reader:
        assert reader.load(KEY) == replace(record, version=4)
    with closing(sqlite3.connect(f"{old}.0001.bak")) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_an_old_database_learns_the_words_of_today(old: Path, url: str) -> None:
    with closing(sqlite3.connect(old)) as client:
        client.execute("UPDATE level_order SET status = 'sent' WHERE level = 2")
        client.execute("UPDATE level_order SET status = 'dead' WHERE level = 3")
        client.commit()
    with open_store(url) as store:
        record = store.load(KEY)
        assert record is not None
        assert [order.status for order in record.orders] == [
            OwnedStatus.OPEN,
            OwnedStatus.PENDING_NEW,
            OwnedStatus.REJECTED,
            OwnedStatus.OPEN,
        ]
        assert [row["status"] for row in store.rows("level_status")] == ["open"] * 4


def test_an_old_database_is_upgraded_to_what_a_new_one_is(old: Path, url: str) -> None:
    new = old.with_name("new.db")
    open_store(url).close()
    open_store(f"sqlite:///{new}").close()
    columns = []
    for each in (old, new):
        with closing(sqlite3.connect(each)) as client:
            columns.append(client.execute("PRAGMA table_info(monitor)").fetchall())
    assert columns[0] == columns[1]
    assert ("source", "VARCHAR", 1) in [column[1:4] for column in columns[0]]
