"""URLs, settings of the connections, files that cannot be used, closed stores."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from trueup.domain.model.errors import StoreError
from trueup.domain.store import Store
from trueup.storage import SqlStore, open_reader, open_store
from trueup.storage.sqlite import SqliteStore
from trueup.storage.sqlite.access.connections import writing_connection

from ..samples import KEY, alert, watched


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "mysql://trader:hunter2@db/trueup",
            "only sqlite and postgresql URLs are supported, not mysql",
        ),
        ("trueup.db", "name the database by a URL such as sqlite:///trueup.db"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite:///trueup.db?mode=memory", "without options"),
        ("sqlite:////nowhere/at/all/trueup.db", "/nowhere/at/all does not exist: create it first"),
    ],
)
def test_a_url_that_cannot_be_used_says_why(url: str, says: str) -> None:
    for opening in (open_store, open_reader):
        with pytest.raises(StoreError, match=says) as caught:
            opening(url)
        assert "hunter2" not in str(caught.value)


def test_a_relative_url_is_of_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    open_store().close()
    assert (tmp_path / "trueup.db").is_file()


@pytest.mark.parametrize("name", ["with space.db", "50%25 off?#1.db", "ünïcode.db"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    with SqliteStore(tmp_path / name) as store:
        assert store.load(watched(store).key) is not None
    assert (tmp_path / name).is_file()


def test_a_folder_that_takes_no_file_says_so() -> None:
    with pytest.raises(StoreError, match=r"the database /proc/trueup\.db cannot be used"):
        open_store("sqlite:////proc/trueup.db")


def test_a_folder_instead_of_a_file_says_so(path: Path, url: str) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="is a folder: name the database"):
        open_store(url)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write what is read-only")
def test_a_read_only_file_says_so(path: Path, url: str) -> None:
    open_store(url).close()
    path.chmod(0o444)
    with pytest.raises(StoreError, match="readonly database"):
        open_store(url)


def test_readers_need_a_database(url: str, path: Path) -> None:
    with pytest.raises(StoreError, match=r"no database .* yet"):
        open_reader(url)
    assert not path.exists()


def test_a_reader_cannot_write(store: SqlStore, url: str) -> None:
    watched(store)
    with (
        open_reader(url) as reader,
        pytest.raises(StoreError, match="readonly"),
        reader.connection() as connection,
    ):
        connection.execute("DELETE FROM monitor")
    assert len(store.monitors()) == 1


def test_a_commit_is_as_durable_as_sqlite_can(path: Path) -> None:
    with closing(writing_connection(path)) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    full = 2
    assert settings == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


def test_a_closed_store_refuses_everything(url: str, path: Path) -> None:
    store = open_store(url)
    record = watched(store)
    store.close()
    store.close()
    for use in (
        lambda: store.load(KEY),
        lambda: store.wake(KEY),
        lambda: store.wakes(record.id),
        lambda: store.rows("alert_log"),
    ):
        with pytest.raises(StoreError, match="closed"):
            use()
    assert sorted(file.name for file in path.parent.iterdir()) == ["trueup.db", "trueup.db.lock"]


def test_it_is_the_engines_store(store: SqlStore) -> None:
    port: Store = store
    record = watched(store)
    assert port.load(alert().key) == record
