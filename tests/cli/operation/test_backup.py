"""``trueup backup``, and reading a database where nobody may write."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import pytest

from ..desk import Desk
from .test_control import runs

NOBODY = 65534


def test_a_copy_is_made_while_the_engine_runs(desk: Desk, tmp_path: Path) -> None:
    process = desk.process("run", "--json")
    assert len(list(islice(runs(process), 2))) == 2
    copy = tmp_path / "copy.db"
    made = desk.json("backup", str(copy))
    again = desk("backup", str(copy))
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert made["bytes"] == copy.stat().st_size
    assert (again.exit_code, "is there already" in again.stderr) == (2, True)
    shown = desk.bare("status", "--db", f"sqlite:///{copy}").stdout
    assert "1000" in shown


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may enter."""
    made = Path(tempfile.mkdtemp(prefix="trueup-test-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder may not be written, not even by root, who becomes nobody for that."""
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_database_at_rest_is_shown_in_a_folder_that_may_not_be_written(
    desk: Desk, folder: Path
) -> None:
    desk.json("run", "--once")
    shutil.copy(desk.database, folder / "trueup.db")
    url = f"sqlite:///{folder / 'trueup.db'}"
    there = desk.bare("status", "--db", url).stdout
    for left in folder.glob("trueup.db-*"):
        left.unlink()
    with read_only(folder):
        shown = desk.bare("status", "--db", url)
    assert (shown.exit_code, shown.stdout) == (0, there)
    assert [each.name for each in folder.iterdir()] == ["trueup.db"]


def test_a_log_that_cannot_be_read_there_is_named_with_what_to_do(desk: Desk, folder: Path) -> None:
    process = desk.process("run", "--json")
    assert len(list(islice(runs(process), 2))) == 2
    process.kill()
    process.communicate()
    for name in ("trueup.db", "trueup.db-wal"):
        shutil.copy(desk.database.with_name(name), folder / name)
    url = f"sqlite:///{folder / 'trueup.db'}"
    desk("status")
    with read_only(folder):
        shown = desk.bare("status", "--db", url)
    assert shown.exit_code == 3
    assert "its log trueup.db-wal holds what is not in the file yet: copy both" in shown.stderr
