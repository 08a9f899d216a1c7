"""The file itself is written at known moments alone, so that another writer of it is noticed."""

from pathlib import Path

import pytest

from trueup.domain.model.errors import StoreError
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.record import Source
from trueup.storage import SqlStore, open_store
from trueup.storage.sqlite import back_up

from ..samples import KEY, watched

SOURCES = (Source.CALLER, Source.CONFIGURED)


def write(store: SqlStore, times: int) -> None:
    """That many commits."""
    record = watched(store)
    for number in range(times):
        store.watch(KEY, record.role, record.follows, None, source=SOURCES[number % 2])


def test_commits_leave_the_file_alone_until_the_log_is_moved(store: SqlStore, path: Path) -> None:
    before = path.stat()
    write(store, 20)
    assert (path.stat().st_mtime_ns, path.stat().st_size) == (before.st_mtime_ns, before.st_size)
    write(store, 500)
    assert path.stat().st_mtime_ns != before.st_mtime_ns
    assert path.with_name("trueup.db-wal").stat().st_size < 4_000_000


def test_a_file_that_is_overwritten_in_place_is_noticed_at_the_next_commit(
    store: SqlStore, path: Path, tmp_path: Path
) -> None:
    write(store, 3)
    other = tmp_path / "other.db"
    open_store(f"sqlite:///{other}").close()
    with path.open("r+b") as file:
        file.truncate()
        file.write(other.read_bytes())
    with pytest.raises(StoreError, match="was overwritten by another program"):
        store.wake(MonitorKey("main", "BANDUSDT", Side.BUY))


def test_a_copy_of_itself_is_another_file_too(store: SqlStore, path: Path, tmp_path: Path) -> None:
    write(store, 3)
    back_up(path, tmp_path / "copy.db")
    path.write_bytes((tmp_path / "copy.db").read_bytes())
    with pytest.raises(StoreError, match="was overwritten by another program"):
        store.wake(KEY)
