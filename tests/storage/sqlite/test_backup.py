"""A backup is of one moment, whole, and opens as a database."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from trueup.domain.model.errors import ConfigurationError, StoreError
from trueup.domain.model.record import Source
from trueup.storage import SqlStore, open_reader, open_store
from trueup.storage.sqlite import back_up

from ..samples import KEY, watched


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where the copy goes."""
    return tmp_path / "copy.db"


def test_a_copy_has_what_is_in_the_log_alone(store: SqlStore, path: Path, copy: Path) -> None:
    record = watched(store)
    plain = copy.with_name("plain.db")
    shutil.copy(path, plain)
    back_up(path, copy)
    with open_store(f"sqlite:///{copy}") as opened:
        assert opened.load(KEY) == record
    with open_reader(f"sqlite:///{plain}") as lost:
        assert lost.load(KEY) is None


def test_a_copy_is_one_file_and_leaves_no_other(store: SqlStore, path: Path, copy: Path) -> None:
    watched(store)
    back_up(path, copy)
    assert sorted(each.name for each in copy.parent.glob("copy*")) == ["copy.db"]
    with closing(sqlite3.connect(copy)) as client:
        assert client.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_copy_is_of_one_moment_while_the_engine_writes(
    store: SqlStore, path: Path, tmp_path: Path
) -> None:
    record, ended, began = watched(store), Event(), Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            source = (Source.CALLER, Source.CONFIGURED)[number % 2]
            store.watch(KEY, record.role, record.follows, None, source=source)
            number += 1
            began.set()

    writer = Thread(target=write)
    writer.start()
    assert began.wait(10)
    for number in range(10):
        back_up(path, tmp_path / f"copy-{number}.db")
    ended.set()
    writer.join()
    versions = []
    for number in range(10):
        with open_store(f"sqlite:///{tmp_path / f'copy-{number}.db'}") as opened:
            found = opened.load(KEY)
            assert found is not None
            versions.append(found.version)
    assert versions == sorted(versions)
    assert versions[-1] > versions[0]


def test_nothing_is_overwritten(store: SqlStore, path: Path, copy: Path) -> None:
    assert store.monitors() == ()
    copy.write_text("mine")
    with pytest.raises(ConfigurationError, match="give each copy a name of its own"):
        back_up(path, copy)
    with pytest.raises(ConfigurationError, match="is there already"):
        back_up(path, path)
    with pytest.raises(ConfigurationError, match="there is no folder"):
        back_up(path, copy.parent / "nowhere" / "copy.db")
    assert copy.read_text() == "mine"


def test_a_damaged_database_leaves_no_copy(url: str, path: Path, copy: Path) -> None:
    with open_store(url) as store:
        watched(store)
    content = bytearray(path.read_bytes())
    content[3 * 4096 : 5 * 4096] = b"\7" * (2 * 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        back_up(path, copy)
    assert list(copy.parent.glob("copy*")) == []
