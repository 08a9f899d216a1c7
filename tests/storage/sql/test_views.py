"""What people see: exact numbers without noise, readable times, one row a thing."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from trueup.domain.model.commands import Operation
from trueup.domain.model.errors import StoreError
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.intent import IntentStatus
from trueup.domain.planning.pending import pending_changes
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.storage import SqlStore, ViewName, open_store
from trueup.storage.shared.generated.revisions import REVISIONS
from trueup.storage.sql.conditions import OPEN_INTENT, PENDING_ALERT
from trueup.storage.sql.views.definitions import VIEW_NAMES, VIEWS

from ..samples import (
    EVENTS,
    KEY,
    NOON,
    closed,
    filled,
    intent,
    order,
    start,
    transition,
    watched,
)

PROMISED: dict[ViewName, str] = {
    "account_status": "account swept_at monitors drifted view_state reason clock_offset_ms "
    "engine_start",
    "monitor_status": "account symbol side state position_size covered_quantity coverage_pct "
    "last_outcome last_run_at version",
    "level_status": "account symbol side level price share target_quantity live_quantity "
    "filled_quantity order_link_id order_id status",
    "pending_write": "account symbol side level order_link_id status acknowledged covered covers "
    "created_at until",
    "transition_log": "id run_id account symbol side source event target at detail",
    "exchange_call_log": "id run_id account symbol operation order_link_id outcome code "
    "latency_ms at",
    "decision_log": "id run_id account symbol side state text at",
    "intent_log": "id run_id account symbol operation level order_link_id quantity price status "
    "created_at resolved_at",
    "alert_log": "id run_id account symbol side status text created_at delivered_at attempts",
    "alert_delivery_log": "alert_id sink run_id account attempts delivered_at next_try_at error",
    "order_log": "account symbol side cycle level order_link_id price quantity filled status "
    "origin",
    "control_status": "number kind account symbol side asked_at asked_by reason in_force "
    "acknowledged_at ended_by ended_at",
    "command_log": "id command_id kind account symbol side asked_at asked_by reason arguments "
    "changes answered_at answer",
    "event_log": "id run_id account symbol side kind at detail",
    "fill_log": "id run_id account symbol side level quantity price limit_price order_link_id "
    "execution_id executed_at fee at",
    "result_log": "id run_id account symbol side kind cause before closed unknown gross fees "
    "fees_unknown at",
    "coverage_log": "id run_id account symbol side quantity since until why",
    "ladder_log": "id run_id account symbol side who before after at",
    "unwatched_log": "id account symbol side size entry_price since until why",
    "engine_log": "id started_at stopped_at trueup_version schema_version pybit_version changed",
    "stop_status": "account symbol side source asked_price rule price trailing status "
    "protected_quantity runner_quantity runner problem unprotected_since generation pending",
    "stop_log": "id part run_id account symbol side at intent_id cycle generation price_before "
    "trailing_before activation_before price trailing activation rule status code detail",
    "protection_log": "id run_id account symbol side quantity since until why",
    "close_status": "account symbol side cause number asked_by reason share cycle size quantity "
    "filled status detail began_at",
    "close_log": "number run_id account symbol side generation order_link_id order_id size "
    "quantity status code detail created_at resolved_at",
    "timeline": "at account symbol side run_id kind what detail commit_at",
}


NOT_OF_MONITORS = ("account_status", "command_log", "control_status", "engine_log", "timeline")
OF_MONITORS = [view for view in VIEW_NAMES if view not in NOT_OF_MONITORS]


@pytest.mark.parametrize("view", VIEW_NAMES)
def test_a_view_has_the_promised_columns(store: SqlStore, view: ViewName) -> None:
    filled(store)
    closed(store)
    assert set(PROMISED[view].split()) <= set(store.rows(view)[0])


def test_a_monitors_status(store: SqlStore) -> None:
    filled(store)
    (row,) = store.rows("monitor_status")
    assert row["position_size"] == "100"
    assert row["covered_quantity"] == "85"
    assert row["coverage_pct"] == "85"
    assert row["last_outcome"] == "PARTIAL"
    assert row["last_run_at"] == "2026-01-31T12:00:00.000000Z"


def test_a_size_that_the_last_run_could_not_read_is_no_number(store: SqlStore) -> None:
    filled(store)
    record = store.load(KEY)
    assert record is not None
    assert record.position_known
    store.commit(Step(replace(record, last_run_at=NOON + timedelta(minutes=1))))
    (row,) = store.rows("monitor_status")
    names = ("position_size", "covered_quantity", "coverage_pct", "last_position_size")
    assert [row[name] for name in names] == [None, None, None, "100"]
    assert row["position_read_at"] == "2026-01-31T12:00:00.000000Z"


def test_a_monitors_status_says_whether_it_is_stopped(store: SqlStore) -> None:
    record = watched(store)
    key = record.key
    stopped = (
        (Scope("other"), None),
        (Scope(key.account, key.symbol, key.side.opposite), None),
        (Scope(key.account, key.symbol, key.side), "paused"),
        (Scope(key.account), "paused"),
        (EVERYTHING, "paused"),
    )
    for scope, word in stopped:
        store.control(Control(ControlKind.PAUSE, scope, NOON, "ann@host"))
        assert store.rows("monitor_status")[0]["stopped"] == word
        store.control(Control(ControlKind.RESUME, scope, NOON, "ann@host"))
    store.control(Control(ControlKind.PAUSE, EVERYTHING, NOON, "ann@host"))
    store.control(Control(ControlKind.HALT, EVERYTHING, NOON, "ann@host"))
    assert store.rows("monitor_status")[0]["stopped"] == "halted"
    store.control(Control(ControlKind.RESUME_ALL, EVERYTHING, NOON, "ann@host"))
    assert store.rows("monitor_status")[0]["stopped"] is None


def test_a_levels_status(store: SqlStore) -> None:
    filled(store)
    link = "MIR_TP{}_BANDUSDT_1737809937842_7432".format
    columns = ("target_quantity", "live_quantity", "filled_quantity", "order_link_id", "order_id")
    rows = [
        (row["level"], row["status"], *(row[name] for name in columns))
        for row in store.rows("level_status")
    ]
    assert rows == [
        (1, "open", "85", "85", "0", f"{link(1)} L2", "id-1"),
        (2, "filled", "0", "0", "5", link(2), "id-2"),
        (3, "pending_new", "5", "0", "0", link(3), "id-3"),
        (4, "none", "5", "0", "0", None, None),
    ]


@pytest.mark.parametrize(
    ("operation", "status"),
    [(Operation.AMEND, "pending_replace"), (Operation.CANCEL, "pending_cancel")],
)
def test_an_order_of_which_a_write_is_open_is_pending(
    store: SqlStore, operation: Operation, status: str
) -> None:
    """SQL says of it what the domain says (:class:`PendingStatus`)."""
    owned = order(1, "50")
    write = replace(
        intent(),
        operation=operation,
        order_link_id=owned.order_link_id,
        covered=Decimal(50),
        covers=Decimal(60),
        status=IntentStatus.SENT,
        until=NOON + timedelta(seconds=20),
    )
    record = replace(watched(store), orders=(owned,))
    record = store.commit(Step(record, intents=(write,), targets={1: Decimal(60)}))
    assert pending_changes(record.orders, [write])[owned.order_link_id].status == status
    assert store.rows("level_status")[0]["status"] == status
    (row,) = store.rows("pending_write")
    shown = ("status", "acknowledged", "covered", "covers", "until")
    expected = [status, 1, "50", "60", "2026-01-31T12:00:20.000000Z"]
    assert [row[name] for name in shown] == expected
    store.commit(Step(record, intents=(replace(write, status=IntentStatus.CONFIRMED),)))
    assert store.rows("level_status")[0]["status"] == "open"
    assert store.rows("pending_write") == []


@pytest.mark.parametrize(
    ("size", "covered", "percentage"),
    [
        ("0", "0", None),
        ("3", "1", "33.33"),
        ("3", "2", "66.66"),
        ("100000", "99999", "99.99"),
        ("100000", "100000", "100"),
        ("100000", "100001", "100.01"),
        ("1E-20", "1E+20", "1" + "0" * 42),
    ],
)
def test_only_a_whole_cover_shows_as_100(
    store: SqlStore, size: str, covered: str, percentage: str | None
) -> None:
    record = replace(
        watched(store),
        position_size=Decimal(size),
        orders=(order(1, covered),),
        last_run_at=NOON,
        position_read_at=NOON,
    )
    store.commit(Step(record))
    assert store.rows("monitor_status")[0]["coverage_pct"] == percentage


def test_rows_are_filtered(store: SqlStore) -> None:
    keys = [KEY, MonitorKey("main", "BANDUSDT", Side.BUY), MonitorKey("main", "XRPUSDT", Side.BUY)]
    for number, key in enumerate(keys):
        filled(store, key, f"run{number}")
        closed(store, key, f"run{number}")
    for view in OF_MONITORS:
        several = {"level_status": 4, "order_log": 5, "event_log": len(EVENTS), "fill_log": 2}
        expected = {**several, "intent_log": 2}.get(view, 1)
        assert len(store.rows(view)) == 3 * expected
        assert len(store.rows(view, account="main")) == 2 * expected
        assert len(store.rows(view, symbol="BANDUSDT", side=Side.BUY)) == expected
        assert store.rows(view, account="x' OR 1 = 1 --") == []
    assert [row["symbol"] for row in store.rows("decision_log", run_id="run2")] == ["XRPUSDT"]


def test_logs_come_oldest_first_and_a_limit_keeps_the_last(store: SqlStore) -> None:
    record = watched(store)
    for run in ("r1", "r2", "r3"):
        record = store.commit(Step(record, transitions=(transition(run),)))
    assert [row["run_id"] for row in store.rows("transition_log")] == ["r1", "r2", "r3"]
    assert [row["run_id"] for row in store.rows("transition_log", limit=2)] == ["r2", "r3"]


def test_an_unknown_view_is_named(store: SqlStore) -> None:
    with pytest.raises(StoreError, match="no view monitor: there are account_status, mon"):
        store.rows("monitor")  # type: ignore[arg-type] # the wrong name is the mistake


def test_any_client_reads_the_views(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        filled(store)
    with closing(sqlite3.connect(path)) as client:
        found = client.execute("SELECT account, coverage_pct FROM monitor_status").fetchall()
    assert found == [("mirror", "85")]


def test_views_that_differ_are_made_anew(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        filled(store)
    with closing(sqlite3.connect(path)) as client:
        client.executescript(
            "DROP VIEW alert_log; DROP VIEW monitor_status; CREATE VIEW odd AS SELECT 1;"
            "CREATE VIEW monitor_status AS SELECT 1 AS account;"
        )
    with open_store(f"sqlite:///{path}") as store:
        assert store.rows("monitor_status")[0]["coverage_pct"] == "85"
        assert len(store.rows("alert_log")) == 1
    with closing(sqlite3.connect(path)) as client:
        names = client.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
    assert {name for (name,) in names} == set(VIEWS)


@pytest.mark.usefixtures("path")  # how SQLite goes about it
@pytest.mark.parametrize("view", OF_MONITORS)
def test_asking_for_one_monitor_walks_through_no_other(store: SqlStore, view: ViewName) -> None:
    filled(store)
    plan = explained(
        store,
        f"SELECT * FROM {view} "  # noqa: S608 - a view's name
        "WHERE account = 'mirror' AND symbol = 'BANDUSDT' AND side = 'Sell'",
    )
    assert plan
    walks = [step for step in plan if step.startswith("SCAN") and not _is_of_one(step)]
    assert walks == []


LAST_OF = {
    "level_status": "account DESC, symbol DESC, side DESC",
    "transition_log": "id DESC",
    "exchange_call_log": "id DESC",
    "decision_log": "id DESC",
    "intent_log": "settled_in DESC",
    "alert_log": "id DESC",
    "engine_log": "id DESC",
}


@pytest.mark.usefixtures("path")  # how SQLite goes about it
@pytest.mark.parametrize("view", LAST_OF)
def test_the_last_rows_of_a_view_are_read_without_the_others(store: SqlStore, view: str) -> None:
    filled(store)
    plan = explained(store, f"SELECT * FROM {view} ORDER BY {LAST_OF[view]} LIMIT 20")  # noqa: S608 - the test's own
    # Of all writes only the open ones are put in order; they come last.
    logged = plan[: plan.index("RIGHT")] if "RIGHT" in plan else plan
    assert [step for step in logged if step == "USE TEMP B-TREE FOR ORDER BY"] == []


@pytest.mark.usefixtures("path")  # how SQLite goes about it
@pytest.mark.parametrize("view", ["transition_log", "exchange_call_log", "decision_log"])
def test_asking_for_one_run_walks_through_no_other(store: SqlStore, view: str) -> None:
    filled(store)
    plan = explained(store, f"SELECT * FROM {view} WHERE run_id = 'r1'")  # noqa: S608 - a view's name
    assert [step for step in plan if step.startswith("SCAN") and not _is_of_one(step)] == []


def _is_of_one(step: str) -> bool:
    """Whether it walks through what one row holds, or through what another step has found."""
    return "VIRTUAL TABLE" in step or "subquery" in step or step in _FOUND


_FOUND = ("SCAN intent_log", "SCAN order_log", "SCAN shown")


def test_a_start_shows_what_is_set_differently(store: SqlStore) -> None:
    first = store.engine_started(start(interval="15 s", threads="8"))
    store.engine_stopped(first, NOON + timedelta(minutes=5))
    store.engine_started(start(interval="20 s", threads="8", streams="yes"))
    before, now = store.rows("engine_log")
    assert (before["changed"], now["changed"]) == (
        None,
        "interval: 15 s → 20 s; streams: none → yes",
    )
    assert (before["stopped_at"], now["stopped_at"]) == ("2026-01-31T12:05:00.000000Z", None)
    assert (now["trueup_version"], now["pybit_version"]) == ("0.1.0", "5.17.0")
    assert now["schema_version"] == REVISIONS[-1]


@pytest.mark.usefixtures("path")  # how SQLite goes about it
def test_the_outbox_and_open_intents_have_indexes(store: SqlStore) -> None:
    filled(store)
    intents = explained(
        store,
        f"SELECT * FROM intent WHERE monitor_id = 1 AND {OPEN_INTENT} "  # noqa: S608 - a constant
        "ORDER BY number",
    )
    alerts = explained(
        store,
        f"SELECT * FROM alert WHERE {PENDING_ALERT} ORDER BY id LIMIT 9",  # noqa: S608 - the same
    )
    assert "ix_intent_monitor_id_number" in intents[0]
    assert "ix_alert_pending" in alerts[0]


def explained(store: SqlStore, query: str) -> list[str]:
    """How SQLite goes about the query."""
    with store.connection() as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
    return [str(row[3]) for row in rows]
