"""What is on record of API keys: a row for each fingerprint, and never a key."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from trueup.domain.keys.facts import KeyRecord
from trueup.domain.model.errors import StoreError
from trueup.domain.model.identity import Role
from trueup.storage import SqlStore, open_store
from trueup.testing import MemoryStore

from ..samples import KEY, LADDER, NOON, alert
from ..sqlite.test_source import BASELINE

READ = KeyRecord("0123456789abcdef", "mirror", "1448939", NOON, NOON + timedelta(days=9), 14)


def test_a_key_is_kept_as_it_was_read_and_written_over(any_store: SqlStore | MemoryStore) -> None:
    assert any_store.key_records() == ()
    any_store.key_read(READ)
    any_store.key_read(replace(READ, fingerprint="f", account="main", expires_at=None))
    later = replace(READ, read_at=NOON + timedelta(days=1), expiry_alerted=None)
    any_store.key_read(later)
    found = any_store.key_records()
    named = [(one.account, one.fingerprint) for one in found]
    assert named == [("main", "f"), ("mirror", READ.fingerprint)]
    assert found[1] == later


def test_an_alert_about_a_key_is_pending_with_its_record(any_store: SqlStore | MemoryStore) -> None:
    about = replace(alert(), key=KEY)
    with pytest.raises(StoreError, match="there is no monitor"):
        any_store.key_read(READ, about)
    assert any_store.key_records() == ()
    any_store.watch(KEY, Role.MIRROR, "main", LADDER)
    any_store.key_read(READ, about)
    assert [pending.alert for pending in any_store.pending_alerts()] == [about]


def test_a_database_of_before_knows_no_key(path: Path, url: str) -> None:
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8"))
    with open_store(url) as store:
        assert store.key_records() == ()
        store.key_read(READ)
        assert store.key_records() == (READ,)
        assert store.load(KEY) is not None
