"""Old rows leave a store, whichever database it is on, and nothing else does."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from trueup.domain.keeping.retention import Retention
from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.model.record import MonitorRecord
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind
from trueup.domain.store import Step
from trueup.service.measuring.collector import LAGS, PENDING
from trueup.service.page.reading.asked import Asked
from trueup.service.page.reading.engine import Engine, EngineWord
from trueup.service.page.reading.one import read_monitor
from trueup.service.page.reading.overview import read_overview
from trueup.storage import SqlStore

from ..databases import REFUSED, client
from ..samples import KEY, NOON, alert, start, transition, watched

DAY = timedelta(days=1)
MUCH_LATER = NOON + 1000 * DAY


def run(store: SqlStore, record: MonitorRecord, name: str, at: datetime = NOON) -> MonitorRecord:
    """A run of one row, with an alert."""
    done = replace(record, last_run_id=name, last_run_at=at)
    step = Step(done, (replace(transition(name), at=at),), alert=replace(alert(), run_id=name))
    return store.commit(step)


def everything(store: SqlStore) -> int:
    """Prunes until there is nothing more to prune; returns how many rows went."""
    total = 0
    while count := store.prune(Retention(), MUCH_LATER):
        total += count
    return total


def test_old_rows_leave_but_for_what_is_needed(store: SqlStore, url: str) -> None:
    record = watched(store)
    for number in range(4):
        record = run(store, record, f"r{number}")
    delivered = [replace(one, delivered_at=NOON) for one in store.pending_alerts()[:2]]
    store.note_deliveries(delivered)
    size = record.position_size
    store.note_unwatched(KEY, UnwatchedPosition(size, size, NOON), NOON)
    for _ in range(2):
        store.engine_stopped(store.engine_started(start()), NOON)
    store.control(Control(ControlKind.HALT, EVERYTHING, NOON, "ann@host"))
    assert everything(store) == 3 + 2 + 1
    assert [row["run_id"] for row in store.rows("transition_log")] == ["r3"]
    assert [row["run_id"] for row in store.rows("alert_log")] == ["r2", "r3"]
    assert len(store.rows("engine_log")) == len(store.rows("unwatched_log")) == 1
    with client(url) as other:
        ranges = other.execute(
            "SELECT from_table, first_id, last_id, row_count FROM pruning ORDER BY from_table"
        ).fetchall()
        assert ranges == [("alert", 1, 2, 2), ("engine_start", 1, 1, 1), ("journal", 1, 3, 3)]
        with pytest.raises(REFUSED, match="but by trueup prune"):
            other.execute("DELETE FROM journal")


def test_growth_is_known_after_an_hour(store: SqlStore) -> None:
    record = watched(store)
    assert store.growth(NOON).a_day is None
    for day in range(3):
        record = run(store, record, f"r{day}", NOON + day * DAY)
    found = store.growth(NOON + 3 * DAY)
    assert found.size == store.size() > 0
    assert found.a_day is not None
    assert found.a_day > 0


def test_changes_are_noticed(store: SqlStore) -> None:
    record = watched(store)
    with store.watching() as watcher:
        before = watcher.changes()
        assert watcher.name == store.name
        store.commit(Step(record))
        assert watcher.changes() != before


def test_the_page_and_the_figures_read_it(store: SqlStore) -> None:
    record = run(store, watched(store), "r0")
    store.control(Control(ControlKind.HALT, EVERYTHING, NOON, "ann@host"))
    found = read_overview(store, Asked.of({"text": "band", "sort": "cover"}), NOON)
    assert [row["symbol"] for row in found.listing.rows] == [record.key.symbol]
    assert [row["kind"] for row in found.controls] == ["halt"]
    with store.connection() as connection:
        engine = Engine(EngineWord.NEVER)
        one = read_monitor(connection, KEY.account, KEY.symbol, KEY.side.value, "r0", engine)
        assert one is not None
        assert one.run == "r0"
        assert connection.execute(PENDING).fetchall() == []
        assert [row[0] for row in connection.execute(LAGS)] == []
