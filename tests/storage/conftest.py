"""A store on a file of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trueup.storage import SqlStore, open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the test's database is."""
    return tmp_path / "trueup.db"


@pytest.fixture
def url(path: Path) -> str:
    """The URL of the test's database."""
    return f"sqlite:///{path}"


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An open, empty store."""
    with open_store(url) as opened:
        yield opened
