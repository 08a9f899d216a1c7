"""The page of questions: each command and query answers, from a database that has an answer."""

import re
import shlex
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from docs.writers.ten_questions import ANSWERS, Answer
from tests.docs.pages import blocks, text
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Alert, Ladder, Reconciler
from trueup.adapters.notify import CallableSink
from trueup.cli.main import app
from trueup.domain.reporting.engine_start import EngineStart
from trueup.simulator import Fault, FaultKind

MIRROR = UIDS["mirror"]
QUERIES = [answer for answer in ANSWERS if answer.sql]
COMMANDS = [answer for answer in ANSWERS if answer.command]
SHOWN = {
    "Why did TP2 change?": ("Its story, oldest first", "amend"),
    "What would this version have done?": ("replayed 4, differing 0\n",),
}
"""What each command's answer has in it."""


def _refuse(alert: Alert) -> None:
    raise ConnectionError(f"nobody takes {alert.run_id}")


def _tell(stage: Stage) -> None:
    """A reply is lost, TP1 fills, entries cannot be covered for a minute, the ladder is edited."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    store = stage.reconciler.store
    now = stage.clock.now()
    number = store.engine_started(EngineStart(now, {"trueup": "0.1.0", "pybit": "5.17.0"}, {}))
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create"))
    stage.reconciler.reconcile(mirror)
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    stage.clock.advance(60_000)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    refused = Fault(kind=FaultKind.RET_CODE, path="order/", method="POST", code=110007, times=None)
    stage.sim.inject(refused)
    stage.reconciler.reconcile(mirror)
    stage.sim.clear_faults()
    stage.clock.advance(60_000)
    stage.reconciler.reconcile(mirror)
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", Ladder.of(("0.6528", 90), ("0.6400", 10)))
    store.engine_stopped(number, now + timedelta(hours=1))
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
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after that."""
    folder: Path = tmp_path_factory.mktemp("questions")
    with Stage(folder) as stage:
        _tell(stage)
    return folder / "trueup.db"


def test_there_are_ten() -> None:
    assert len(ANSWERS) == 10
    page = text("questions.md")
    assert [answer.sql.strip() + "\n" for answer in QUERIES] == [
        sql for sql in blocks(page, "sql") if sql
    ]


@pytest.mark.parametrize("answer", QUERIES, ids=lambda answer: answer.asks)
def test_a_query_has_an_answer(database: Path, answer: Answer) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        assert connection.execute(answer.sql).fetchall() != []


@pytest.mark.parametrize("answer", COMMANDS, ids=lambda answer: answer.asks)
def test_a_command_has_an_answer(database: Path, answer: Answer) -> None:
    assert answer.command + "\n" in blocks(text("questions.md"), "sh")
    _, *args = shlex.split(answer.command)
    shown = CliRunner().invoke(app, [*args, "--db", f"sqlite:///{database}"])
    assert shown.exit_code == 0
    assert [one for one in SHOWN[answer.asks] if one not in shown.stdout] == []


def test_the_answers_are_those_of_the_story(database: Path) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = {one.asks: connection.execute(one.sql).fetchall() for one in QUERIES}
    assert [row[4] for row in found["What was sent twice?"]] == [2, 2, 2, 2]
    assert [row[1:4] for row in found["When did TP1 fill, and at what price?"]] == [
        ("261.2", "0.6528", "0.6528")
    ]
    _, who, _, after, run = found["Who changed the ladder, and to what?"][-1]
    assert (who, after) == ("given", "90 % at 0.6528, 10 % at 0.64")
    shown = CliRunner().invoke(app, ["explain", str(run), "--db", f"sqlite:///{database}"])
    assert re.search(r"^  watched by +a program$", shown.stdout, re.MULTILINE)
    ((quantity, seconds),) = {
        (row[3], row[6]) for row in found["What was uncovered, and for how long?"]
    }
    assert (quantity, seconds) == ("614.6", 60.0)
    assert found["When did the engine run, and in which version?"][0][2] == "0.1.0"
