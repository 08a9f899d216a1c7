"""The timeline: everything that happened, each thing once, in order, found by an index."""

from dataclasses import replace
from datetime import timedelta

import pytest

from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind
from trueup.domain.store import Step
from trueup.storage import SqlStore

from ..samples import EVENTS, KEY, NOON, call, filled, intent, start, transition, watched
from .test_views import explained

OTHER = MonitorKey("main", "XRPUSDT", Side.BUY)


def shown(store: SqlStore, asked: str = "TRUE") -> list[tuple[str, ...]]:
    """Kind, what and detail of each row, as any client reads them."""
    query = f"SELECT kind, what, detail FROM timeline WHERE {asked}"  # noqa: S608 - the test's own
    with store.connection() as connection:
        return connection.execute(query).fetchall()


def test_everything_that_happened_is_in_it(store: SqlStore) -> None:
    filled(store)
    assert [line for line in shown(store) if line[0] != "event"] == [
        ("start", "trueup 0.1.0", ""),
        ("pause", "mirror", "ann@host"),
        ("call", "place MIR_TP1", "accepted 0"),
        ("write", "place TP1 0 → 0 at 0.95", "MIR_TP1: planned"),
        ("stop", "none → 0.714", "confirmed: 5 % from the entry"),
        ("step", "Idle → Validating", "wake: start-up"),
        ("fill", "TP1: 85 at 0.95", shown(store)[6][2]),
        (
            "ladder",
            "given",
            "none → 85 % at 0.95, 5 % at 0.9, 5 % at 0.85, 5 % at 0.8",
        ),
        ("alert", "SUCCESS, not delivered yet", "TP1 placed"),
    ]
    events = [what for kind, what, _ in shown(store) if kind == "event"]
    kinds = {event.kind.value for event in EVENTS} - {"level-filled", "ladder-changed"}
    assert set(events) == kinds


def test_a_write_that_is_over_is_in_it_once_with_what_became_of_it(store: SqlStore) -> None:
    filled(store)
    record = store.load(KEY)
    assert record is not None
    refused = replace(
        intent(), status=IntentStatus.REFUSED, code=110001, detail="the order is gone"
    )
    asked = replace(call("r2"), outcome="already-gone", code=110001, detail="too late")
    store.commit(Step(record, calls=(asked,), intents=(refused,)))
    writes = [line for line in shown(store) if line[0] == "write"]
    assert writes == [
        ("write", "place TP1 0 → 0 at 0.95", "MIR_TP1: refused 110001: the order is gone")
    ]
    rows = store.rows("timeline", run_id="r1")
    assert [row["run_id"] for row in rows if row["kind"] == "write"] == ["r1"]
    assert shown(store, "run_id = 'r2'") == [
        ("call", "place MIR_TP1", "already-gone 110001: too late")
    ]


def test_it_is_in_the_order_of_time(store: SqlStore) -> None:
    record = watched(store)
    later = replace(transition("r2"), at=NOON + timedelta(seconds=2))
    record = store.commit(Step(record, transitions=(later,)))
    store.commit(Step(record, transitions=(transition("r1"),)))
    number = store.engine_started(start())
    store.engine_stopped(number, NOON + timedelta(seconds=3))
    stop = Control(ControlKind.HALT, EVERYTHING, NOON + timedelta(seconds=1), "ann@host", "upgrade")
    store.control(stop)
    with store.connection() as connection:
        assert connection.execute("SELECT kind, at FROM timeline").fetchall() == [
            ("start", "2026-01-31T12:00:00.000000Z"),
            ("step", "2026-01-31T12:00:00.000000Z"),
            ("halt", "2026-01-31T12:00:01.000000Z"),
            ("step", "2026-01-31T12:00:02.000000Z"),
            ("stop", "2026-01-31T12:00:03.000000Z"),
        ]
    assert ("halt", "everything", "ann@host: upgrade") in shown(store)


def test_one_monitor_s_rows_are_its_own(store: SqlStore) -> None:
    filled(store)
    filled(store, OTHER, "r2")
    rows = store.rows("timeline", account="main", symbol="XRPUSDT", side=Side.BUY)
    assert {row["run_id"] for row in rows} == {"r2"}
    assert len(rows) == 5 + len(EVENTS)


@pytest.mark.usefixtures("path")  # how SQLite goes about it
@pytest.mark.parametrize(
    "asked",
    [
        "account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'",
        "account = 'mirror' AND commit_at >= '2026-01-31T12:00:00Z'",
    ],
)
def test_the_journal_of_other_monitors_is_not_read(store: SqlStore, asked: str) -> None:
    filled(store)
    plan = explained(store, f"SELECT * FROM timeline WHERE {asked}")  # noqa: S608 - the test's own
    assert [step for step in plan if step in ("SCAN j", "SCAN m", "SCAN i", "SCAN alert")] == []
    assert sum("ix_journal" in step for step in plan) == 5


@pytest.mark.usefixtures("path")  # how SQLite goes about it
def test_the_journal_of_other_runs_is_read_for_late_ends_of_writes_alone(
    store: SqlStore,
) -> None:
    filled(store)
    plan = explained(store, "SELECT * FROM timeline WHERE run_id = 'r1'")
    assert sum("ix_journal_run_id" in step for step in plan) == 4
    assert plan.count("SCAN j") == 1
