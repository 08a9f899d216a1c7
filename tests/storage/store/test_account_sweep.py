"""The last sweep of an account: one row, written over, and none in a database of before."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.storage import SqlStore, open_store

from ..samples import KEY, NOON
from ..sqlite.test_source import BASELINE

STATUS = AccountStatus("mirror", NOON, 3, 1, ViewWord.SWEPT, "the feed is silent", -12, 7)


def test_it_is_kept_as_it_was_said(store: SqlStore) -> None:
    store.swept(STATUS)
    assert store.rows("account_status") == [
        {
            "account": "mirror",
            "swept_at": "2026-01-31T12:00:00.000000Z",
            "monitors": 3,
            "drifted": 1,
            "view_state": "swept",
            "reason": "the feed is silent",
            "clock_offset_ms": -12,
            "engine_start": 7,
        }
    ]


def test_the_next_sweep_takes_the_place_of_the_last(store: SqlStore) -> None:
    store.swept(replace(STATUS, account="main", clock_offset_ms=None))
    for seconds in range(3):
        later = NOON + timedelta(seconds=seconds)
        store.swept(replace(STATUS, swept_at=later, view=ViewWord.STREAMED, reason=""))
    rows = store.rows("account_status")
    assert [(row["account"], row["view_state"], row["clock_offset_ms"]) for row in rows] == [
        ("main", "swept", None),
        ("mirror", "streamed", -12),
    ]
    assert rows[1]["swept_at"] == "2026-01-31T12:00:02.000000Z"


def test_a_database_of_before_is_brought_to_it(path: Path, url: str) -> None:
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8"))
    with open_store(url) as store:
        assert store.rows("account_status") == []
        store.swept(STATUS)
        assert [row["account"] for row in store.rows("account_status")] == ["mirror"]
        assert store.load(KEY) is not None
