"""Positions that no monitor watches, on record with their alerts."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.model.identity import MonitorKey, Side
from trueup.storage import SqlStore, open_store
from trueup.testing import MemoryStore

from ..samples import KEY, NOON, alert
from ..sqlite.test_source import BASELINE

OTHER = MonitorKey("main", "ETHUSDT", Side.BUY)
SEEN = UnwatchedPosition(Decimal("5.5"), Decimal("3000.1"), NOON)
LATER = NOON + timedelta(minutes=1)


def test_it_is_on_record_with_its_alert_until_it_is_over(any_store: SqlStore | MemoryStore) -> None:
    about = replace(alert(), key=OTHER)
    any_store.note_unwatched(OTHER, SEEN, NOON, about)
    any_store.note_unwatched(KEY, SEEN, NOON)
    assert any_store.unwatched() == ((OTHER, SEEN), (KEY, SEEN))
    assert [pending.alert for pending in any_store.pending_alerts()] == [about]
    over = replace(about, text="over")
    any_store.note_unwatched(OTHER, replace(SEEN, over="a monitor watches it now"), LATER, over)
    assert any_store.unwatched() == ((KEY, SEEN),)
    assert [pending.alert for pending in any_store.pending_alerts()] == [about, over]


def test_its_rows_say_how_long_it_lasted(store: SqlStore) -> None:
    store.note_unwatched(OTHER, SEEN, NOON, replace(alert(), key=OTHER))
    store.note_unwatched(OTHER, replace(SEEN, over="closed"), LATER)
    store.note_unwatched(OTHER, SEEN, LATER)
    first, second = store.rows("unwatched_log", account="main")
    assert (first["until"], first["why"]) == ("2026-01-31T12:01:00.000000Z", "closed")
    assert (second["until"], second["why"], second["size"]) == (None, None, "5.5")
    assert [row["symbol"] for row in store.rows("alert_log")] == ["ETHUSDT"]


def test_the_alerts_of_a_database_of_before_keep_their_monitors(path: Path, url: str) -> None:
    row = "(7, 1, 'r1', 'SUCCESS', 'TP1 placed', '2026-01-31T12:00:00.000000Z', NULL, 0)"
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8"))
        client.execute(f"INSERT INTO alert VALUES {row}")  # noqa: S608 - the test's own
        client.commit()
    with open_store(url) as store:
        last = store.pending_alerts()[-1]
        assert (last.id, last.alert.text) == (7, "TP1 placed")
        monitor = store.monitors()[0]
        assert last.alert.key == monitor.key
        assert store.last_alert(monitor.id) == last.alert
