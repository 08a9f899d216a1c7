"""Rows that stay as they were written, whichever program writes to the file."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_store
from trueup.storage.shared.prepared import Prepared
from trueup.storage.sql.checksum import checksum

from ..samples import KEY, NOON, alert, call, decision, intent, start, transition, watched

KEPT = ("journal", "phrase", "alert", "control", "engine_start", "unwatched", "pruning")
CHANGES = {
    "journal": "decisions = '[]'",
    "phrase": "text = 'something else'",
    "alert": "text = 'something else'",
    "control": "asked_by = 'nobody'",
    "engine_start": "settings = '{}'",
    "unwatched": "size = '1'",
    "pruning": "last_id = 100",
}
PRUNING = (
    "INSERT INTO pruning (pruned_at, from_table, first_id, last_id, row_count, "
    "newest_at) VALUES ('2026', ?, ?, ?, 1, '2026')"
)


@pytest.fixture
def filled(store: SqlStore, path: Path) -> Path:
    """The file of a store whose tables all have a row."""
    entries = (transition(),), (call(),), (decision(),), (intent(),)
    store.commit(Step(watched(store), *entries, alert=alert()))
    store.engine_started(start(interval="15 s"))
    store.note_unwatched(
        KEY, UnwatchedPosition(entries[3][0].covered, entries[3][0].covers, NOON), NOON
    )
    store.control(Control(ControlKind.PAUSE, Scope("mirror"), NOON, "ann@host"))
    execute(path, PRUNING, ("nothing", 1, 1))
    return path


def execute(path: Path, statement: str, values: tuple[object, ...] = ()) -> int:
    """Runs SQL on the file, as any client could; returns how many rows it concerned."""
    with closing(sqlite3.connect(path)) as client, client:
        return client.execute(statement, values).rowcount


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_never_changed(filled: Path, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never changed"):
        execute(filled, f"UPDATE {table} SET {CHANGES[table]}")  # noqa: S608 - the test's own
    with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never changed"):
        execute(filled, f"UPDATE {table} SET rowid = 77")  # noqa: S608 - the test's own


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_never_replaced(filled: Path, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never changed"):
        execute(filled, f"REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 - the test's own


def test_a_phrase_takes_no_other_number(filled: Path) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="rows of phrase are never changed"):
        execute(filled, "REPLACE INTO phrase (state, text) SELECT state, text FROM phrase")


@pytest.mark.parametrize("table", KEPT)
def test_a_row_is_not_removed_without_a_pruning(filled: Path, table: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=f"rows of {table} are never removed"):
        execute(filled, f"DELETE FROM {table}")  # noqa: S608 - the test's own


@pytest.mark.parametrize("table", ["journal", "alert", "control", "engine_start", "unwatched"])
def test_a_pruning_lets_its_range_go_and_no_more(filled: Path, table: str) -> None:
    execute(filled, PRUNING, (table, 2, 9))
    with pytest.raises(sqlite3.IntegrityError, match="but by trueup prune"):
        execute(filled, f"DELETE FROM {table}")  # noqa: S608 - the test's own
    execute(filled, PRUNING, (table, 1, 1))
    assert execute(filled, f"DELETE FROM {table}") == 1  # noqa: S608 - the test's own


def test_only_the_newest_pruning_of_a_table_counts(filled: Path) -> None:
    execute(filled, PRUNING, ("alert", 1, 1))
    execute(filled, PRUNING, ("alert", 5, 9))
    with pytest.raises(sqlite3.IntegrityError, match="rows of alert are never removed"):
        execute(filled, "DELETE FROM alert")


def test_what_was_dropped_is_made_anew(path: Path, url: str) -> None:
    open_store(url).close()
    execute(path, "DROP TRIGGER journal_update")
    open_store(url).close()
    found = "SELECT count(*) FROM sqlite_master WHERE name = 'journal_update'"
    with closing(sqlite3.connect(path)) as client:
        assert client.execute(found).fetchone() == (1,)


def test_a_row_of_the_journal_has_its_checksum(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as client:
        client.row_factory = sqlite3.Row
        row = dict(client.execute("SELECT * FROM journal").fetchone())
    found = row.pop("checksum")
    assert found == checksum(value for name, value in row.items() if name != "id")


def test_a_checksum_tells_where_a_value_stands() -> None:
    assert checksum(("a", None, "b")) != checksum(("a", "b", None))
    assert checksum(("a", "b", None)) == checksum(("a", "b"))
    assert checksum((b"a", 1)) == checksum(("a", "1"))
    assert all(-(1 << 31) <= checksum((n,)) < 1 << 31 for n in range(100))


def test_rows_that_are_inserted_together_have_a_checksum_each() -> None:
    insert = Prepared("INSERT INTO t (a, sum, b) VALUES (?, ?, ?)", "a sum:sealed b:packed")
    rows = ({"a": n, "sum": None, "b": [n]} for n in (1, 2))
    ((_, values),) = insert.ready(*rows)
    assert values == [1, checksum((1, "[1]")), "[1]", 2, checksum((2, "[2]")), "[2]"]
