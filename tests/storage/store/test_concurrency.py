"""Many threads on one store, and two stores on one file."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trueup.domain.model.errors import Fenced, StoreLocked
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.store import Step
from trueup.storage import SqlStore, open_reader, open_store

from ..samples import KEY, transition, watched

COMMITS = 20


def test_threads_commit_on_many_monitors(store: SqlStore) -> None:
    def work(number: int) -> int:
        record = watched(store, MonitorKey("mirror", f"COIN{number}USDT", Side.SELL))
        for _ in range(COMMITS):
            store.wake(record.key)
            record = store.commit(Step(record, transitions=(transition(),)))
            assert (store.load(record.key) or record).version == record.version
        return record.id

    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(work, range(32)))
    assert len(set(ids)) == 32
    assert {record.version for record in store.monitors()} == {COMMITS}
    assert {record.wakes for record in store.monitors()} == {COMMITS}
    assert len(store.rows("transition_log")) == 32 * COMMITS


def test_of_commits_from_one_version_one_wins(store: SqlStore) -> None:
    record = watched(store)

    def work(number: int) -> bool:
        try:
            store.commit(Step(record, transitions=(transition(f"r{number}"),)))
        except Fenced:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(work, range(24)))
    assert won.count(True) == 1
    assert [row["run_id"] for row in store.rows("transition_log")] == [f"r{won.index(True)}"]


def test_threads_that_watch_one_key_make_one_monitor(store: SqlStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        records = list(pool.map(lambda _: watched(store), range(24)))
    assert set(records) == {records[0]}
    assert store.monitors() == (records[0],)


def test_a_second_store_on_the_file_is_refused(store: SqlStore, url: str) -> None:
    with pytest.raises(
        StoreLocked, match=r"in use by another trueup \(process \d+[^)]*\): stop it"
    ):
        open_store(url)
    assert store.load(KEY) is None


def test_a_store_by_another_name_of_the_file_is_refused(
    store: SqlStore, path: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(path)
    with pytest.raises(StoreLocked):
        open_store(f"sqlite:///{link}")
    assert store.monitors() == ()


def test_a_store_of_another_process_is_refused(store: SqlStore, url: str) -> None:
    code = f"from trueup.storage import open_store; open_store({url!r})"
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    assert "StoreLocked" in done.stderr
    assert store.monitors() == ()


def test_a_closed_store_gives_the_file_free(url: str) -> None:
    with open_store(url) as first:
        record = watched(first)
    with open_store(url) as second:
        assert second.load(KEY) == record


def test_a_reader_reads_while_the_store_writes(store: SqlStore, url: str) -> None:
    record = watched(store)
    with open_reader(url) as reader:
        assert reader.load(KEY) == record
        record = store.commit(Step(record, transitions=(transition(),)))
        assert reader.load(KEY) == record
        assert reader.rows("transition_log") == store.rows("transition_log")
