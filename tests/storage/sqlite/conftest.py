"""What is of SQLite by its nature: its file, its locks, its log, its older databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.storage.sqlite import SqliteStore


@pytest.fixture
def url(path: Path) -> str:
    """The URL of the test's file."""
    return f"sqlite:///{path}"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """An open, empty store on a file."""
    with SqliteStore(path) as opened:
        yield opened
