"""Databases of every schema revision there has been: upgraded, read, and restored from a copy.

``fixtures/schema`` has a database of each revision as SQL, with a run on record. Those with a word
in their name are of days on which a migration was still being written.
"""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.docs.pages import ROOT
from trueup.domain.model.errors import SchemaMismatch
from trueup.storage import open_reader, open_store
from trueup.storage.shared.generated.revisions import REVISIONS
from trueup.storage.sql.views.definitions import VIEW_NAMES
from trueup.storage.sqlite import back_up
from trueup.storage.sqlite.generated.schema import FINGERPRINTS
from trueup.storage.sqlite.shape.fingerprint import fingerprint, shape_of
from trueup.storage.sqlite.upkeep.verify import verify

from ..samples import KEY

DATABASES = sorted((ROOT / "fixtures" / "schema").glob("*.sql"))
VERSIONS = ROOT / "storage" / "migrations" / "versions"
FINISHED = """
v0001_baseline.py e8bfa28441c5
v0002_source.py 92ac86acd3ae
v0003_account_sweep.py 2d966a82a7bc
v0004_order_statuses.py f82afca01698
v0005_account_key.py f6f8456c2fd6
v0006_expiry.py 82b8e5844f59
v0007_position_anchor.py a1afe5edd87a
v0008_position_read_at.py 1ac9c27c1b8b
v0009_contests.py 1e0bc9a5c68f
v0010_room_taken.py b4645f87c813
v0011_pending.py a5ad70adf6e7
v0012_compact.py ddacedea6467
v0013_deliveries.py e50eaf1e767a
v0014_control.py dca2eb0cca9e
v0015_events.py cebf8af8ca9a
v0016_phrases.py edcd0d5b1331
v0017_inputs.py b44c5ee8f8c3
v0018_append_only.py a3bda2d4ba3e
v0019_stop.py 1261063d5a0e
v0020_ladder_rule.py 174b3e47dbb9
v0021_closing.py 0764f34728d4
v0022_alert_facts.py 01442f32937f
v0023_command.py 77b5ff3f958e
v0024_sweep_start.py dd4f1f23b5b2
v0025_leases.py 53896f72d7f3
v0026_fleet_orders.py c716545d8aa4
"""
"""Each migration that people's databases have run, with the start of its SHA-256.

Never change a line here, and never a file that is named here: whoever has run it has what it made
then. Add the next migration, and a line for each one that is published.
"""


def made(of: Path, path: Path) -> None:
    """A database of the fixture."""
    with closing(sqlite3.connect(path)) as client:
        client.executescript(of.read_text("utf-8"))


def test_a_migration_that_is_finished_never_changes() -> None:
    for line in FINISHED.split("\n")[1:-1]:
        name, start = line.split()
        digest = sha256((VERSIONS / name).read_bytes()).hexdigest()
        assert digest.startswith(start), f"{name}: leave it as it was, and add a migration"


def test_every_revision_has_its_database() -> None:
    assert {path.stem for path in DATABASES} >= set(REVISIONS)
    assert tuple(FINGERPRINTS) == REVISIONS


@pytest.mark.parametrize("older", DATABASES, ids=lambda path: path.stem)
def test_a_database_is_upgraded_read_and_restored(older: Path, path: Path, url: str) -> None:
    made(older, path)
    with open_store(url) as store:
        (record,) = store.monitors()
        assert record.key == KEY
        shown = {view: store.rows(view) for view in VIEW_NAMES}
    assert [row["text"] for row in shown["decision_log"]] == ["TP1 is short of 10"]
    assert [row["operation"] for row in shown["intent_log"]] == ["place"]
    assert [row["text"] for row in shown["alert_log"]] == ["TP1 placed"]
    with closing(sqlite3.connect(path)) as client:
        assert fingerprint(shape_of(client)) == FINGERPRINTS[REVISIONS[-1]]
    assert [one for one in verify(path)[1] if not one.is_note] == []
    copy = path.with_name("copy.db")
    back_up(path, copy)
    copy.replace(path)
    for left in ("-wal", "-shm"):
        path.with_name(path.name + left).unlink(missing_ok=True)
    with open_store(url) as restored:
        assert {view: restored.rows(view) for view in VIEW_NAMES} == shown


OTHERS = "SELECT name, type FROM sqlite_master WHERE type <> 'table' AND sql <> ''"
CHANGES = {
    "ALTER TABLE monitor ADD COLUMN note VARCHAR": "it has column monitor.note",
    "ALTER TABLE journal DROP COLUMN events": "it lacks column journal.events",
    "DROP INDEX ix_alert_pending": "it lacks index ix_alert_pending",
    "CREATE INDEX mine ON journal (at_us)": "it has index mine",
    "CREATE TABLE notes (text VARCHAR)": "it has column notes.text, table notes",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_database_that_was_changed_by_hand_is_refused(path: Path, url: str, change: str) -> None:
    open_store(url).close()
    with closing(sqlite3.connect(path)) as client, client:
        if "DROP COLUMN" in change:
            for name, kind in client.execute(OTHERS).fetchall():
                client.execute(f"DROP {kind} {name}")
        client.execute(change)
    for opening in (open_store, open_reader):
        with pytest.raises(SchemaMismatch, match="its tables are others") as refused:
            opening(url)
        assert CHANGES[change].removeprefix("it lacks ") in refused.value.message
        assert "`trueup backup`" in refused.value.message


def test_an_older_one_that_was_changed_by_hand_stays_as_it_was(path: Path, url: str) -> None:
    made(ROOT / "fixtures" / "schema" / "0009.sql", path)
    with closing(sqlite3.connect(path)) as client:
        client.execute("ALTER TABLE monitor DROP COLUMN expires_at")
        before = tuple(client.iterdump())
    with pytest.raises(SchemaMismatch, match="its schema is 0009, but its tables are others: undo"):
        open_store(url)
    with closing(sqlite3.connect(path)) as client:
        assert tuple(client.iterdump()) == before
