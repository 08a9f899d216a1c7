"""``trueup explain``: a run and a level on one page, from a database that is only read."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.cli.audit.asking import told
from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Ladder, Stop
from trueup.domain.stopping.control import Control, ControlKind, Scope

BASELINE = Path(__file__).parents[2] / "storage" / "sqlite" / "baseline.sql"
MIRROR = UIDS["mirror"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mirror whose orders somebody cancels while entries fill; then its ladder is edited."""
    folder = tmp_path_factory.mktemp("explained")
    with Stage(folder) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.before(
            "amend",
            lambda: stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", 2).order_id),
        )
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.sim.fill(MIRROR, stage.order("mirror", 2).order_id)
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        shorter = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
        stage.reconciler.watch("mirror", "BANDUSDT", "Sell", shorter)
        stop = Control(ControlKind.PAUSE, Scope("main"), stage.clock.now(), "ann@host", "lunch")
        stage.reconciler.store.control(stop)
        stage.reconciler.reconcile(mirror)
        yield folder / "trueup.db"


def test_a_run_is_explained_on_one_page(database: Path, snapshot: SnapshotAssertion) -> None:
    result = told(database, "explain", "run-2")
    assert result.exit_code == 0
    assert result.stdout == snapshot


def test_a_level_is_explained_by_its_story(database: Path, snapshot: SnapshotAssertion) -> None:
    result = told(database, "explain", "mirror", "BANDUSDT", "sell", "tp2")
    assert result.exit_code == 0
    assert result.stdout == snapshot


def test_a_level_s_last_writes_are_enough_where_few_are_asked_for(database: Path) -> None:
    story = json.loads(
        told(database, "explain", "mirror", "BANDUSDT", "Sell", "TP1", "-n", "1", "--json").stdout
    )["its story, oldest first"]["rows"]
    assert [row["run"] for row in story if row["what"].startswith("amend")] == ["run-2"]


@pytest.mark.parametrize(
    ("at", "run"),
    [
        ("2025-01-25T12:59", "run run-1"),
        ("2025-01-25T12:59:57.842", "run run-2"),
        ("2025-01-25T13:59:57.842+01:00", "run run-2"),
        ("2030-01-01", "run run-4"),
    ],
)
def test_a_run_is_found_by_its_time(database: Path, at: str, run: str) -> None:
    result = told(database, "explain", "mirror", "BANDUSDT", "Sell", "--at", at)
    assert result.stdout.splitlines()[0] == run


def test_scripts_read_what_people_read(database: Path) -> None:
    page = told(database, "explain", "run-2").stdout
    document = json.loads(told(database, "explain", "run-2", "--json").stdout)
    assert document["outcome"] == "SUCCESS"
    writes = document["what it did, and why"]["rows"]
    assert [write["write"] for write in writes][-1] == "place TP2"
    assert all(write["why"] in page and write["outcome"] in page for write in writes)
    assert document["what it saw"]["lines"] == [
        "the position is 921.9: it was 307.3 when last read before",
        "read at 12:59:57.842: entry price 0.68, mark price 0.7",
    ]
    orders = document["which orders it saw"]["rows"]
    assert [(one["level"], one["quantity"]) for one in orders] == [
        ("TP1", "261.2"),
        ("TP2", "15.4"),
        ("TP3", "15.4"),
        ("TP4", "15.3"),
    ]


def test_each_write_names_its_position(tmp_path: Path) -> None:
    """Account, symbol and side; and which one it was, where the monitor has had several."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        stop = Stop.of(percent=5)
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER, stop=stop)
        for _ in range(2):
            stage.reconciler.reconcile(mirror)
            stage.clock.advance(60_000)
        stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", 0)
        for _ in range(2):
            stage.reconciler.reconcile(mirror)
            stage.clock.advance(60_000)
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
        run = stage.reconciler.reconcile(mirror).run_id
    name, path = "mirror BANDUSDT Sell", tmp_path / "trueup.db"
    asked = {
        "of a run": [run],
        "of a level": ["mirror", "BANDUSDT", "Sell", "TP1"],
        "of the stop": ["mirror", "BANDUSDT", "Sell", "SL"],
    }
    shown = {
        what: json.loads(told(path, "explain", *words, "--json").stdout)
        for what, words in asked.items()
    }
    of_run = shown["of a run"]
    orders = [row["position"] for row in of_run["what it did, and why"]["rows"]]
    assert orders == [f"{name}, number 2"] * 4
    stops = [row["position"] for row in of_run["what it did about the stop"]["rows"]]
    assert stops == [f"{name}, number 2"]
    answers = of_run["what the exchange answered"]["rows"]
    assert {row["position"] for row in answers if row["order"] != "–"} == {f"{name}, number 2"}
    for what in ("of a level", "of the stop"):
        story = shown[what]["its story, oldest first"]["rows"]
        writes = [row["position"] for row in story if row["outcome"] == "confirmed"]
        assert (writes[0], writes[-1]) == (f"{name}, number 1", f"{name}, number 2"), what
        assert all(row["position"].startswith(name) for row in story)
    page = told(path, "explain", *asked["of a level"]).stdout
    assert re.search(rf"{name}, number 1 +place 0 → 261.2", page)
    assert re.search(rf"{name}, number 2 +place 0 → 522.4", page)


@pytest.mark.parametrize(
    ("args", "error"),
    [
        (["run-9"], "no run 'run-9' is on record: alerts, the log and `trueup history` show"),
        (["run"], "several runs start with 'run', such as run-1 and run-2: give more of the id"),
        (["mirror", "BANDUSDT", "Sell"], "explain takes the id of a run; or an account"),
        (["mirror", "BANDUSDT", "up", "TP1"], "a side is Buy or Sell, not 'Up'"),
        (["mirror", "XRPUSDT", "Buy", "TP1"], "there is no monitor mirror XRPUSDT Buy: on record"),
        (
            ["mirror", "BANDUSDT", "Sell", "TP9"],
            "has no TP9 on record: its levels are TP1, TP2, TP3",
        ),
        (["mirror", "BANDUSDT", "Sell", "two"], "'two' is no level: give its number, such as TP2"),
        (["mirror", "BANDUSDT", "Sell", "--at", "noon"], "--at 'noon' is no time: give it as 2026"),
        (["mirror", "BANDUSDT", "Sell", "--at", "2020-01-01"], "had no run until 2020-01-01T00:00"),
    ],
)
def test_a_mistake_says_what_to_do(database: Path, args: list[str], error: str) -> None:
    result = told(database, "explain", *args)
    assert result.exit_code == 2
    assert error in result.stderr


def test_a_database_of_an_older_trueup_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as client:
        client.executescript(BASELINE.read_text("utf-8"))
        (run,) = client.execute("SELECT run_id FROM transition ORDER BY id LIMIT 1").fetchone()
    before = path.read_bytes()
    result = told(path, "explain", run)
    assert result.stdout.splitlines()[0] == f"run {run}"
    assert re.search(r"Idle ──wake──▶ Validating", result.stdout)
    assert path.read_bytes() == before


def test_two_runs_that_did_the_same_do_not_differ(database: Path) -> None:
    result = told(database, "diff", "run-2", "run-2")
    assert (result.exit_code, result.stdout) == (0, "run-2 and run-2 did the same\n")


def test_what_two_runs_did_differently_is_shown(
    database: Path, snapshot: SnapshotAssertion
) -> None:
    result = told(database, "diff", "run-1", "run-2")
    assert result.exit_code == 1
    work, _, alert = result.stdout.partition("\nalert\n")
    assert work == snapshot
    assert "  - • Position Size: 307.3\n  + • Position Size: 921.9\n" in alert
    document = json.loads(told(database, "diff", "run-1", "run-2", "--json").stdout)
    assert (document["first"], document["second"]) == ("run-1", "run-2")
    assert "\n".join(document["differences"]) in result.stdout
