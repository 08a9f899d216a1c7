"""The marker ``trueup_case``: an exported run, replayed by the present code, in a bot's test."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from tests.testing.running import failed, passed
from trueup import Ladder
from trueup.cli.main import app
from trueup.testing import Stage

OpenStage = Callable[..., Stage]
TEST = """
    import pytest
    from trueup.testing import assert_transcript


    @pytest.mark.trueup_case("cases/entry.json")
    def test_the_entry(trueup_case):
        assert_transcript(trueup_case.replayed, trueup_case.recorded)
        assert trueup_case.differences == ()
"""


def case(folder: Path, open_stage: OpenStage) -> Path:
    """The case of a run, where a bot's test looks for it."""
    stage = open_stage(Ladder.of(("0.7200", 85), ("0.7400", 15)))
    stage.enter("100")
    run_id = stage.run().run_id
    (database,) = folder.rglob("trueup.db")
    path = folder / "cases" / "entry.json"
    path.parent.mkdir()
    done = CliRunner().invoke(app, ["export", run_id, "--db", f"sqlite:///{database}"])
    assert done.exit_code == 0, done.output
    path.write_text(done.stdout, "utf-8")
    return path


def test_a_case_is_replayed_by_the_present_code(tmp_path: Path, open_stage: OpenStage) -> None:
    case(tmp_path, open_stage)
    assert "1 passed" in passed(tmp_path, TEST)


def test_a_run_that_decides_otherwise_shows_the_difference(
    tmp_path: Path, open_stage: OpenStage
) -> None:
    path = case(tmp_path, open_stage)
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("Placing new TP1 order: Sell 85", "Placing new TP1 order: Sell 80", 1)
    )
    printed = failed(tmp_path, TEST)
    assert "where the difference is meant, pin it with trueup export" in printed
    assert "Placing new TP1 order: Sell 80 @ 0.72\nE       +" in printed
    assert "📤 Placing new TP1 order: Sell 85 @ 0.72" in printed


def test_a_case_that_is_not_there_is_named(tmp_path: Path) -> None:
    printed = failed(tmp_path, TEST)
    assert f"there is no {tmp_path}/cases/entry.json: write it with trueup export" in printed


def test_a_file_that_is_no_case_is_named(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "entry.json").write_text("{}", "utf-8")
    assert "entry.json is no case: `trueup export RUN` writes one" in failed(tmp_path, TEST)


def test_a_marked_test_without_the_argument_fails(tmp_path: Path) -> None:
    printed = failed(tmp_path, TEST.replace("(trueup_case):", "():"))
    assert "test_the_entry replays no case: give the test the argument trueup_case" in printed


def test_the_argument_without_the_marker_fails(tmp_path: Path) -> None:
    printed = failed(tmp_path, TEST.replace('@pytest.mark.trueup_case("cases/entry.json")', ""))
    assert 'name the case: @pytest.mark.trueup_case("case.json")' in printed


def test_the_marker_has_a_help_text(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "--markers", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert "@pytest.mark.trueup_case(path): the fixture trueup_case is a run that" in done.stdout
