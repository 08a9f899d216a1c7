"""The demo destroys no database but its own last one, and that only while nobody uses it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trueup.cli.main import app
from trueup.storage import open_store


def _demo(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["demo", "--fast", *arguments])


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "trueup.cli.demo.story.play", lambda database, **_: database.write_bytes(b"played")
    )


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_named_file_that_exists_is_refused_and_kept(tmp_path: Path, suffix: str) -> None:
    held = tmp_path / f"trueup.db{suffix}"
    held.write_bytes(b"precious")
    done = _demo("--db", str(tmp_path / "trueup.db"))
    assert done.exit_code == 2
    assert done.stderr == f"trueup: --db: {held} exists already: name a new file\n"
    assert held.read_bytes() == b"precious"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    done = _demo("--db", str(tmp_path))
    assert done.exit_code == 2
    assert done.stderr == f"trueup: --db: {tmp_path} is a folder: name a new file\n"


def test_a_new_file_is_made(tmp_path: Path) -> None:
    assert _demo("--db", str(tmp_path / "new.db")).exit_code == 0
    assert (tmp_path / "new.db").read_bytes() == b"played"


def test_the_last_demo_s_own_database_is_replaced(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"trueup-demo.db{suffix}").write_bytes(b"old")
    assert _demo().exit_code == 0
    assert (tmp_path / "trueup-demo.db").read_bytes() == b"played"
    assert not (tmp_path / "trueup-demo.db-wal").exists()


def test_a_database_in_use_is_never_removed(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'trueup-demo.db'}"):
        before = (tmp_path / "trueup-demo.db").stat().st_ino
        done = _demo()
        assert (done.exit_code, done.stderr.count("\n")) == (3, 1)
        assert "is in use by another trueup" in done.stderr
        assert (tmp_path / "trueup-demo.db").stat().st_ino == before


def test_a_folder_with_the_default_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "trueup-demo.db").mkdir()
    done = _demo()
    assert done.exit_code == 2
    assert "is a folder: name a new file with --db" in done.stderr
