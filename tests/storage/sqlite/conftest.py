"""What is of SQLite by its nature: its file, its locks, its log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.storage.sqlite import SqliteStore


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """An open, empty store on a file."""
    with SqliteStore(path) as opened:
        yield opened
