"""A store of the test's own, on both databases; a test of the file is of SQLite alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Server
from trueup.storage import SqlStore, open_store
from trueup.testing.memory_store import MemoryStore


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Has a test run on each database that it can run on."""
    own = (mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and "database" not in own:
        names = ["sqlite"] if "path" in metafunc.fixturenames else ["sqlite", "postgres"]
        names += ["memory"] if "any_store" in metafunc.fixturenames else []
        metafunc.parametrize("database", names)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database is, if it is a file."""
    return tmp_path / "trueup.db"


@pytest.fixture
def url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of the test's database."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'trueup.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An open, empty store."""
    with open_store(url) as opened:
        yield opened


@pytest.fixture
def any_store(database: str, request: pytest.FixtureRequest) -> SqlStore | MemoryStore:
    """An empty store of each kind: they keep one contract."""
    return MemoryStore() if database == "memory" else request.getfixturevalue("store")
