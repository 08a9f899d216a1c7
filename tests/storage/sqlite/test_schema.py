"""Making, upgrading and refusing databases."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import trueup
from trueup.domain.model.errors import SchemaMismatch, StoreError
from trueup.domain.store import Step
from trueup.storage import open_reader, open_store
from trueup.storage.sql.tables import metadata
from trueup.storage.sql.views.definitions import VIEW_NAMES
from trueup.storage.sqlite.migrating import migrate, migrating_engine
from trueup.storage.sqlite.migrations import OURS, Migrations
from trueup.storage.sqlite.schema import check, prepare

from ..samples import KEY, alert, intent, transition, watched

MORE = f'''
"""A revision more, for tests: a column more, which makes SQLite rebuild the table."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{OURS.head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("monitor", recreate="always") as batch:
        batch.add_column(sa.Column("note", sa.String(), nullable=False, server_default="new"))
'''


@pytest.fixture
def newer(tmp_path: Path) -> Migrations:
    """Migrations with one revision more."""
    location = tmp_path / "migrations"
    shutil.copytree(OURS.location, location)
    (location / "versions" / "v9999_note.py").write_text(MORE)
    return Migrations(location, (*OURS.revisions, "9999"))


def execute(path: Path, statements: str) -> None:
    """Runs SQL on the file, as any client could."""
    with closing(sqlite3.connect(path)) as client:
        client.executescript(statements)


def column(path: Path, query: str) -> list[object]:
    """The first column of what the query finds."""
    with closing(sqlite3.connect(path)) as client:
        return [row[0] for row in client.execute(query)]


@pytest.mark.parametrize("made_by", [prepare, migrate])
def test_a_new_database_and_the_migrations_are_what_the_tables_say(
    path: Path, made_by: Callable[[Path], None]
) -> None:
    made_by(path)
    engine = migrating_engine(path)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def structure(path: Path) -> dict[str, object]:
    """Columns and keys of every table, with their names, types and defaults."""
    engine = migrating_engine(path)
    with engine.connect() as connection:
        found = inspect(connection)
        kinds = (
            found.get_multi_columns,
            found.get_multi_pk_constraint,
            found.get_multi_unique_constraints,
            found.get_multi_foreign_keys,
        )
        return {kind.__name__: repr(sorted(kind().items(), key=str)) for kind in kinds}


def test_the_migrations_make_what_a_new_database_is(tmp_path: Path) -> None:
    new, migrated = tmp_path / "new.db", tmp_path / "migrated.db"
    prepare(new)
    migrate(migrated)
    assert structure(new) == structure(migrated), (
        "the tables and the migrations differ; a new column must be the last line of its table in "
        "storage/sql/tables.py (CONTRIBUTING: A new column)"
    )
    others = "SELECT sql FROM sqlite_master WHERE type <> 'table' AND sql <> '' ORDER BY name"
    texts = [
        [" ".join(str(sql).split()) for sql in column(path, others)] for path in (new, migrated)
    ]
    assert texts[0] == texts[1]
    assert len(texts[0]) > len(VIEW_NAMES)
    version = "SELECT version_num FROM alembic_version"
    assert column(new, version) == column(migrated, version) == [OURS.head]


def test_the_revisions_are_those_of_the_folder() -> None:
    scripts = ScriptDirectory(str(OURS.location))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(revisions)) == OURS.revisions
    assert scripts.get_current_head() == OURS.head


def test_an_upgrade_keeps_every_row_and_a_copy(path: Path, url: str, newer: Migrations) -> None:
    with open_store(url) as store:
        step = Step(watched(store), (transition(),), intents=(intent(),), alert=alert())
        record = store.commit(step)
    prepare(path, newer)
    assert column(path, "SELECT note FROM monitor") == ["new"]
    assert column(path, "SELECT version FROM monitor_status") == [record.version]
    assert column(path, "SELECT run_id FROM transition_log") == ["r1"]
    assert column(path, "PRAGMA foreign_key_check") == []
    with open_reader(f"sqlite:///{path}.{OURS.head}.bak") as reader:
        assert reader.load(KEY) == record


def test_upgrading_again_changes_nothing(path: Path, url: str, newer: Migrations) -> None:
    open_store(url).close()
    prepare(path, newer)
    before = path.read_bytes()
    prepare(path, newer)
    assert path.read_bytes() == before


def test_an_upgrade_that_fails_changes_nothing(path: Path, url: str, newer: Migrations) -> None:
    with open_store(url) as store:
        record = watched(store)
    (newer.location / "versions" / "v9999_note.py").write_text(
        MORE + '    op.drop_table("nowhere")\n'
    )
    with pytest.raises(StoreError, match="no such table: nowhere"):
        prepare(path, newer)
    with open_store(url) as store:
        assert store.load(KEY) == record
        assert store.rows("monitor_status")[0]["account"] == "mirror"


def test_a_newer_database_is_refused_untouched(path: Path, url: str, newer: Migrations) -> None:
    open_store(url).close()
    prepare(path, newer)
    before = path.read_bytes()
    with pytest.raises(SchemaMismatch, match="schema 9999, which this trueup does not know"):
        open_store(url)
    with pytest.raises(SchemaMismatch):
        open_reader(url)
    assert path.read_bytes() == before


def test_an_older_database_is_not_for_readers(url: str, path: Path, newer: Migrations) -> None:
    open_store(url).close()
    with pytest.raises(SchemaMismatch, match="start the engine once"):
        check(path, newer)


def test_a_database_of_something_else_is_refused_untouched(path: Path, url: str) -> None:
    execute(path, "CREATE TABLE monitor (id INTEGER); INSERT INTO monitor VALUES (7);")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="something else"):
        open_store(url)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_untouched(path: Path, url: str) -> None:
    path.write_bytes(b"not a database, but a letter. " * 200)
    before = path.read_bytes()
    for opening in (open_store, open_reader):
        with pytest.raises(StoreError, match=r"trueup\.db cannot be used: file is not a database"):
            opening(url)
    assert path.read_bytes() == before


def test_a_damaged_database_says_so(path: Path, url: str) -> None:
    with open_store(url) as store:
        store.commit(Step(watched(store), (transition(),)))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    with pytest.raises(StoreError, match="malformed"), open_store(url) as store:
        store.load(KEY)


def test_an_empty_file_becomes_a_database(path: Path, url: str) -> None:
    path.touch()
    with open_store(url) as store:
        assert store.monitors() == ()


def test_it_works_installed_in_any_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a folder, 100% ours"
    package = folder / "trueup"
    source = Path(trueup.__file__).parent
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    for part in ("aio", "domain", "storage"):
        shutil.copytree(source / part, package / part)
    code = (
        "import trueup.storage.sqlite.schema as schema; print(schema.__file__);"
        "from trueup.storage import open_store;"
        "open_store('sqlite:///here we are.db').close()"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )
    assert done.stderr == ""
    assert done.stdout.strip() == str(package / "storage" / "sqlite" / "schema.py")
    assert column(folder / "here we are.db", "SELECT version_num FROM alembic_version") == [
        OURS.head
    ]


def test_a_store_is_made_opened_and_written_without_sqlalchemy(url: str) -> None:
    code = (
        "import sys; from trueup import MonitorKey, Role, Side;"
        "from trueup.domain.store import Step;"
        "from trueup.storage import open_store;"
        f"store = open_store({url!r});"
        "key = MonitorKey('main', 'BANDUSDT', Side('Buy'));"
        "record = store.commit(Step(store.watch(key, Role('main'), None, None)));"
        f"store.close(); store = open_store({url!r});"
        "print(store.monitors() == (record,), len(store.rows('monitor_status')));"
        "print({'alembic', 'sqlalchemy', 'sqlmodel'} & set(sys.modules))"
    )
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == ["True 1", "set()"]


def test_an_upgrade_checks_that_rows_have_their_monitor(path: Path, url: str) -> None:
    with open_store(url) as store:
        store.commit(Step(watched(store), (transition(),)))
    execute(path, "DELETE FROM monitor; DROP VIEW alert_log;")
    with pytest.raises(StoreError, match="refer to no existing monitor"):
        open_store(url)
    assert column(path, "SELECT name FROM sqlite_master WHERE name = 'alert_log'") == []
