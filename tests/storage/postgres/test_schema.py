"""A database on PostgreSQL: made, recognised, upgraded, or refused with a reason."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.postgres import Server
from trueup.domain.model.errors import SchemaMismatch, StoreError
from trueup.storage import open_reader, open_store
from trueup.storage.postgres import migrating
from trueup.storage.postgres.access.address import address_of
from trueup.storage.shared.generated.revisions import REVISIONS
from trueup.storage.sql.views.definitions import VIEWS

from ..databases import client
from ..samples import KEY, watched

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("monitor") as table:
        table.add_column(sa.Column("later_ms", sa.Integer(), nullable=True))
        table.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
"""


@pytest.fixture
def empty(postgres: Server) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    with postgres.database(is_empty=True) as url:
        yield url


@pytest.fixture
def url(postgres: Server) -> Iterator[str]:
    """The URL of a database with the tables of a store."""
    with postgres.database() as made:
        yield made


def test_an_empty_database_becomes_a_store(empty: str) -> None:
    with pytest.raises(StoreError, match="is empty yet: the engine fills it"):
        open_reader(empty)
    with open_store(empty) as store:
        record = watched(store)
    with open_reader(empty) as reader:
        assert reader.load(KEY) == record
        assert all(reader.rows(view) is not None for view in VIEWS)


def test_a_database_of_something_else_is_left_alone(empty: str) -> None:
    with client(empty) as other:
        other.execute("CREATE TABLE shop (item TEXT)")
    for opened in (open_store, open_reader):
        with pytest.raises(StoreError, match="a database of something else"):
            opened(empty)


def test_a_newer_trueup_is_named(url: str) -> None:
    with client(url) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    for opened in (open_store, open_reader):
        with pytest.raises(SchemaMismatch, match="has the schema 9999, which this trueup"):
            opened(url)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("ALTER TABLE alert DROP COLUMN facts CASCADE", "alert.facts is missing"),
        ("ALTER TABLE intent ADD COLUMN odd TEXT", "intent.odd is not ours"),
        ("ALTER TABLE intent ALTER COLUMN again TYPE INTEGER", "intent.again is integer!"),
        ("DROP INDEX ix_alert_pending", "the index ix_alert_pending is missing"),
    ],
)
def test_tables_that_somebody_changed_are_refused(url: str, change: str, wrong: str) -> None:
    with client(url) as other:
        for view in ("close_log", "timeline", "intent_log", "pending_write", "level_status"):
            other.execute(f"DROP VIEW {view} CASCADE" if "TYPE" in change and view else "SELECT 1")
        other.execute(change)
    with pytest.raises(SchemaMismatch, match=wrong):
        open_store(url)


def test_views_and_triggers_that_differ_are_made_anew(url: str) -> None:
    with client(url) as other:
        other.execute("DROP VIEW alert_log CASCADE")
        other.execute("DROP TRIGGER journal_update ON journal")
        other.execute("COMMENT ON TABLE alembic_version IS 'views of before'")
    open_store(url).close()
    with client(url) as other:
        found = other.execute("SELECT count(*) FROM pg_trigger WHERE tgname = 'journal_update'")
        assert found.fetchone() == (1,)
        assert other.execute("SELECT count(*) FROM alert_log").fetchone() == (0,)


def test_a_database_of_one_engine_gains_the_tables_of_several(url: str) -> None:
    with client(url) as other:
        other.execute("DROP TABLE fleet_order")
        other.execute("DROP TABLE shard")
        other.execute("ALTER TABLE monitor DROP COLUMN epoch")
        other.execute("UPDATE alembic_version SET version_num = '0024'")
    with open_store(url) as store:
        watched(store)
    with client(url) as other:
        assert other.execute("SELECT epoch FROM monitor").fetchone() == (0,)
        assert other.execute("SELECT count(*) FROM shard").fetchone() == (0,)
        assert other.execute("SELECT count(*) FROM fleet_order").fetchone() == (0,)


def test_a_later_migration_runs_and_keeps_the_rows(url: str, tmp_path: Path) -> None:
    location = Path(migrating.__file__).parents[1] / "migrations"
    copytree(location, tmp_path / "migrations")
    later = tmp_path / "migrations" / "versions" / "v9999_later.py"
    later.write_text(LATER.format(before=REVISIONS[-1]), "utf-8")
    with open_store(url) as store:
        record = watched(store)
    migrating.migrate(address_of(url), tmp_path / "migrations")
    with client(url) as other:
        assert other.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)
        row = other.execute("SELECT id, later_ms, note FROM monitor").fetchone()
        assert row == (record.id, None, "")
        types = other.execute(
            "SELECT data_type, collation_name FROM information_schema.columns "
            "WHERE column_name IN ('later_ms', 'note') ORDER BY column_name"
        ).fetchall()
        assert types == [("bigint", None), ("text", "C")]
        assert other.execute("SELECT count(*) FROM monitor_status").fetchone() == (1,)


def test_a_migration_that_fails_changes_nothing(url: str, tmp_path: Path) -> None:
    location = Path(migrating.__file__).parents[1] / "migrations"
    copytree(location, tmp_path / "migrations")
    later = tmp_path / "migrations" / "versions" / "v9999_later.py"
    text = LATER.format(before=REVISIONS[-1]) + '    op.execute("SELECT 1 / 0")\n'
    later.write_text(text, "utf-8")
    with pytest.raises(StoreError, match="division by zero"):
        migrating.migrate(address_of(url), tmp_path / "migrations")
    with open_store(url) as store:
        assert store.monitors() == ()
