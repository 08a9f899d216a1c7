"""``trueup.inspect``: the views as typed rows, read only, and clear errors."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Integer, delete, func, literal_column, nulls_last, type_coerce
from sqlmodel import AutoString, SQLModel, col, select

from trueup import inspect
from trueup.domain.model.alert import Delivery
from trueup.domain.model.errors import SchemaMismatch, StoreError
from trueup.domain.model.events import UnwatchedPosition
from trueup.domain.reporting.account_status import AccountStatus as Sweep
from trueup.domain.reporting.account_status import ViewWord
from trueup.domain.stopping.command import (
    Answer,
    Became,
    Command,
    CommandKind,
    CommandRecord,
    Part,
)
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.inspect import AccountStatus, AlertLog, IntentLog, LevelStatus, MonitorStatus
from trueup.storage import SqlStore
from trueup.storage.sql.column_types import ExactDecimal, UtcInstant
from trueup.storage.sql.tables import metadata
from trueup.storage.sql.views.definitions import VIEWS

from ..samples import (
    EVENTS,
    KEY,
    LADDER,
    STOP,
    alert,
    call,
    closed,
    decision,
    intent,
    order,
    start,
    stop_intent,
    transition,
    watched,
)

CLASSES: dict[str, Any] = {
    str(each.__tablename__): each
    for each in vars(inspect).values()
    if isinstance(each, type) and issubclass(each, SQLModel)
}
BASES = {
    "account_status": "account_sweep",
    "monitor_status": "monitor",
    "level_status": "monitor",
    "pending_write": "intent",
    "transition_log": "journal",
    "exchange_call_log": "journal",
    "decision_log": "journal",
    "intent_log": "intent",
    "alert_log": "alert",
    "alert_delivery_log": "alert",
    "order_log": "monitor",
    "control_status": "control",
    "command_log": "command",
    "event_log": "journal",
    "fill_log": "journal",
    "result_log": "journal",
    "coverage_log": "journal",
    "ladder_log": "journal",
    "engine_log": "engine_start",
    "unwatched_log": "unwatched",
    "stop_status": "monitor",
    "stop_log": "journal",
    "protection_log": "journal",
    "close_status": "monitor",
    "close_log": "intent",
    "timeline": "journal",
}
OTHERS: dict[str, dict[str, str | None]] = {
    "monitor_status": {
        "last_position_size": "position_size",
        "stopped": "follows",
        "others_close": "room_taken",
    },
    "pending_write": {"acknowledged": "again"},
}
"""Columns of views that the table names otherwise."""
COMMAND = CommandRecord(
    Command(
        "c-1", CommandKind.PAUSE, Scope("mirror"), "ann@host", datetime(2026, 1, 31, tzinfo=UTC)
    )
)
UNFOLDED = (
    "level_status",
    "transition_log",
    "exchange_call_log",
    "decision_log",
    "intent_log",
    "alert_log",
    "alert_delivery_log",
    "order_log",
    "control_status",
    "command_log",
    "event_log",
    "fill_log",
    "result_log",
    "coverage_log",
    "ladder_log",
    "engine_log",
    "unwatched_log",
    "stop_status",
    "stop_log",
    "protection_log",
    "close_status",
    "close_log",
    "timeline",
)
"""Views of what is a list in a table, or is NULL where the table has an empty text."""
NOT_ALWAYS_KNOWN = ("position_size", "covered_quantity")
"""Columns of ``monitor_status`` that are NULL where the last run could not read the position."""


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    """A store in which every view has a row."""
    step = Step(
        replace(watched(store), orders=(order(1, "85"),), stop=STOP),
        transitions=(transition(),),
        calls=(call(),),
        decisions=(decision(),),
        intents=(intent(),),
        alert=alert(),
        events=EVENTS,
        stops=(stop_intent(),),
    )
    store.commit(step)
    store.engine_started(start(interval="15 s"))
    store.swept(Sweep("mirror", datetime(2026, 1, 31, tzinfo=UTC), 1, 0, ViewWord.SWEPT, ""))
    alone = UnwatchedPosition(Decimal(5), Decimal(2), datetime(2026, 1, 31, tzinfo=UTC))
    store.begin_command(COMMAND)
    store.answer_command("c-1", Answer((Part(Scope(), Became.DONE),), COMMAND.command.at))
    store.note_unwatched(alert().key, alone, alone.since)
    (pending,) = store.pending_alerts()
    deliveries = {
        "log": Delivery(1, datetime(2026, 1, 31, tzinfo=UTC)),
        "chat": Delivery(1, None, datetime(2026, 1, 31, tzinfo=UTC), "OSError"),
    }
    store.note_deliveries([replace(pending, deliveries=deliveries)])
    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    store.control(Control(ControlKind.PAUSE, Scope("mirror"), noon, "ann@host"))
    return store


def test_every_view_has_its_class() -> None:
    assert CLASSES.keys() == VIEWS.keys() == BASES.keys()
    assert {each.__name__ for each in CLASSES.values()} | {"open"} == set(inspect.__all__)


@pytest.mark.parametrize("view", VIEWS)
def test_a_class_has_the_columns_of_its_view(path: Path, store: SqlStore, view: str) -> None:
    assert store.monitors() == ()
    with closing(sqlite3.connect(path)) as client:
        there = [row[1] for row in client.execute(f"PRAGMA table_info({view})")]
    assert list(CLASSES[view].__table__.columns.keys()) == there


@pytest.mark.parametrize("view", VIEWS)
def test_a_class_has_the_types_of_the_tables(view: str) -> None:
    base, monitor = metadata.tables[BASES[view]].c, metadata.tables["monitor"].c
    for column in CLASSES[view].__table__.columns:
        name = OTHERS.get(view, {}).get(column.name, column.name)
        origin = base[name] if name in base else monitor.get(name)
        if origin is None or view in UNFOLDED:
            assert view in UNFOLDED, column
            continue
        kinds = (ExactDecimal, UtcInstant, Boolean, Integer, AutoString)
        assert [isinstance(column.type, kind) for kind in kinds] == [
            isinstance(origin.type, kind) for kind in kinds
        ], column
        is_nulled = view == "monitor_status" and column.name in NOT_ALWAYS_KNOWN
        assert column.nullable == (origin.nullable or is_nulled), column


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_read(path: Path, filled: SqlStore, view: str) -> None:
    closed(filled)
    with inspect.open(path) as session:
        rows = session.exec(select(CLASSES[view])).all()
    assert rows
    of_one = [row for row in rows if view != "engine_log" and getattr(row, "kind", "") != "start"]
    assert all(row.account == "mirror" for row in of_one)
    for column in CLASSES[view].__table__.columns:
        values = [getattr(row, column.name) for row in rows]
        assert column.nullable or None not in values, column


def test_the_values_of_lists_have_their_types(path: Path, filled: SqlStore) -> None:
    assert filled.rows("order_log")
    with inspect.open(path) as session:
        order_row = session.exec(select(inspect.OrderLog)).one()
        step = session.exec(select(inspect.TransitionLog)).one()
        level = session.exec(select(LevelStatus).where(LevelStatus.level == 1)).one()
    assert (order_row.quantity, order_row.price) == (Decimal(85), Decimal("0.95"))
    assert step.at == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert (level.live_quantity, level.target_quantity) == (Decimal(85), None)


def test_numbers_are_exact_and_instants_are_in_utc(path: Path, filled: SqlStore) -> None:
    with inspect.open(path) as session:
        monitor = session.exec(select(MonitorStatus)).one()
        level = session.exec(select(LevelStatus).where(LevelStatus.level == 1)).one()
        written = session.exec(select(IntentLog)).one()
        told = session.exec(select(AlertLog)).one()
        swept = session.exec(select(AccountStatus)).one()
    stored = filled.load(KEY)
    assert stored is not None
    assert monitor.version == stored.version
    assert monitor.position_size is None, "no run has read it"
    assert isinstance(monitor.last_position_size, Decimal)
    assert monitor.last_position_size == stored.position_size
    assert (level.price, level.share) == (LADDER.levels[0].price, LADDER.levels[0].share)
    assert (written.quantity, written.created_at) == (intent().quantity, intent().created_at)
    assert isinstance(written.again, bool)
    assert told.created_at == alert().created_at
    assert swept.swept_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert swept.swept_at.tzinfo is UTC


def test_a_url_names_the_file_too(url: str, filled: SqlStore) -> None:
    assert filled.rows("monitor_status")
    with inspect.open(url) as session:
        statement = select(MonitorStatus).where(MonitorStatus.account == "mirror")
        assert len(session.exec(statement).all()) == 1


def test_a_session_is_one_moment_s_state_beside_a_writing_store(
    path: Path, filled: SqlStore
) -> None:
    with inspect.open(path) as session:
        version = select(MonitorStatus.version)
        before = session.exec(version).one()
        record = filled.commit(Step(watched(filled)))
        assert session.exec(version).one() == before
        session.rollback()
        assert session.exec(version).one() == record.version


def test_nothing_is_written(path: Path, filled: SqlStore) -> None:
    assert filled.rows("monitor_status")
    with pytest.raises(StoreError, match="attempt to write a readonly"), inspect.open(path) as one:
        one.connection().exec_driver_sql("DELETE FROM monitor")
    with pytest.raises(StoreError, match="cannot modify"), inspect.open(path) as one:
        one.execute(delete(MonitorStatus))
    assert len(filled.monitors()) == 1


def test_what_sql_would_get_wrong_is_refused(path: Path, filled: SqlStore) -> None:
    assert filled.rows("monitor_status")
    with pytest.raises(TypeError, match="exact text: compare and sort it in Python"):
        select(MonitorStatus).where(MonitorStatus.last_position_size > Decimal(5))
    with pytest.raises(TypeError, match="exact text"):
        select(LevelStatus).order_by(col(LevelStatus.price).desc())
    calculated = select(type_coerce(literal_column("1 + 0.5"), ExactDecimal()))
    with pytest.raises(TypeError, match="calculate in Python"), inspect.open(path) as session:
        session.exec(calculated).all()


@pytest.mark.parametrize(
    "statement",
    [
        select(LevelStatus.level).order_by(col(LevelStatus.price)),
        select(LevelStatus).order_by(LevelStatus.account, nulls_last(col(LevelStatus.price))),
        select(func.max(LevelStatus.price)),
        select(LevelStatus.account, func.min(LevelStatus.price)).group_by(LevelStatus.account),
        select(func.sum(LevelStatus.price)),
        select(func.avg(LevelStatus.price)),
        select(LevelStatus).where(
            LevelStatus.price == select(func.max(LevelStatus.price)).scalar_subquery()
        ),
    ],
    ids=str,
)
def test_the_text_of_numbers_is_not_put_in_order(
    path: Path,
    filled: SqlStore,
    statement: Any,  # noqa: ANN401 - selects of several kinds
) -> None:
    assert filled.rows("level_status")
    with pytest.raises(TypeError, match="calculate in Python"), inspect.open(path) as session:
        session.exec(statement).all()


def test_a_number_that_is_not_exact_is_refused(path: Path, filled: SqlStore) -> None:
    assert filled.rows("level_status")
    inexact = select(LevelStatus).where(col(LevelStatus.price) == 0.5)
    with pytest.raises(TypeError, match=r"0\.5 is not exact"), inspect.open(path) as session:
        session.exec(inexact).all()


def test_what_is_no_number_may_be_sorted(path: Path, filled: SqlStore) -> None:
    assert filled.rows("level_status")
    levels = select(LevelStatus.level).order_by(col(LevelStatus.level).desc())
    with inspect.open(path) as session:
        assert (
            session.exec(levels).first() == session.exec(select(func.max(LevelStatus.level))).one()
        )


def test_equal_numbers_are_found(path: Path, filled: SqlStore) -> None:
    assert filled.rows("level_status")
    price = LADDER.levels[0].price
    with inspect.open(path) as session:
        found = session.exec(select(LevelStatus).where(LevelStatus.price == price)).one()
    assert found.level == 1


def test_a_file_that_cannot_be_inspected_says_why(
    path: Path, url: str, tmp_path: Path, store: SqlStore
) -> None:
    store.close()
    missing = tmp_path / "missing.db"
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as client:
        client.executescript("CREATE TABLE bets (id INTEGER);")
    letter = tmp_path / "letter.txt"
    letter.write_text("not a database, but a letter. " * 200)
    for database, says in (
        (missing, r"there is no database .*missing\.db yet"),
        (tmp_path, "is a folder: name the database's file"),
        (other, "a database of something else"),
        (letter, "file is not a database"),
        ("postgresql://db/trueup", "works on a file of SQLite alone"),
    ):
        with pytest.raises(StoreError, match=says), inspect.open(database):
            pass
    assert not missing.exists()
    for statement, says in (
        ("DROP VIEW alert_log", "the views of another trueup"),
        ("UPDATE alembic_version SET version_num = '9999'", "schema 9999, which this trueup does"),
        ("UPDATE alembic_version SET version_num = '0001'", "0001 of an older trueup"),
    ):
        with closing(sqlite3.connect(path)) as client:
            client.executescript(statement)
        with pytest.raises(SchemaMismatch, match=says), inspect.open(url):
            pass
