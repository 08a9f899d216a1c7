"""kill -9 under load: what was acknowledged is there, and nothing is there by half."""

import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from trueup.storage import SqlReader, open_reader, open_store

ROOT = Path(__file__).parents[3]
ACKNOWLEDGED = 400


@pytest.fixture
def acknowledged(url: str) -> dict[int, int]:
    """The last version acknowledged of each monitor, by a process that was killed."""
    command = [sys.executable, "-m", "tests.storage.committing", url]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(ACKNOWLEDGED)]
        child.kill()
        lines += child.stdout.readlines()
    last: Counter[int] = Counter()
    for line in lines:
        monitor, version = map(int, line.split())
        last[monitor] = max(last[monitor], version)
    return dict(last)


def assert_whole(reader: SqlReader, acknowledged: dict[int, int]) -> None:
    """That every acknowledged commit is there, each with its one transition."""
    versions = {record.id: record.version for record in reader.monitors()}
    assert sum(acknowledged.values()) >= ACKNOWLEDGED
    assert all(versions[monitor] >= version for monitor, version in acknowledged.items())
    logged = Counter(row["symbol"] for row in reader.rows("transition_log"))
    assert logged == {record.key.symbol: record.version for record in reader.monitors()}


def test_no_acknowledged_commit_is_lost(url: str, acknowledged: dict[int, int]) -> None:
    with open_store(url) as store:
        assert_whole(store, acknowledged)


def test_the_file_is_whole(url: str, path: Path, acknowledged: dict[int, int]) -> None:
    assert acknowledged
    with open_store(url), closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_people_can_read_before_the_engine_is_back(url: str, acknowledged: dict[int, int]) -> None:
    with open_reader(url) as reader:
        assert_whole(reader, acknowledged)
