"""``trueup replay`` and ``trueup export``: recorded runs, decided once more."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest
from syrupy.assertion import SnapshotAssertion
from typer.testing import CliRunner, Result

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup.cli.main import app
from trueup.domain.planning.apportion import apportion
from trueup.engine.replay.case import replay_case

MIRROR = UIDS["mirror"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mirror that gets its ladder, and whose entries fill; the third run changes nothing."""
    folder = tmp_path_factory.mktemp("replayed")
    with Stage(folder) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
        stage.reconciler.reconcile(mirror)
        stage.clock.advance(60_000)
        stage.reconciler.reconcile(mirror)
        yield folder / "trueup.db"


def told(database: Path, *args: str) -> Result:
    """Gives a command on the database."""
    return CliRunner().invoke(app, [*args, "--db", f"sqlite:///{database}"])


def another_planner(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planner that gives the last level one step less, and the first one more."""

    def otherwise(steps: int, weights: Mapping[int, int]) -> dict[int, int]:
        parts = apportion(steps, weights)
        first, last = min(parts), max(parts)
        return {**parts, first: parts[first] + 1, last: parts[last] - 1} if first < last else parts

    monkeypatch.setattr("trueup.domain.planning.targets.apportion", otherwise)


@pytest.mark.parametrize(
    ("asked", "count"),
    [(("run-2",), 1), (("--all",), 3), (("--since", "2025-01-25T12:59:30"), 2)],
)
def test_the_same_version_decides_the_same(
    database: Path, asked: tuple[str, ...], count: int
) -> None:
    result = told(database, "replay", *asked)
    assert result.stdout == f"replayed {count}, differing 0\n"
    assert result.exit_code == 0


def test_a_change_of_the_planner_is_shown_as_a_diff(
    database: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    another_planner(monkeypatch)
    result = told(database, "replay", "run-2")
    assert result.exit_code == 1
    assert result.stdout == snapshot


def test_scripts_get_the_same(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_planner(monkeypatch)
    result = told(database, "replay", "--all", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, found["replayed"]) == (1, 3)
    assert [one["run"] for one in found["differing"]] == ["run-1", "run-2", "run-3"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ((), "replay takes the id of a run"),
        (("run-1", "--all"), "replay takes the id of a run"),
        (("run-9",), "no run 'run-9' is on record"),
        (("--since", "yesterday"), "--since 'yesterday' is no time"),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    database: Path, asked: tuple[str, ...], says: str
) -> None:
    result = told(database, "replay", *asked)
    assert result.exit_code == 2
    assert says in result.stderr


def test_an_export_is_a_case_that_names_nobody(database: Path, tmp_path: Path) -> None:
    result = told(database, "export", "run-2")
    assert result.exit_code == 0
    assert '"mirror"' not in result.stdout.replace('"role":"mirror"', "")
    with closing(sqlite3.connect(database)) as client:
        ids = [row[0] for row in client.execute("SELECT order_id FROM order_log")]
    assert ids
    assert not [one for one in ids if one in result.stdout]
    path = tmp_path / "case.json"
    path.write_text(result.stdout, "utf-8")
    case = replay_case(path)
    assert case.differences == ()
    assert "  amend  TP1 MIR_TP1_BANDUSDT_1737809937842_7432  confirmed to 783.6" in case.replayed


def test_a_case_shows_what_a_change_of_the_planner_decides(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.json"
    path.write_text(told(database, "export", "run-2").stdout, "utf-8")
    another_planner(monkeypatch)
    lines = replay_case(path).differences
    assert lines[:2] == ("--- recorded", "+++ replayed")
    assert any(line.startswith("+") and "783.7" in line for line in lines)


def test_a_run_that_this_version_decides_otherwise_is_not_exported(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_planner(monkeypatch)
    result = told(database, "export", "run-2")
    assert result.exit_code == 2
    assert "export it with the version that it ran in" in result.stderr


def tampered(database: Path, copy: Path, change: str) -> None:
    """A copy of the database, with a row changed by hand."""
    with closing(sqlite3.connect(database)) as client, closing(sqlite3.connect(copy)) as other:
        client.backup(other)
    with closing(sqlite3.connect(copy)) as client, client:
        for (name,) in client.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            client.execute(f"DROP TRIGGER {name}")
        client.execute(change)


@pytest.mark.parametrize("inputs", ["x'0100ff'", "x'09'", "substr(inputs, 1, 40)"])
def test_a_record_that_was_changed_by_hand_is_refused_and_found(
    database: Path, tmp_path: Path, inputs: str
) -> None:
    copy = tmp_path / "copy.db"
    tampered(database, copy, f"UPDATE journal SET inputs = {inputs} WHERE run_id = 'run-1'")  # noqa: S608 - our own words
    result = told(copy, "replay", "--all")
    assert result.exit_code not in (0, 1)
    assert "`trueup verify` says whether a row was changed" in result.stderr
    assert told(copy, "export", "run-1").exit_code in (2, 3)
    found = told(copy, "verify")
    assert found.exit_code == 1
    assert "was changed after it was written" in found.stdout


def test_a_run_of_which_nothing_was_recorded_is_refused(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    tampered(database, copy, "UPDATE journal SET inputs = NULL WHERE run_id = 'run-2'")
    result = told(copy, "replay", "run-2")
    assert result.exit_code == 2
    assert "is not on record as a whole" in result.stderr
    assert told(copy, "replay", "--all").stdout == "replayed 2, differing 0\n"


def test_a_bundle_has_what_a_bug_report_needs_and_names_nobody(
    database: Path, tmp_path: Path
) -> None:
    log = tmp_path / "trueup.log"
    log.write_text("mirror BANDUSDT Sell: a line\n", "utf-8")
    path = tmp_path / "report.zip"
    asked = ("export", "run-1", "run-2", "--bundle", str(path), "--log", str(log))
    result = told(database, *asked)
    assert result.exit_code == 0
    with ZipFile(path) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert sorted(texts) == [
        "log.txt",
        "runs/run-1.json",
        "runs/run-2.json",
        "starts.json",
        "versions.json",
    ]
    assert texts["log.txt"] == "account-1 BANDUSDT Sell: a line\n"
    assert json.loads(texts["versions.json"])["trueup"]
    assert json.loads(texts["starts.json"]) == []
    again = told(database, *asked)
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_a_bundle_has_a_run_that_this_version_decides_otherwise(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_planner(monkeypatch)
    path = tmp_path / "report.zip"
    assert told(database, "export", "run-2", "--bundle", str(path)).exit_code == 0
    with ZipFile(path) as bundle:
        case = tmp_path / "case.json"
        case.write_bytes(bundle.read("runs/run-2.json"))
    assert replay_case(case).differences


def test_several_runs_need_a_bundle(database: Path) -> None:
    result = told(database, "export", "run-1", "run-2")
    assert result.exit_code == 2
    assert "--bundle FILE" in result.stderr
