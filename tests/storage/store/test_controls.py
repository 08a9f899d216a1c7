"""The one table that other processes write, too: read as of now, and acknowledged."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from trueup.domain.model.errors import ConfigurationError, SchemaMismatch, StoreError
from trueup.domain.model.identity import Side
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind, Scope
from trueup.storage import SqlStore, open_reader, open_store
from trueup.storage.beside import is_settled, record_beside
from trueup.testing import MemoryStore

from ..databases import client

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
PAUSE = Control(ControlKind.PAUSE, Scope("main", "BANDUSDT", Side.BUY), NOON, "ann@host", "why")
HALT = Control(ControlKind.HALT, EVERYTHING, NOON, "ann@host")
RESUME = Control(ControlKind.RESUME, EVERYTHING, NOON, "bob@host")
OTHER = """
import sys
from datetime import UTC, datetime
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.storage.beside import record_beside
pause = Control(ControlKind.PAUSE, Scope("main"), datetime.now(UTC), "other")
print(record_beside(sys.argv[1], pause).number)
"""


def test_what_is_put_on_record_is_in_force_until_it_is_ended(
    any_store: SqlStore | MemoryStore,
) -> None:
    made = any_store.control(PAUSE)
    assert any_store.controls() == (replace(PAUSE, number=made.number),)
    any_store.acknowledge(made.number, NOON)
    assert any_store.controls() == (replace(made, acknowledged_at=NOON),)
    resumed = any_store.control(RESUME)
    assert any_store.controls() == (resumed,)
    any_store.acknowledge(resumed.number, NOON)
    assert any_store.controls() == ()


def test_a_resume_that_is_refused_leaves_no_row(any_store: SqlStore | MemoryStore) -> None:
    made = any_store.control(HALT)
    with pytest.raises(ConfigurationError):
        any_store.control(RESUME)
    assert any_store.controls() == (made,)
    assert any_store.control(PAUSE).number == made.number + 1


def test_another_process_writes_while_the_engine_holds_the_database(
    store: SqlStore, url: str
) -> None:
    assert store.controls() == ()
    other = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", OTHER, url], check=True, capture_output=True, text=True
    )
    (found,) = store.controls()
    assert (found.number, found.by) == (int(other.stdout), "other")


def test_it_is_settled_once_the_engine_has_acknowledged_it(store: SqlStore, url: str) -> None:
    made = record_beside(url, PAUSE)
    assert not is_settled(url, made.number)
    store.acknowledge(made.number, NOON)
    assert is_settled(url, made.number)


def test_it_is_settled_at_once_where_no_engine_runs(url: str) -> None:
    open_store(url).close()
    made = record_beside(url, PAUSE)
    assert is_settled(url, made.number)
    with open_reader(url) as reader:
        assert reader.controls() == (made,)


def test_whoever_asks_for_the_lock_keeps_no_engine_from_starting(url: str) -> None:
    open_store(url).close()
    made = record_beside(url, PAUSE)
    for _ in range(20):
        assert is_settled(url, made.number)
        open_store(url).close()


def test_a_database_that_is_not_there_is_not_made(url: str, path: Path) -> None:
    with pytest.raises(StoreError):
        record_beside(url, PAUSE)
    assert not path.exists()


def test_a_database_of_another_trueup_is_not_written(url: str) -> None:
    open_store(url).close()
    with client(url) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch):
        record_beside(url, PAUSE)


def test_the_views_show_who_stopped_what(store: SqlStore) -> None:
    made = store.control(PAUSE)
    (row,) = store.rows("control_status")
    assert (row["asked_by"], row["reason"], row["in_force"]) == ("ann@host", "why", 1)
    resumed = store.control(RESUME)
    first, second = store.rows("control_status")
    assert (first["in_force"], first["ended_by"], first["number"]) == (
        0,
        resumed.number,
        made.number,
    )
    assert first["ended_at"] == second["asked_at"]
    assert (second["account"], second["side"]) == (None, None)


def test_what_a_person_says_is_one_line(store: SqlStore) -> None:
    made = store.control(
        Control(ControlKind.PAUSE, EVERYTHING, NOON, "ann\n@host", "by hand\n✅ all is well")
    )
    assert (made.by, made.reason) == ("ann @host", "by hand ✅ all is well")
    assert store.controls() == (made,)
