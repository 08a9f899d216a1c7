"""The page of the database: every question is asked of a database that has an answer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from docs.writers.columns import MEANINGS, meaning
from docs.writers.database import view_columns
from docs.writers.questions import QUESTIONS, Question
from examples.inspect_database import last_run, levels_of_alerts, uncovered
from tests.docs.pages import blocks, text
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Alert, Reconciler
from trueup.adapters.notify import CallableSink
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.simulator import Fault, FaultKind
from trueup.storage.sql.tables import metadata


def _refuse(alert: Alert) -> None:
    raise ConnectionError(f"nobody takes {alert.run_id}")


def _rest(stage: Stage, uid: str, level: int, quantity: str, price: str) -> None:
    stage.sim.place_order(
        uid,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Limit",
        qty=quantity,
        price=price,
        reduceOnly=True,
        orderLinkId=f"BOT_TP{level}_BANDUSDT_173780000000{level}_1111",
    )


def _tell(stage: Stage) -> None:
    """A main whose orders are taken over; a mirror whose orders cannot be read."""
    stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "1000", "0.6800")
    _rest(stage, UIDS["main"], 1, "600", "0.6500")
    _rest(stage, UIDS["main"], 2, "400", "0.6300")
    main = stage.reconciler.watch("main", "BANDUSDT", "Sell")
    stage.reconciler.reconcile(main)
    stage.sim.fill(UIDS["main"], stage.order("main", 1).order_id, "100")
    stage.reconciler.reconcile(main)
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.reconciler.reconcile(mirror)
    for level in (1, 2, 3, 4):
        stage.sim.fill(UIDS["mirror"], stage.order("mirror", level).order_id)
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(60_000)
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
    stage.reconciler.reconcile(mirror)
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "614.6", "0.6800")
    unread = Fault(
        kind=FaultKind.SERVER_ERROR, path="order/realtime", uid=UIDS["mirror"], times=None
    )
    stage.sim.inject(unread)
    stage.reconciler.store.swept(
        AccountStatus("mirror", stage.clock.now(), 1, 1, ViewWord.UNREADABLE, "no route")
    )
    stage.reconciler.close()
    with Reconciler(
        stage.url,
        accounts=stage.accounts(),
        sinks=[CallableSink(_refuse)],
        clock=stage.clock,
        randomness=stage.randomness,
        connect=stage.connect,
    ) as reconciler:
        reconciler.reconcile(mirror)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of two accounts after a day with troubles."""
    folder: Path = tmp_path_factory.mktemp("questions")
    with Stage(folder) as stage:
        _tell(stage)
    return folder / "trueup.db"


@pytest.fixture(scope="module")
def database(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asks)
def test_a_question_has_an_answer(database: sqlite3.Connection, question: Question) -> None:
    assert question.sql.strip() + "\n" in blocks(text("database.md"), "sql")
    assert database.execute(question.sql).fetchall() != []


def test_the_examples_in_python_have_answers(file: Path) -> None:
    assert uncovered(str(file), "main") == {"BANDUSDT": Decimal(0)}
    assert uncovered(str(file), "mirror") == {"BANDUSDT": Decimal("614.6")}
    steps = last_run(str(file), "mirror", "BANDUSDT")
    assert steps[0] == "0:00:00: Idle → Validating"
    assert steps[-1].endswith("→ Idle")
    pending = levels_of_alerts(str(file))
    assert {level.level for _, level in pending} == {1, 2, 3, 4}
    assert all(alert.delivered_at is None and level.price > 0 for alert, level in pending)


def test_the_view_s_columns_are_those_of_the_database(database: sqlite3.Connection) -> None:
    for name, columns in view_columns().items():
        there = database.execute(f"SELECT * FROM {name} LIMIT 0").description  # noqa: S608 - the name of a view
        assert tuple(column[0] for column in there) == columns


def test_no_meaning_is_left_without_a_column() -> None:
    columns = {column.name for table in metadata.tables.values() for column in table.columns}
    shown = {column for names in view_columns().values() for column in names}
    assert {name.rpartition(".")[2] for name in MEANINGS} - columns - shown == set()
    with pytest.raises(LookupError, match=r"monitor\.mood"):
        meaning("monitor", "mood")
